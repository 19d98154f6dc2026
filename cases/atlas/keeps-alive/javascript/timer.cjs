// A timer.
setTimeout(() => console.log("Work is done."), 100);
console.log("Main is done.");
