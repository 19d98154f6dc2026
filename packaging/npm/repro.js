#!/usr/bin/env node
// Runs the binary of this platform's package with the same arguments, streams and exit code.
"use strict";

const { spawn } = require("node:child_process");

const platform = `repro-harness-${process.platform}-${process.arch}`;

function binary() {
  try {
    return require.resolve(`${platform}/bin/repro`);
  } catch {
    console.error(
      `repro: the package ${platform} is not installed: either there is no release for this platform, ` +
        "or npm left optional packages out (`npm install --include=optional` brings them)"
    );
    process.exit(3);
  }
}

const child = spawn(binary(), process.argv.slice(2), { stdio: "inherit" });
child.on("error", (error) => {
  console.error(`repro: cannot start the binary of ${platform}: ${error.message}`);
  process.exit(3);
});
// A terminal sends these two to the child as well; it says when it is done.
process.on("SIGINT", () => {});
process.on("SIGHUP", () => {});
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.on("exit", (code, signal) => {
  if (signal === null) {
    process.exit(code);
  }
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
