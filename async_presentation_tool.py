"""The agent tool, under the name by which agents import it; as a command, it asks for one presentation."""

import sys

from presentations.agent import AsyncPresentationTool, main, presentation_tool

__all__ = ["AsyncPresentationTool", "presentation_tool"]

if __name__ == "__main__":
    sys.exit(main())
