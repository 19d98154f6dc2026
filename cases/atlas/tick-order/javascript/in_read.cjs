// Both from within the callback of a read.
const { readFile } = require("fs");

readFile(__filename, () => {
  Promise.resolve().then(() => console.log("Promise."));
  process.nextTick(() => console.log("Tick."));
});
