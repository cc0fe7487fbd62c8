"""Accounts: passwords, sessions and links."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from statistics import median
from time import process_time

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select, update

from presentations.accounts import Accounts, Sessions
from presentations.database import Database
from presentations.database.models import TEACHER, SignInLink, User
from presentations.errors import InvalidRequest, NotFound

PASSWORD = "correct horse"


@pytest.fixture
def rosa(accounts: Accounts) -> User:
    """Rosa, who has a password."""
    return accounts.set_password("teacher", PASSWORD)


@pytest.fixture
def sessions(database: Database) -> Sessions:
    return Sessions(database)


def row(database: Database, user_id: str = "teacher") -> User:
    with database.begin() as session:
        return session.scalars(select(User).where(User.id == user_id)).one()


def test_password_lets_its_owner_in_however_the_e_mail_is_written(accounts: Accounts, rosa: User) -> None:
    signed_in = accounts.check_password(" Rosa@School.Example", PASSWORD)
    assert signed_in
    assert signed_in.id == "teacher"
    assert signed_in.signed_in_at
    assert signed_in.session_key == rosa.session_key
    assert PASSWORD not in str(rosa.password_hash)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("rosa@school.example", "correct horsf"),
        ("rosa@school.example", ""),
        ("rosa@school.example", "x" * 100_000),
        ("carl@school.example", ""),
        ("nobody@school.example", PASSWORD),
        ("", PASSWORD),
        ("no e-mail", PASSWORD),
        ("a\x00@b", "\x00"),
        ("\ud800@b", "\ud800"),
    ],
)
def test_nothing_else_lets_anybody_in(accounts: Accounts, rosa: User, email: str, password: str) -> None:
    assert accounts.check_password(email, password) is None


def test_who_is_not_let_in_is_logged_without_what_was_typed(
    accounts: Accounts, rosa: User, caplog: pytest.LogCaptureFixture
) -> None:
    accounts.check_password("rosa@school.example", "a wrong one")
    accounts.check_password("my password, in the wrong field", "x")
    said = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert said == [
        "account 'teacher': nobody was let in by a password",
        "an e-mail that no account has: nobody was let in by a password",
    ]


def test_letters_count_however_a_keyboard_composes_them(accounts: Accounts) -> None:
    accounts.set_password("teacher", "u\u0308ber alles")
    assert accounts.check_password("rosa@school.example", "\u00fcber alles")


def test_unknown_e_mail_takes_as_long_as_a_wrong_password(accounts: Accounts, rosa: User) -> None:
    def seconds(email: str) -> float:
        start = process_time()
        accounts.check_password(email, "wrong password")
        return process_time() - start

    pairs = [(seconds("rosa@school.example"), seconds("nobody@school.example")) for _ in range(9)]
    known, unknown = (median(times) for times in zip(*pairs, strict=True))
    assert unknown > known / 2


def test_old_hash_is_renewed_at_the_next_sign_in_and_sessions_go_on(
    accounts: Accounts, rosa: User, database: Database
) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with database.begin() as session:
        session.execute(update(User).values(password_hash=weak))
    assert accounts.check_password("rosa@school.example", PASSWORD)
    renewed = row(database)
    assert renewed.password_hash not in (weak, None)
    assert renewed.session_key == rosa.session_key
    assert accounts.check_password("rosa@school.example", PASSWORD)


@pytest.mark.parametrize(("length", "fits"), [(0, False), (9, False), (10, True), (200, True), (201, False)])
def test_passwords_only_need_a_length(accounts: Accounts, length: int, fits: bool) -> None:
    password = (" \t\u2003 \u00e9" * 50)[: length - 1] + "!" if length else ""
    if fits:
        accounts.set_password("teacher", password)
        assert accounts.check_password("rosa@school.example", password)
        return
    with pytest.raises(InvalidRequest, match="password: expected at"):
        accounts.set_password("teacher", password)


@pytest.mark.parametrize(
    "password",
    ["1234567890", "qwertyuiop", "Password123", "x" * 200, "lectern2026", "rosa@school.example", "Rosa Moss 1"],
)
def test_what_is_guessed_first_is_no_password(accounts: Accounts, rosa: User, password: str) -> None:
    with pytest.raises(InvalidRequest, match="password: this is one that is guessed first: choose several words"):
        accounts.set_password("teacher", password)
    assert accounts.check_password("rosa@school.example", PASSWORD)


def test_new_password_ends_sessions_and_links(accounts: Accounts, rosa: User, sessions: Sessions) -> None:
    token, before = accounts.make_link("teacher"), sessions.start(rosa)
    changed = accounts.change_password("teacher", PASSWORD, "battery staple")
    assert sessions.holder(before) is None
    assert sessions.holder(sessions.start(changed))
    assert accounts.check_password("rosa@school.example", PASSWORD) is None
    with pytest.raises(NotFound):
        accounts.use_link(token)


def test_changing_needs_the_current_password(accounts: Accounts, rosa: User, sessions: Sessions) -> None:
    key = sessions.start(rosa)
    with pytest.raises(InvalidRequest, match="current"):
        accounts.change_password("teacher", "wrong password", "battery staple")
    assert sessions.holder(key)


def test_deactivated_user_is_out_until_active_again(accounts: Accounts, rosa: User, sessions: Sessions) -> None:
    token, key = accounts.make_link("teacher"), sessions.start(rosa)
    accounts.deactivate("teacher")
    assert sessions.holder(key) is None
    assert accounts.check_password("rosa@school.example", PASSWORD) is None
    with pytest.raises(NotFound):
        accounts.use_link(token)
    with pytest.raises(NotFound, match="no active account"):
        accounts.make_link("teacher")
    accounts.reactivate("teacher")
    assert sessions.holder(key) is None
    assert accounts.check_password("rosa@school.example", PASSWORD)


def test_link_works_once_however_many_follow_it_together(accounts: Accounts) -> None:
    token = accounts.make_link("teacher")
    assert accounts.link_holder(token).id == "teacher"

    def follow(_: int) -> str | None:
        try:
            return accounts.use_link(token).id
        except NotFound:
            return None

    with ThreadPoolExecutor(8) as pool:
        assert sorted(map(str, pool.map(follow, range(8)))) == ["None"] * 7 + ["teacher"]
    with pytest.raises(NotFound, match="has been used"):
        accounts.link_holder(token)


def test_password_that_would_take_long_to_compare_does_not(accounts: Accounts, rosa: User) -> None:
    start = process_time()
    assert accounts.check_password("rosa@school.example", "a" + "\u0316\u0301" * 500_000) is None
    assert process_time() - start < 2


def test_link_ends_after_15_minutes_and_is_not_kept_in_the_clear(accounts: Accounts, database: Database) -> None:
    token = accounts.make_link("teacher")
    with database.begin() as session:
        link = session.scalars(select(SignInLink)).one()
        left = link.expires_at - datetime.now(UTC)
        assert timedelta(minutes=14) < left <= timedelta(minutes=15)
        assert token not in link.token_hash
        session.execute(update(SignInLink).values(expires_at=func.now()))
    with pytest.raises(NotFound, match="older than 15 minutes"):
        accounts.use_link(token)
    accounts.make_link("colleague")
    with database.begin() as session:
        assert session.scalars(select(SignInLink.user_id)).all() == ["colleague"]


def test_addresses_that_only_look_alike_are_two_peoples(accounts: Accounts) -> None:
    accounts.add("kim", "Kim", "Kim@Schule-M\u00fcnchen.example")
    accounts.add("other", "Kim", "\u212aim@schule-m\u00fcnchen.example")
    for user_id in ("kim", "other"):
        accounts.set_password(user_id, f"the password of {user_id}")
    for written in ("kIM@schule-m\u00fcnchen.EXAMPLE", "kim@xn--schule-mnchen-3ob.example"):
        signed_in = accounts.check_password(written, "the password of kim")
        assert signed_in
        assert signed_in.id == "kim"
        with pytest.raises(InvalidRequest, match="another account has it"):
            accounts.add("third", "Kim", written)
    assert accounts.check_password("\u212aim@schule-m\u00fcnchen.example", "the password of kim") is None


def test_an_address_that_was_written_into_the_table_by_hand_is_found(accounts: Accounts, database: Database) -> None:
    accounts.set_password("teacher", PASSWORD)
    with database.begin() as session:
        session.execute(update(User).where(User.id == "teacher").values(email="Rosa@School.example"))
    assert accounts.check_password("rosa@school.example", PASSWORD)


@pytest.mark.parametrize(
    ("user_id", "email", "role", "field"),
    [
        ("teacher", "new@school.example", TEACHER, "user_id"),
        ("new", "ROSA@school.example", TEACHER, "email"),
        ("", "new@school.example", TEACHER, "user_id"),
        ("x" * 201, "new@school.example", TEACHER, "user_id"),
        ("new", "new", TEACHER, "email"),
        ("new", "a b@school.example", TEACHER, "email"),
        ("new", "new@school.example", "king", "role"),
    ],
)
def test_account_that_cannot_be_is_refused(accounts: Accounts, user_id: str, email: str, role: str, field: str) -> None:
    with pytest.raises(InvalidRequest) as error:
        accounts.add(user_id, "New", email, role=role)
    assert error.value.field == field
    assert len(accounts.list()) == 2


def test_what_was_last_chosen_is_remembered(accounts: Accounts) -> None:
    kept = {user.id: user.form_choices for user in accounts.list()}
    assert kept == {"teacher": {}, "colleague": {}}
    accounts.remember_choices("teacher", {"language": "German", "tone": "funny"})
    accounts.remember_choices("teacher", {"language": "Français", "tone": ""})
    accounts.remember_choices("nobody", {"language": "Dutch"})
    kept = {user.id: user.form_choices for user in accounts.list()}
    assert kept == {"teacher": {"language": "Français", "tone": ""}, "colleague": {}}
    for wrong in ("a\x00b", "\ud800", "x" * 5001):
        with pytest.raises(InvalidRequest, match="instructions"):
            accounts.remember_choices("teacher", {"instructions": wrong})
