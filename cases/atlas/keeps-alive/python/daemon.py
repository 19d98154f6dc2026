"""A daemon thread."""

import threading
import time


def work():
    time.sleep(0.2)
    print("Work is done.")


threading.Thread(target=work, daemon=True).start()
print("Main is done.")
