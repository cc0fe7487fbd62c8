"""A worker: makes the presentations that were asked for. Stop it with SIGTERM or Ctrl-C at any time."""

import sys

from presentations.worker import main

if __name__ == "__main__":
    sys.exit(main())
