"""Four tasks and two threads: two of the tasks wait in the executor's queue."""

import time
from concurrent.futures import ThreadPoolExecutor


def perform_task(task, seconds):
    print(f"Task {task} starting.\n", end="")
    time.sleep(seconds)
    print(f"Task {task} completed.\n", end="")


with ThreadPoolExecutor(max_workers=2) as executor:
    for task in range(4):
        executor.submit(perform_task, task, 1)
