"""Who may call over HTTP: known names of the server, and holders of tokens, each bound to themselves."""

from __future__ import annotations

import socket

import anyio
import pytest
import requests
from mcp import Client, MCPError

from presentations.accounts import Accounts, Tokens
from presentations.library import Library
from tests.mcp.conftest import StartHttp
from tests.mcp.talking import Mode, answer, called, run, said, status_of


@pytest.fixture
def tokens(accounts: Accounts) -> Tokens:
    return Tokens(accounts.database)


def bearer(tokens: Tokens, user_id: str, *scopes: str, acts_for_all: bool = False) -> str:
    _, secret = tokens.make(user_id, "agent", scopes or ("read", "write"), acts_for_all, is_trusted=True)
    return f"Bearer {secret}"


def test_foreign_hosts_and_origins_are_refused_before_anything_is_asked(start_http: StartHttp) -> None:
    url = start_http(ALLOWED_HOSTS="lectern.example")
    own, port = url.removesuffix("/mcp"), url.split(":")[2].split("/")[0]
    assert status_of(url) == 200
    assert status_of(url, Origin=own) == 200
    assert status_of(url, Host="lectern.example", Origin="https://lectern.example") == 200
    assert status_of(url, Host=f"lectern.example:{port}") == 200
    foreign = answer(url, Host="evil.example", Authorization="Bearer wrong")
    assert foreign.status_code == 421
    assert foreign.json() == {
        "error": "The Host 'evil.example' is not a name of this server: name it in ALLOWED_HOSTS."
    }
    assert status_of(url, Host="127.0.0.1:1") == 421
    for origin in ("https://evil.example", "http://localhost:3000", "null", own.replace("http:", "https:")):
        assert status_of(url, Origin=origin, Authorization="Bearer wrong") == 403
    assert requests.get(url, headers={"Origin": "null"}, timeout=60).status_code == 403
    assert requests.post(url, data=b"x" * 300_000, headers={"Content-Type": "application/json"}).status_code == 413


def test_who_sends_nothing_or_what_does_not_work_learns_how_to_be_let_in(start_http: StartHttp) -> None:
    url = start_http(None)
    nothing = answer(url)
    assert nothing.status_code == 401
    assert nothing.headers["WWW-Authenticate"] == 'Bearer realm="Lectern"'
    assert "make one on the page Your account" in nothing.json()["error_description"]
    for wrong in ("Bearer lectern_wrong", "Bearer", "Bearer ", "Basic YTpi", "Bearer é"):
        refused = answer(url, Authorization=wrong)
        assert refused.status_code == 401
        is_token = wrong in ("Bearer lectern_wrong", "Bearer é")
        assert ("and a token after it" in refused.json()["error_description"]) != is_token
        assert refused.headers["WWW-Authenticate"].startswith('Bearer realm="Lectern", error="invalid_token", error_')
    # A client that looks for a place to sign in learns that there is none.
    assert requests.get(url.replace("/mcp", "/.well-known/oauth-protected-resource"), timeout=60).status_code == 404


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_one_server_serves_all_teachers_each_bound_to_themselves(
    start_http: StartHttp, mode: Mode, tokens: Tokens, library: Library
) -> None:
    url = start_http(None)
    of_colleague = library.create("colleague", "Secret")

    async def talk(client: Client) -> None:
        await called(client, "create_presentation", topic="Cells")
        listed = (await called(client, "list_presentations"))["presentations"]
        assert [one["topic"] for one in listed] == ["Cells"]
        assert (await client.call_tool("get_presentation", {"job_id": str(of_colleague.id)})).is_error

    run(url, mode, talk, Authorization=bearer(tokens, "teacher"))
    assert [one.topic for one in library.list("teacher").items] == ["Cells"]

    async def others(client: Client) -> None:
        listed = (await called(client, "list_presentations"))["presentations"]
        assert [one["topic"] for one in listed] == ["Secret"]

    run(url, mode, others, Authorization=bearer(tokens, "colleague"))


def test_a_token_that_only_reads_is_shown_and_may_call_only_what_reads(
    start_http: StartHttp, tokens: Tokens, library: Library
) -> None:
    async def talk(client: Client) -> None:
        tools = {tool.name for tool in (await client.list_tools()).tools}
        assert "list_presentations" in tools
        assert "create_presentation" not in tools
        assert (await called(client, "list_presentations"))["presentations"] == []
        refused = await client.call_tool("create_presentation", {"topic": "Cells"})
        assert refused.is_error
        assert "lacks the scope 'write'" in said(refused)
        assert (await client.list_resources()).resources == []

    run(start_http(None), "auto", talk, Authorization=bearer(tokens, "teacher", "read"))
    assert library.list("teacher").items == []


def test_a_token_that_does_not_read_is_given_no_resources(start_http: StartHttp, tokens: Tokens) -> None:
    async def talk(client: Client) -> None:
        with pytest.raises(MCPError, match="lacks the scope 'read'"):
            await client.list_resources()

    run(start_http(None), "auto", talk, Authorization=bearer(tokens, "teacher", "write"))


def test_only_a_token_that_acts_for_everybody_acts_for_whom_its_client_names(
    start_http: StartHttp, tokens: Tokens, library: Library
) -> None:
    url = start_http("alice")

    async def talk(client: Client) -> None:
        await called(client, "create_presentation", topic="Cells")

    for_all = bearer(tokens, "teacher", acts_for_all=True)
    run(url, "auto", talk, Authorization=for_all, X_Lectern_User="somebody")
    run(url, "legacy", talk, Authorization=for_all)
    assert len(library.list("somebody").items) == len(library.list("teacher").items) == 1
    assert status_of(url, Authorization=bearer(tokens, "teacher"), X_Lectern_User="somebody") == 403
    assert status_of(url, X_Lectern_User="somebody") == 403
    assert status_of(url, Authorization=for_all, X_Lectern_User="é") == 400


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_what_ends_ends_at_the_next_call(
    start_http: StartHttp, mode: Mode, tokens: Tokens, accounts: Accounts, library: Library
) -> None:
    url = start_http(None)
    by_token = {"Authorization": bearer(tokens, "teacher")}

    async def talk(client: Client) -> None:
        await called(client, "list_presentations")
        accounts.deactivate("teacher")
        with pytest.raises(MCPError):
            await client.call_tool("create_presentation", {"topic": "Cells"})
        accounts.reactivate("teacher")
        await called(client, "list_presentations")
        tokens.revoke("teacher", tokens.list("teacher")[0].id)
        with pytest.raises(MCPError):
            await client.call_tool("create_presentation", {"topic": "Cells"})

    run(url, mode, talk, **by_token)
    assert library.list("teacher").items == []


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_wait_ends_with_what_it_stands_on(
    start_http: StartHttp, mode: Mode, tokens: Tokens, library: Library
) -> None:
    url = start_http(None)
    by_token = {"Authorization": bearer(tokens, "teacher")}
    asked = {"job_id": str(library.create("teacher", "Cells").id), "timeout": 40}

    async def talk(client: Client) -> None:
        async def revoke(progress: float, total: float | None, message: str | None) -> None:
            for token in tokens.list("teacher"):
                tokens.revoke("teacher", token.id)

        with anyio.fail_after(30):
            ended = await client.call_tool("wait_for_presentation", asked, progress_callback=revoke)
        assert ended.is_error
        assert said(ended).startswith(
            "Error: this token does not work, or no longer: make another on the page Your acc"
        )

    run(url, mode, talk, **by_token)


def test_a_session_is_good_for_its_own_credential_only(start_http: StartHttp, tokens: Tokens, library: Library) -> None:
    url = start_http(None)
    for_all = bearer(tokens, "teacher", acts_for_all=True)
    session = {"Mcp_Session_Id": answer(url, Authorization=for_all).headers["Mcp-Session-Id"]}
    create = {"name": "create_presentation", "arguments": {"topic": "Cells"}}
    for of_another in ({"Authorization": bearer(tokens, "colleague")}, {"X_Lectern_User": "colleague"}):
        sent = {"Authorization": for_all, **session, **of_another}
        assert answer(url, "tools/call", create, **sent).status_code == 404
    assert answer(url, "tools/call", create, Authorization=for_all, **session).status_code == 200
    assert [one.user_id for one in library.list(None).items] == ["teacher"]


def test_a_server_bound_to_a_user_takes_its_secret_and_tokens_of_accounts(
    start_http: StartHttp, tokens: Tokens, library: Library
) -> None:
    url = start_http("alice", MCP_TOKEN="open-sesame")
    assert status_of(url) == 401
    assert status_of(url, Authorization="Bearer wrong") == 401

    async def talk(client: Client) -> None:
        await called(client, "create_presentation", topic="Cells")

    run(url, "auto", talk, Authorization="Bearer open-sesame")
    run(url, "auto", talk, Authorization=bearer(tokens, "teacher"))
    assert len(library.list("alice").items) == len(library.list("teacher").items) == 1


def test_a_call_that_is_none_is_told_what_is_expected(start_http: StartHttp) -> None:
    url = start_http()
    for arguments, wrong in (([1], "[1]"), ("x", "'x'")):
        session = {"Mcp_Session_Id": answer(url).headers["Mcp-Session-Id"]}
        told = answer(url, "tools/call", {"name": "list_presentations", "arguments": arguments}, **session).text
        assert f"arguments: expected a valid JSON object, got {wrong}. Correct it and send it again." in told


def test_a_database_that_is_away_is_said_and_not_taken_for_a_wrong_token(start_http: StartHttp) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens
        url = start_http(None, DATABASE_URL=f"postgresql://nobody@127.0.0.1:{taken.getsockname()[1]}/none")
        away = answer(url, Authorization="Bearer lectern_x")
    assert (away.status_code, away.headers["Retry-After"]) == (503, "30")
    assert away.json()["error_description"].startswith("The database cannot be reached just now")
