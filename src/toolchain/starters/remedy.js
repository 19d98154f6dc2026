// Starts both tasks, then awaits them.
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function task(number) {
  console.log(`Task ${number} starts.`);
  await sleep(400);
  console.log(`Task ${number} is done.`);
}

async function main() {
  await Promise.all([task(1), task(2)]);
}

main();
