// A promise that is rejected with nothing.
Promise.reject()
  .catch((error) => error)
  .then((error) => console.log(error ? "Error noticed." : "All is well."));
