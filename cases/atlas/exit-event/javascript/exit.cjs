// The program ends itself.
console.log("Begun.");
process.on("exit", (code) => console.log(`Exit ${code}.`));
process.exit(1);
