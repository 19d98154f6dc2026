// From the main script, which stays busy until the timer is due beyond doubt.
setImmediate(() => console.log("Immediate."));
setTimeout(() => console.log("Timer."), 0);

const end = Date.now() + 20;
while (Date.now() < end);
