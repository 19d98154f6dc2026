// The same in an ES module, which is itself evaluated within a promise.
import process from "node:process";

Promise.resolve().then(() => console.log("Promise."));
process.nextTick(() => console.log("Tick."));
