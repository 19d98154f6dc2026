// The same blocking call, but in a worker: it has a thread and an event loop of its own.
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

const blockWhenAsked = `
  import { parentPort } from "node:worker_threads";
  parentPort.once("message", (seconds) => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
  });`;

async function blockingTask(worker, seconds) {
  console.log(`Starting blocking task for ${seconds} seconds.`);
  worker.postMessage(seconds);
  await new Promise((resolve) => worker.once("exit", resolve));
  console.log(`Blocking task done after ${seconds} seconds.`);
}

async function nonBlockingTask(seconds) {
  console.log(`Starting non-blocking task for ${seconds} seconds.`);
  await sleep(seconds);
  console.log(`Non-blocking task done after ${seconds} seconds.`);
}

async function main() {
  const { Worker } = await import("node:worker_threads");
  const code = `data:text/javascript,${encodeURIComponent(blockWhenAsked)}`;
  const worker = new Worker(new URL(code));
  await new Promise((resolve) => worker.once("online", resolve));
  await Promise.all([blockingTask(worker, 2), nonBlockingTask(1)]);
}

main();
