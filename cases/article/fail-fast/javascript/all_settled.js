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

function print(name, { status, value, reason }) {
  const outcome = status === "fulfilled" ? JSON.stringify(value) : reason.message;
  console.log(`${name} ${status}: ${outcome}`);
}

async function fetchData() {
  // Never rejects: it waits for every promise and keeps what became of each.
  const [data1, data2] = await Promise.allSettled([
    fetchWithPotentialError("https://api.example.com/data1"),
    fetchWithPotentialError("https://api.example.com/data2"),
  ]);
  print("data1", data1);
  print("data2", data2);
}

fetchData();
