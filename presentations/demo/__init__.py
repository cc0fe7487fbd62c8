"""A stand-in for Presenton: the same HTTP API, real if simple decks, and faults on demand.

`releases` describes the Presentons that it can play, `failures` and `faults` what can go wrong, `server` starts it.
"""
