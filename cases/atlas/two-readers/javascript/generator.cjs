// A generator queues those who ask for more.
async function* numbers() {
  for (const number of ["one", "two", "three"]) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    yield number;
  }
}

const generator = numbers();
generator.next().then(({ value }) => console.log(`Got ${value}.`));
generator.next().then(({ value }) => console.log(`Got ${value}.`));
