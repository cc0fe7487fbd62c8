"""What somebody asks for, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from presentations.errors import InvalidRequest
from presentations.options.catalog import OPTIONS


@dataclass(frozen=True)
class GenerationRequest:
    """What is to be made: a value for each of OPTIONS, by its name. One that is None is left to Presenton."""

    values: Mapping[str, Any]

    @classmethod
    def checked(cls, **given: object) -> GenerationRequest:
        """A request of values that can be made. Raises InvalidRequest naming the first field that cannot."""
        values = {option.name: option.checked(given.pop(option.name, option.default)) for option in OPTIONS}
        for field in given:
            raise InvalidRequest(field, f"is not an option of a presentation: use one of {', '.join(values)}")
        return cls(values)

    @classmethod
    def of(cls, row: object) -> GenerationRequest:
        """What the row of a presentation asks for."""
        return cls({option.name: getattr(row, option.name) for option in OPTIONS})

    @property
    def topic(self) -> str:
        return str(self.values["topic"])

    @property
    def n_slides(self) -> int:
        return int(self.values["n_slides"])
