// In an async function, which is no module: nothing keeps the process, and nobody is told.
async function main() {
  console.log("Before.");
  await new Promise(() => {});
}

main();
