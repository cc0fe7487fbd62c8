"""The table of options in docs/api.md, as presentations.options has them: `python -m docs.options` writes it anew."""

from __future__ import annotations

from pathlib import Path

from presentations.options import OPTIONS, Choice, Flag, Number, Option, Text

PAGE = Path(__file__).parent / "api.md"
BEGIN = "<!-- made by python -m docs.options -->\n"
END = "<!-- end -->\n"


def main() -> None:
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def with_table(page: str) -> str:
    """The page with the table that it should have."""
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    lines = ["| field | takes | meaning |", "|---|---|---|", *(_line(option) for option in OPTIONS)]
    return before + BEGIN + "\n" + "\n".join(lines) + "\n\n" + END + after


def _line(option: Option) -> str:
    left_out = "; required" if option.is_required else "" if option.may_be_none else f"; {option.default} if left out"
    return f"| `{option.name}` | {_takes(option)}{left_out} | {option.description} |"


def _takes(option: Option) -> str:
    match option:
        case Text():
            return f"text of up to {option.longest:,} characters"
        case Number():
            return f"a whole number from {option.low} to {option.high}"
        case Choice():
            return "one of " + ", ".join(f"`{value}`" for value in option.values)
        case Flag():
            return "true or false"


if __name__ == "__main__":
    main()
