// To the listener that is told of an error which a timer throws.
const { AsyncLocalStorage } = require("async_hooks");

const storage = new AsyncLocalStorage();
const tell = () => console.log(storage.getStore() === "set" ? "Context kept." : "Context lost.");

process.on("uncaughtException", tell);
storage.run("set", () => {
  setTimeout(() => {
    throw new Error("uncaught");
  }, 1);
});
