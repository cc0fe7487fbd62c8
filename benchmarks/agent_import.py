"""How long an agent waits for `import presentations.agent`, and for its first call's libraries.

python -m benchmarks.agent_import [--runs 20]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

MEASURED = {
    "python itself": "pass",
    "import presentations.agent": "import presentations.agent",
    "import async_presentation_tool": "import async_presentation_tool",
    "with what the first call loads": "import presentations.agent, presentations.library, presentations.library.feed",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20)
    runs = parser.parse_args().runs
    medians = {name: median_of(code, runs) for name, code in MEASURED.items()}
    bare = medians["python itself"]
    for name, median in medians.items():
        print(f"{name:36} {median:5.0f} ms, {median - bare:5.0f} ms more than python itself (median of {runs})")


def median_of(code: str, runs: int) -> float:
    """Milliseconds of a Python process that does this; the first run, which compiles, does not count."""
    times = []
    for _ in range(runs + 1):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        times.append(time.perf_counter() - begun)
    return 1000 * statistics.median(times[1:])


if __name__ == "__main__":
    main()
