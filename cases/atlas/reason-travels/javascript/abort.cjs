// To whoever listens to a signal.
const controller = new AbortController();
controller.signal.addEventListener("abort", () => {
  console.log(controller.signal.reason === "reason" ? "Reason arrived." : "Reason was lost.");
});
controller.abort("reason");
