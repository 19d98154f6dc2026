// One of two listeners throws.
process.on("uncaughtException", () => console.log("Handler runs."));

const target = new EventTarget();
target.addEventListener("event", () => {
  throw new Error("uncaught");
});
target.addEventListener("event", () => console.log("The rest runs."));
target.dispatchEvent(new Event("event"));
