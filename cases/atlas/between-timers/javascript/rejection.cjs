// A promise that the first timer rejects and nobody handles: when the process is told.
process.on("unhandledRejection", () => console.log("Queued by one."));
setTimeout(() => {
  console.log("Timer one.");
  Promise.reject(new Error("unhandled"));
}, 5);
setTimeout(() => console.log("Timer two."), 5);

const end = Date.now() + 20;
while (Date.now() < end);
