// An async function runs up to its first await.
async function step() {
  console.log("First step.");
}

step();
console.log("Others go on.");
