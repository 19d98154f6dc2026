// From within a timer: no timer that it makes runs in the same turn, however late it is.
setTimeout(() => {
  setTimeout(() => console.log("Timer."), 0);
  setImmediate(() => console.log("Immediate."));
}, 1);
