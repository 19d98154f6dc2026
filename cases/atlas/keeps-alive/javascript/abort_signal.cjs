// A signal that aborts after a while, and that somebody listens to.
AbortSignal.timeout(100).addEventListener("abort", () => console.log("Work is done."));
console.log("Main is done.");
