// Promise.all waits for all steps, which run already.
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

async function step(number) {
  console.log(`Step ${number} starting.`);
  await sleep(0.5);
  console.log(`Step ${number} done.`);
}

async function main() {
  await Promise.all([step(1), step(2), step(3)]);
}

main();
