// From the callback of a read, which stays busy until the timer is due: the check phase still comes next.
const { readFile } = require("fs");

readFile(__filename, () => {
  setTimeout(() => console.log("Timer."), 0);
  setImmediate(() => console.log("Immediate."));
  const end = Date.now() + 20;
  while (Date.now() < end);
});
