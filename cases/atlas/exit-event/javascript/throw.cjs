// A timer throws.
console.log("Begun.");
process.on("exit", (code) => console.log(`Exit ${code}.`));
setTimeout(() => {
  throw new Error("uncaught");
}, 1);
