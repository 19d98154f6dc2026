// To the listener that is told of a rejected promise.
const { AsyncLocalStorage } = require("async_hooks");

const storage = new AsyncLocalStorage();
const tell = () => console.log(storage.getStore() === "set" ? "Context kept." : "Context lost.");

process.on("unhandledRejection", tell);
storage.run("set", () => {
  Promise.reject(new Error("unhandled"));
});
