// Nobody ever handles it.
console.log("Begun.");
setTimeout(() => console.log("The program went on."), 20);
Promise.reject(new Error("unhandled"));
