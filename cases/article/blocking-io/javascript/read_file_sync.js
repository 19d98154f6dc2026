// A slow file, read synchronously, holds the event loop until its data is there.
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

async function load(fs) {
  console.log("Load starting.");
  fs.readFileSync("slow"); // blocking call
  console.log("Load done.");
}

async function quickTask() {
  console.log("Quick task starting.");
  await sleep(0.2);
  console.log("Quick task done.");
}

async function main() {
  const { execFileSync, spawn } = await import("node:child_process");
  const fs = await import("node:fs");
  // Somebody else writes the file, which takes a while.
  execFileSync("mkfifo", ["slow"]);
  spawn("sh", ["-c", "sleep 0.8; echo x > slow"]);
  await Promise.all([load(fs), quickTask()]);
}

main();
