// The main script throws, and a tick waits.
process.on("uncaughtException", () => console.log("Handler runs."));

process.nextTick(() => console.log("The rest runs."));
throw new Error("uncaught");
