// An async function runs as soon as it is called: all are begun before the first is awaited.
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

async function step(number) {
  console.log(`Step ${number} starting.`);
  await sleep(0.5);
  console.log(`Step ${number} done.`);
}

async function main() {
  const steps = [1, 2, 3].map((number) => step(number));
  for (const each of steps) {
    await each;
  }
}

main();
