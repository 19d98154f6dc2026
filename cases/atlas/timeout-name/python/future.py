"""That of a future of another thread, by the name that asyncio has for it."""

import asyncio
from concurrent.futures import Future

try:
    Future().result(0.01)
except asyncio.TimeoutError:
    print("Caught.")
except Exception:
    print("Missed.")
