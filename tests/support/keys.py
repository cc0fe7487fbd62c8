"""A secret key such as production asks for."""

from __future__ import annotations

SECRET_KEY = "q9xp-16HLEZHeIxfxkLYglugdX5mtr3iYDDVV0b_UQY"
