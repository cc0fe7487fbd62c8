"""What is wrong with a file that slides should be made of."""

from __future__ import annotations

from presentations.bidi import isolated
from presentations.errors import LecternError
from presentations.material.names import clean_name


class BadMaterial(LecternError):
    """A file that is not taken; the message is for its teacher: which file, what it is, and what to do.

    `problem` is the same without the name, for where it stands beside the file.
    """

    def __init__(self, problem: str, name: str) -> None:
        super().__init__(f"The file “{isolated(clean_name(name))}” cannot be used. {problem}")
        self.problem = problem
