// It rejects a promise, and nobody handles that.
const { Worker, isMainThread } = require("worker_threads");

if (isMainThread) {
  const worker = new Worker(__filename);
  worker.on("error", () => console.log("Error."));
  worker.on("exit", (code) => console.log(`Exit ${code}.`));
} else {
  setTimeout(() => {}, 50);
  Promise.reject(new Error("unhandled"));
}
