// Each await waits for one step before the next is even begun.
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

async function step(number) {
  console.log(`Step ${number} starting.`);
  await sleep(0.5);
  console.log(`Step ${number} done.`);
}

async function main() {
  for (const number of [1, 2, 3]) {
    await step(number);
  }
}

main();
