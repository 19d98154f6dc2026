async function fetchWithPotentialError(url, signal) {
  try {
    const response = await fetch(url, { signal });
    if (!response.ok) {
      throw new Error(`HTTP error! Status: ${response.status}`);
    }
    return await response.json();
  } catch (error) {
    if (error.name === "AbortError") {
      throw error;
    }
    console.error("Error fetching data:", error);
    throw error;
  }
}

async function fetchData() {
  const controller = new AbortController();
  try {
    const [data1, data2] = await Promise.all([
      fetchWithPotentialError("https://api.example.com/data1", controller.signal),
      fetchWithPotentialError("https://api.example.com/data2", controller.signal),
    ]);
    console.log("Fetched data:", data1, data2);
  } catch {
    controller.abort(); // Promise.all cancels nothing by itself
    console.error("All operations failed as an error occurred");
  }
  // The end of the program would drop the request too: go on until long after its answer was due.
  setTimeout(() => console.log("The program went on."), 2000);
}

fetchData();
