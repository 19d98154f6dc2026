// Handled by a promise callback: the turn is not over.
console.log("Begun.");
const promise = Promise.reject(new Error("handled in time"));
Promise.resolve()
  .then(() => {})
  .then(() => promise.catch(() => console.log("Caught.")));
setTimeout(() => console.log("The program went on."), 20);
