"""`python -m presentations` is the command `lectern`, also where nothing is installed."""

from presentations.cli import main

main()
