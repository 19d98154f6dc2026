// A request that the event loop does itself: while it waits for the answer, others run.
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

async function load() {
  console.log("Load starting.");
  const response = await fetch("https://api.example.com/page");
  await response.json();
  console.log("Load done.");
}

async function quickTask() {
  console.log("Quick task starting.");
  await sleep(0.2);
  console.log("Quick task done.");
}

Promise.all([load(), quickTask()]);
