async function fetchWithPotentialError(url) {
  try {
    const response = await fetch(url);
    if (!response.ok) {
      throw new Error(`HTTP error! Status: ${response.status}`);
    }
    return await response.json();
  } catch (error) {
    console.error("Error fetching data:", error);
    throw error;
  }
}

async function fetchData() {
  // Rejects only if all do: the error of one is passed over, and the data of the other kept.
  const data = await Promise.any([
    fetchWithPotentialError("https://api.example.com/data1"),
    fetchWithPotentialError("https://api.example.com/data2"),
  ]);
  console.log(`${data.name} fulfilled: ${JSON.stringify(data)}`);
}

fetchData();
