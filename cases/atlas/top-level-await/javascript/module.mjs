// At the top level of a module.
console.log("Before.");
await new Promise(() => {});
