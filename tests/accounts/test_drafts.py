"""What somebody has typed into the form and not sent."""

from __future__ import annotations

import pytest

from presentations.accounts import Accounts
from presentations.errors import TooLarge
from presentations.options import MAX_TEXT


def test_a_draft_is_kept_in_place_of_the_one_before_until_it_is_forgotten(accounts: Accounts) -> None:
    assert accounts.draft("teacher") is None
    accounts.keep_draft("teacher", {"topic": "Volcanoes", "file_ids": ["a", "b"]})
    accounts.keep_draft("teacher", {"topic": "Lava", "file_ids": ["b"]})
    assert accounts.draft("teacher") == {"topic": "Lava", "file_ids": ["b"]}
    assert accounts.draft("colleague") is None
    accounts.forget_draft("teacher")
    assert accounts.draft("teacher") is None


def test_what_cannot_be_stored_is_left_out(accounts: Accounts) -> None:
    accounts.keep_draft("teacher", {"topic": "La\x00va\ud800", "file_ids": ["\x00"]})
    assert accounts.draft("teacher") == {"topic": "Lava", "file_ids": [""]}


def test_the_longest_text_is_kept_in_any_script_and_not_much_more(accounts: Accounts) -> None:
    accounts.keep_draft("teacher", {"text": "\U0001f30b" * MAX_TEXT})
    with pytest.raises(TooLarge, match="At most 300 KB of a draft are kept"):
        accounts.keep_draft("teacher", {"text": "\U0001f30b" * 2 * MAX_TEXT})
    assert accounts.draft("teacher") == {"text": "\U0001f30b" * MAX_TEXT}


def test_somebody_without_an_account_has_no_draft(accounts: Accounts) -> None:
    accounts.keep_draft("nobody", {"topic": "Lava"})
    assert accounts.draft("nobody") is None
