"""A stand-in for Presenton: the same HTTP API, real if simple decks, and faults on demand."""
