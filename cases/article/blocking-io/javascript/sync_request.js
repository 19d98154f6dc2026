// A synchronous request, made as libraries make it: by a process of its own that is waited for.
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

function getSync(childProcess, url) {
  const code = `fetch("${url}").then((answer) => answer.text()).then((text) => console.log(text))`;
  return childProcess.execFileSync(process.execPath, ["-e", code]);
}

async function load(childProcess) {
  console.log("Load starting.");
  getSync(childProcess, `${process.env.REPRO_STAND_IN}/page`); // blocking call
  console.log("Load done.");
}

async function quickTask() {
  console.log("Quick task starting.");
  await sleep(0.2);
  console.log("Quick task done.");
}

import("node:child_process").then((childProcess) => Promise.all([load(childProcess), quickTask()]));
