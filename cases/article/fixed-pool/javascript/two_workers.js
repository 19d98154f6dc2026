// Two loops share one queue of four tasks: each begins the next task when it has done one.
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

async function performTask(id, seconds) {
  console.log(`Task ${id} starting.`);
  await sleep(seconds);
  console.log(`Task ${id} completed.`);
}

const queue = [0, 1, 2, 3];

async function work() {
  while (queue.length > 0) {
    await performTask(queue.shift(), 1);
  }
}

Promise.all([work(), work()]);
