// A tick: Node queues none once the process is ending.
process.on("exit", () => {
  console.log("Exit.");
  process.nextTick(() => console.log("Queued by exit."));
});
