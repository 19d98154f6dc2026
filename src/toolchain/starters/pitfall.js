// Awaits each task before it starts the next.
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function task(number) {
  console.log(`Task ${number} starts.`);
  await sleep(400);
  console.log(`Task ${number} is done.`);
}

async function main() {
  await task(1);
  await task(2);
}

main();
