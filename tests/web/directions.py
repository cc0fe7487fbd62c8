"""Which text on a page keeps its own writing direction, whatever stands around it."""

from __future__ import annotations

from html.parser import HTMLParser

# Begins with a number, which has no direction, and holds letters of both: what is scrambled most easily.
ODD = "3 مقدمة X"
ISOLATED = f"\u2068{ODD}\u2069"
_VOID = {"input", "img", "link", "meta", "br", "rect", "circle", "path"}
_TYPED = {"text", "search"}


class Directions(HTMLParser):
    """Finds ODD where it is mixed with other text, and fields in which one writes from one side only."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self._open: list[tuple[str, dict[str, str | None]]] = []
        self.count = 0
        self.mixed: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        for name, value in attrs:
            if value and ODD in value and not value.startswith("/"):  # an address
                self._see(value, value == ODD, f"{tag} {name}={value}")
        is_typed = tag == "textarea" or (tag == "input" and given.get("type", "text") in _TYPED)
        if is_typed and given.get("dir") != "auto" and "inputmode" not in given:
            self.mixed.append(f"{tag} {given.get('name')}: no dir")
        if tag not in _VOID:
            self._open.append((tag, given))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self._open.pop()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_data(self, data: str) -> None:
        if ODD not in data:
            return
        # A heading that is a link is as good as a link.
        tag, given = next(one for one in reversed(self._open) if one[0] != "a" or "dir" in one[1])
        # What was sent to a webhook is shown as it was: JSON.
        is_alone = data.strip() == ODD and (tag == "bdi" or given.get("dir") == "auto")
        self._see(data, is_alone or given.get("aria-label") == "What was sent", f"{tag}: {data}")

    def _see(self, text: str, is_alone: bool, where: str) -> None:
        self.count += 1
        if not is_alone and text.count(ODD) != text.count(ISOLATED):
            self.mixed.append(where)
