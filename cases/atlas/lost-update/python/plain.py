"""A plain addition."""

import sys
import threading

sys.setswitchinterval(1e-6)
total = 0


def add():
    global total
    for _ in range(100_000):
        total += 1


threads = [threading.Thread(target=add) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(f"Total {total}.")
