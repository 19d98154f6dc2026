// Nobody handles the promise.
console.log("Begun.");
process.on("exit", (code) => console.log(`Exit ${code}.`));
Promise.reject(new Error("unhandled"));
