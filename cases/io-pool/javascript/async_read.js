// A socket is read by the event loop itself: no thread waits for data, so none is scarce.
async function main() {
  const net = await import("node:net");

  // Two ends of one connection: what is written to the second can be read from the first.
  function pair(server) {
    return new Promise((resolve) => {
      const sink = net.connect(server.address().port, "127.0.0.1");
      server.once("connection", (source) => resolve([source, sink]));
    });
  }

  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const slow = [];
  for (let number = 0; number < 4; number++) {
    slow.push(await pair(server));
  }
  const [source, sink] = await pair(server);
  server.close();

  slow.forEach(([source, sink], number) => {
    console.log(`Slow read ${number} starting.`);
    source.once("data", () => {
      console.log(`Slow read ${number} done.`);
      source.end();
    });
    setTimeout(() => sink.end("x"), 1500);
  });
  console.log("Quick read starting.");
  source.once("data", () => {
    console.log("Quick read done.");
    source.end();
  });
  sink.end("x");
}

main();
