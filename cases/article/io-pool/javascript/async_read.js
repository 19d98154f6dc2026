// A pipe is read by the event loop itself: no thread waits for data, so none is scarce.
async function main() {
  const { spawn } = await import("node:child_process");

  // What is written to the second end can be read from the first.
  function pair() {
    const copies = spawn("cat", { stdio: ["pipe", "pipe", "inherit"] });
    return [copies.stdout, copies.stdin];
  }

  const slow = [pair(), pair(), pair(), pair()];
  const [source, sink] = pair();

  slow.forEach(([source, sink], number) => {
    console.log(`Slow read ${number} starting.`);
    source.once("data", () => console.log(`Slow read ${number} done.`));
    setTimeout(() => sink.end("x"), 1500);
  });
  console.log("Quick read starting.");
  source.once("data", () => console.log("Quick read done."));
  sink.end("x");
}

main();
