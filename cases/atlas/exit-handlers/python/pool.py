"""A job of a pool, and an exit handler."""

import atexit
import time
from concurrent.futures import ThreadPoolExecutor


def job():
    time.sleep(0.1)
    print("Job is done.")


ThreadPoolExecutor(1).submit(job)
atexit.register(print, "The end.")
