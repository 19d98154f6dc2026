"""An interrupt of a plain program."""

import os
import signal
import time

try:
    os.kill(os.getpid(), signal.SIGINT)
    for _ in range(1000):
        time.sleep(0.01)
    print("The next line runs.")
except KeyboardInterrupt:
    print("Interrupted.")
