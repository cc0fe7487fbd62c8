"""The form on a page, as a browser would send it."""

from __future__ import annotations

from html.parser import HTMLParser


def fields_of(page: str) -> dict[str, str]:
    """What the form that asks for a presentation would send without being touched, of each name what counts."""
    form = _Form()
    form.feed(page)
    return form.fields


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._is_inside = False
        self._open = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._is_inside = given.get("class") == "new"
        elif self._is_inside and tag in ("input", "select", "textarea"):
            self._open = given["name"]
            is_off = given.get("type") in ("radio", "checkbox") and "checked" not in given
            value = "" if is_off else given.get("value", "")
            self.fields[self._open] = value or self.fields.get(self._open, "")
        elif self._is_inside and tag == "option" and "selected" in given:
            self.fields[self._open] = given["value"]

    def handle_data(self, data: str) -> None:
        if self._is_inside and self.lasttag == "textarea" and self.fields[self._open] == "":
            self.fields[self._open] = data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        self._is_inside = self._is_inside and tag != "form"
