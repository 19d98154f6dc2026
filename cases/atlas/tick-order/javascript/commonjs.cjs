// The main script of CommonJS: its ticks run before the promises that it settled first.
Promise.resolve().then(() => console.log("Promise."));
process.nextTick(() => console.log("Tick."));
