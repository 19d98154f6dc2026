# What programs do to their output: print, reopen it by its name, write much at once. Works back to Python 2.7.
import os
import sys

print("one")
sys.stdout.flush()
sys.stderr.write("two\n")
sys.stderr.flush()
with open("/dev/stdout", "w") as reopened:
    reopened.write("three\n")
if os.write(1, b"x" * (1 << 20) + b"\n") != (1 << 20) + 1:
    sys.exit("a long write came back short")
sys.stderr.write("four\n")
