// Nothing is scarce: Promise.all waits for as many timers at once as there are.
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

async function performTask(id, seconds) {
  console.log(`Task ${id} starting.`);
  await sleep(seconds);
  console.log(`Task ${id} completed.`);
}

Promise.all([0, 1, 2, 3].map((id) => performTask(id, 1)));
