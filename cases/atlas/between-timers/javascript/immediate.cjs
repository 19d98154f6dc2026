// An immediate that the first timer makes.
setTimeout(() => {
  console.log("Timer one.");
  setImmediate(() => console.log("Queued by one."));
}, 5);
setTimeout(() => console.log("Timer two."), 5);

const end = Date.now() + 20;
while (Date.now() < end);
