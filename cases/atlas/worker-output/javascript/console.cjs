// By `console`.
const { writeSync } = require("fs");
const { Worker, isMainThread, workerData } = require("worker_threads");

if (isMainThread) {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  new Worker(__filename, { workerData: flag });
  Atomics.wait(flag, 0, 0);
  writeSync(1, "Main wakes.\n");
} else {
  console.log("Worker prints.");
  // Long enough for another thread to print it.
  Atomics.wait(workerData, 0, 0, 50);
  Atomics.store(workerData, 0, 1);
  Atomics.notify(workerData, 0);
}
