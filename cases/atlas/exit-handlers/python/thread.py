"""A thread of its own, and an exit handler."""

import atexit
import threading
import time


def job():
    time.sleep(0.1)
    print("Job is done.")


threading.Thread(target=job).start()
atexit.register(print, "The end.")
