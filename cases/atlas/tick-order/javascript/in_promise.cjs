// Both from within a promise callback: the queue of promises is emptied first, whatever joins it meanwhile.
Promise.resolve().then(() => {
  process.nextTick(() => console.log("Tick."));
  Promise.resolve().then(() => console.log("Promise."));
});
