// All three are there when the loop begins.
const { port1, port2 } = new MessageChannel();
port2.onmessage = () => {
  console.log("Message.");
  port1.close();
};
port1.postMessage(1);
setImmediate(() => console.log("Immediate."));
setTimeout(() => console.log("Timer."), 0);

const end = Date.now() + 20;
while (Date.now() < end);
