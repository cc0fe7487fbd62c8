"""What strangers write does nothing to a terminal."""

from __future__ import annotations

import sys
import unicodedata

from presentations.printable import printable, readable


def test_nothing_that_acts_on_a_terminal_or_parts_a_line_is_left() -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    left = printable(every)
    kinds = {one: unicodedata.category(one) for one in set(left)}
    assert {one for one, kind in kinds.items() if kind in ("Cc", "Cf", "Cs", "Zl", "Zp")} == set("\u200c\u200d")
    assert len(left.splitlines()) == 1
    left.encode()


def test_it_can_still_be_read() -> None:
    written = "Größe\xa0- 光合作用 - \u0645\u06cc\u200c\u062e\u0648 - \U0001f469\u200d\U0001f52c - C:\\new"
    assert printable(written) == written
    assert printable("a\r\nb\x1b[31m\x7f\x9b1m\u2028\u202e") == r"a\r\nb\x1b[31m\x7f\x9b1m\u2028\u202e"


def test_a_reader_gets_no_more_than_is_seen() -> None:
    assert readable("A\u202eturned\u202c \x1b[31mone\x00\ud800\u200b\ue000\ufdd0\xad.") == "Aturned [31mone."
    assert readable("\r\n one \x0b two\u2028three\t\n \n\nfour ") == "one   two three\nfour"
    kept = (
        "\u0645\u06cc\u200c\u062e\u0648\u200f - \U0001f469\u200d\U0001f52c - ❤\ufe0f - \U0001f3f4\U000e0067\U000e007f"
    )
    assert readable(kept) == kept
