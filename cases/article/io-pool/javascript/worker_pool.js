// Node reads files on four threads, unless UV_THREADPOOL_SIZE says otherwise: four slow reads hold them all.
async function main() {
  const { execFileSync } = await import("node:child_process");
  const fs = await import("node:fs");

  // A named pipe is a file whose data comes when somebody writes it.
  function pipe(name) {
    execFileSync("mkfifo", [name]);
    return fs.openSync(name, "r+");
  }

  const names = ["a", "b", "c", "d"];
  const slow = names.map(pipe);
  const quick = pipe("quick");
  fs.writeSync(quick, "x");

  slow.forEach((fd, number) => {
    console.log(`Slow read ${number} starting.`);
    fs.read(fd, Buffer.alloc(1), 0, 1, null, () => console.log(`Slow read ${number} done.`));
    setTimeout(() => fs.writeSync(fd, "x"), 1500);
  });
  console.log("Quick read starting.");
  fs.read(quick, Buffer.alloc(1), 0, 1, null, () => console.log("Quick read done."));
}

main();
