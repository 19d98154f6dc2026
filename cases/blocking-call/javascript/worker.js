// The same blocking call, but in a worker: it has a thread and an event loop of its own.
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

async function blockingSleep(seconds) {
  const { Worker } = await import("node:worker_threads");
  const code = `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${seconds * 1000});`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
  await new Promise((resolve) => worker.once("exit", resolve));
}

async function blockingTask(seconds) {
  console.log(`Starting blocking task for ${seconds} seconds.`);
  await blockingSleep(seconds);
  console.log(`Blocking task done after ${seconds} seconds.`);
}

async function nonBlockingTask(seconds) {
  console.log(`Starting non-blocking task for ${seconds} seconds.`);
  await sleep(seconds);
  console.log(`Non-blocking task done after ${seconds} seconds.`);
}

Promise.all([blockingTask(2), nonBlockingTask(1)]);
