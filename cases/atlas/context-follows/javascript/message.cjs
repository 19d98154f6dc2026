// To the listener of a message channel.
const { AsyncLocalStorage } = require("async_hooks");

const storage = new AsyncLocalStorage();
const tell = () => console.log(storage.getStore() === "set" ? "Context kept." : "Context lost.");

const { port1, port2 } = new MessageChannel();
storage.run("set", () => {
  port2.onmessage = () => {
    tell();
    port1.close();
  };
});
port1.postMessage(1);
