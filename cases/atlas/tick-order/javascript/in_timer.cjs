// Both from within a timer.
setTimeout(() => {
  Promise.resolve().then(() => console.log("Promise."));
  process.nextTick(() => console.log("Tick."));
}, 1);
