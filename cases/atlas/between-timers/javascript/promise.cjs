// A promise that the first timer settles.
setTimeout(() => {
  console.log("Timer one.");
  Promise.resolve().then(() => console.log("Queued by one."));
}, 5);
setTimeout(() => console.log("Timer two."), 5);

const end = Date.now() + 20;
while (Date.now() < end);
