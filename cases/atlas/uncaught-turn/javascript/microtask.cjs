// One of two microtasks throws.
process.on("uncaughtException", () => console.log("Handler runs."));

queueMicrotask(() => {
  throw new Error("uncaught");
});
queueMicrotask(() => console.log("The rest runs."));
