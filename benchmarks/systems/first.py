"""The first piece of work that a fresh process asks for: python -m benchmarks.systems.first NAME.

Prints the milliseconds of importing the system, and of asking.
"""

import importlib
import sys
import time

begun = time.perf_counter()
system = importlib.import_module(f"benchmarks.systems.{sys.argv[1]}")
imported = time.perf_counter()
system.create("bench-000001")
taken = time.perf_counter()
print(1000 * (imported - begun), 1000 * (taken - imported))
