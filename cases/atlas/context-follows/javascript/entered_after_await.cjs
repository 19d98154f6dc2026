// Out of an async function that entered the context after an await, to its caller.
const { AsyncLocalStorage } = require("async_hooks");

const storage = new AsyncLocalStorage();
const tell = () => console.log(storage.getStore() === "set" ? "Context kept." : "Context lost.");

async function enter() {
  await null;
  storage.enterWith("set");
}

(async () => {
  await enter();
  tell();
})();
