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
  try {
    // The first promise to settle decides, even if it is a rejection. The other request goes on.
    const data = await Promise.race([
      fetchWithPotentialError("https://api.example.com/data1"),
      fetchWithPotentialError("https://api.example.com/data2"),
    ]);
    console.log("Fetched data:", data);
  } catch {
    console.error("All operations failed as an error occurred");
  }
}

fetchData();
