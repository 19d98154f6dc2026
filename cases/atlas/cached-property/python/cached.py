"""Cached properties of two objects."""

import threading
from functools import cached_property

both = threading.Barrier(2)


class Thing:
    @cached_property
    def value(self):
        try:
            both.wait(0.3)
            print("Computed together.\n", end="")
        except threading.BrokenBarrierError:
            print("Computed alone.\n", end="")


threads = [threading.Thread(target=getattr, args=(Thing(), "value")) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
