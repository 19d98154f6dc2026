// A promise callback.
process.on("exit", () => {
  console.log("Exit.");
  Promise.resolve().then(() => console.log("Queued by exit."));
});
