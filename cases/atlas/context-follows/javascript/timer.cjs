// Into a timer.
const { AsyncLocalStorage } = require("async_hooks");

const storage = new AsyncLocalStorage();
const tell = () => console.log(storage.getStore() === "set" ? "Context kept." : "Context lost.");

storage.run("set", () => setTimeout(tell, 1));
