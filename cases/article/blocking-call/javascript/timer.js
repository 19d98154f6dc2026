// A timer gives the event loop back: both tasks make progress.
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

async function blockingTask(seconds) {
  console.log(`Starting blocking task for ${seconds} seconds.`);
  await sleep(seconds); // suspends this function alone
  console.log(`Blocking task done after ${seconds} seconds.`);
}

async function nonBlockingTask(seconds) {
  console.log(`Starting non-blocking task for ${seconds} seconds.`);
  await sleep(seconds);
  console.log(`Non-blocking task done after ${seconds} seconds.`);
}

Promise.all([blockingTask(2), nonBlockingTask(1)]);
