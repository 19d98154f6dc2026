"""A pool of threads, used as a context, ends when all its work has: the error waits for the other request."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from urllib.error import HTTPError
from urllib.request import urlopen


def fetch(path):
    try:
        with urlopen(os.environ["REPRO_STAND_IN"] + path) as response:
            return response.read().decode()
    except HTTPError as error:
        print(f"Error fetching data: HTTP error! Status: {error.code}", file=sys.stderr)
        raise


try:
    with ThreadPoolExecutor() as pool:
        data1 = pool.submit(fetch, "/data1")
        data2 = pool.submit(fetch, "/data2")
        print("Fetched data:", data1.result(), data2.result())
except HTTPError:
    print("All operations failed as an error occurred", file=sys.stderr)
