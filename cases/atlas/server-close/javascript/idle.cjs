// An idle connection that was kept alive.
const http = require("http");
const net = require("net");

const server = http.createServer((_, response) => response.end("x"));
server.listen(0, "127.0.0.1", () => {
  const client = net.connect(server.address().port, "127.0.0.1");
  client.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  client.once("data", () => setTimeout(close, 20, client));
});

// The answer is out, and the connection idle.
function close(client) {
  server.close(() => console.log("Server closed."));
  setTimeout(() => {
    console.log("Client leaves.");
    client.destroy();
  }, 150);
}
