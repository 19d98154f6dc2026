// A timer that was told not to.
setTimeout(() => console.log("Work is done."), 100).unref();
console.log("Main is done.");
