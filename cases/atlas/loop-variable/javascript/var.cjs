// A variable of the function.
for (var n = 0; n < 3; n++) {
  setTimeout(() => console.log(`Saw ${n}.`), 1);
}
