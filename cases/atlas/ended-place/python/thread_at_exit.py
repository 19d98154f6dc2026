"""An exit handler starts a thread."""

import atexit
import threading


@atexit.register
def handler():
    try:
        thread = threading.Thread(target=print, args=("It ran.",))
        thread.start()
        thread.join()
    except RuntimeError:
        print("It was refused.")
