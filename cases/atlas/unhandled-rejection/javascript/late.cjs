// Handled one turn of the loop too late.
console.log("Begun.");
const promise = Promise.reject(new Error("handled late"));
setImmediate(() => promise.catch(() => console.log("Caught.")));
setTimeout(() => console.log("The program went on."), 20);
