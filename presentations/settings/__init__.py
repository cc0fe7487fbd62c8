"""Settings: what the environment says, read once, and told what is wrong with it.

Imports errors only.
"""

from presentations.settings.parsers import path_prefix
from presentations.settings.variables import Settings, load

__all__ = ["Settings", "load", "path_prefix"]
