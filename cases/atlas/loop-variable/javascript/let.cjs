// A variable of the block.
for (let n = 0; n < 3; n++) {
  setTimeout(() => console.log(`Saw ${n}.`), 1);
}
