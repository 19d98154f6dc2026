"""An exit handler gives a job to a pool."""

import atexit
from concurrent.futures import ThreadPoolExecutor

pool = ThreadPoolExecutor(1)


@atexit.register
def handler():
    try:
        pool.submit(print, "It ran.").result()
    except RuntimeError:
        print("It was refused.")
