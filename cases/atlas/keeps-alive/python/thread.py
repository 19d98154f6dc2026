"""A thread."""

import threading
import time


def work():
    time.sleep(0.1)
    print("Work is done.")


threading.Thread(target=work).start()
print("Main is done.")
