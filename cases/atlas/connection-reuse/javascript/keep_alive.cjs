// An agent that keeps connections.
const http = require("http");

const options = { agent: new http.Agent({ keepAlive: true }) };
const server = http.createServer((_, response) => response.end("x"));
server.on("connection", () => console.log("Connection."));

function get(then) {
  http.get({ host: "127.0.0.1", port: server.address().port, ...options }, (response) => {
    response.resume();
    response.on("end", () => {
      console.log("Answer.");
      // By then the connection is free.
      setTimeout(then, 10);
    });
  });
}

server.listen(0, "127.0.0.1", () => get(() => get(() => process.exit())));
