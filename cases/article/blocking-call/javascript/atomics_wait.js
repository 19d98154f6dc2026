// A call that blocks the thread blocks the event loop: here a wait, elsewhere a synchronous library.
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

function blockingSleep(seconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
}

async function blockingTask(seconds) {
  console.log(`Starting blocking task for ${seconds} seconds.`);
  blockingSleep(seconds);
  console.log(`Blocking task done after ${seconds} seconds.`);
}

async function nonBlockingTask(seconds) {
  console.log(`Starting non-blocking task for ${seconds} seconds.`);
  await sleep(seconds);
  console.log(`Non-blocking task done after ${seconds} seconds.`);
}

Promise.all([blockingTask(2), nonBlockingTask(1)]);
