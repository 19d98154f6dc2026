async function fetchWithPotentialError(url) {
  try {
    const response = await fetch(url);
    if (!response.ok) {
      throw new Error(`HTTP error! Status: ${response.status}`);
    }
    return await response.json();
  } catch (error) {
    console.error("Error fetching data:", error);
    return undefined; // handled here: whoever awaits this is told of no error
  }
}

async function fetchData() {
  const [data1, data2] = await Promise.all([
    fetchWithPotentialError("https://api.example.com/data1"),
    fetchWithPotentialError("https://api.example.com/data2"),
  ]);
  for (const data of [data1, data2].filter((data) => data !== undefined)) {
    console.log(`${data.name} fulfilled: ${JSON.stringify(data)}`);
  }
}

fetchData();
