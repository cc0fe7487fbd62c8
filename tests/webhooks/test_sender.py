"""One POST to a stranger's server: nothing it does makes us go elsewhere, wait long or read much."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from presentations.webhooks.addresses import Target, addresses_of
from presentations.webhooks.sender import NoAnswer, Reply, post
from tests.support.names import known_as
from tests.support.receiver import Raw, Receiver
from tests.support.waiting import eventually


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


def threads_since(before: set[threading.Thread]) -> list[threading.Thread]:
    """Threads of a call that were not there before."""
    return [thread for thread in threading.enumerate() if thread.name == "within" and thread not in before]


def sent(url: str, *, seconds: float = 10, allow_private: bool = True) -> Reply:
    return post(Target.of(url), b"{}", {"X-Mark": "1"}, allow_private=allow_private, seconds=seconds)


def test_a_post_and_its_answer(receiver: Receiver) -> None:
    receiver.statuses, receiver.text, receiver.headers = [201], b"thanks", {"Retry-After": "7"}
    assert sent(f"{receiver.url}?a=b") == Reply(201, "thanks", "7")
    message = receiver.messages[0]
    assert (message.path, message.body) == ("/hook?a=b", b"{}")
    assert message.headers["Host"] == f"127.0.0.1:{receiver.port}"
    assert message.headers["X-Mark"] == "1"


def test_an_address_of_our_own_network_is_not_connected_to() -> None:
    with Raw(lambda _: None) as server:
        for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]"):
            with pytest.raises(NoAnswer, match="not one on the public internet"):
                sent(f"http://{host}:{server.port}/", allow_private=False)
        assert server.connections == 0


def test_a_name_that_changed_its_address_since_it_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    with Raw(lambda _: None) as server:
        target = Target.of(f"http://school.example:{server.port}/")
        known_as(monkeypatch, "1.1.1.1")
        assert addresses_of(target, allow_private=False) == ["1.1.1.1"]
        known_as(monkeypatch, "127.0.0.1")
        with pytest.raises(NoAnswer, match="not one on the public internet"):
            sent(target.url, allow_private=False)
        assert server.connections == 0


def test_the_address_that_was_checked_is_the_one_connected_to(
    monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    """A DNS that gives another answer each time it is asked gets asked once, and the name stays in the Host header."""
    looks: list[str] = []
    real = socket.getaddrinfo

    def look_up(host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        if host != "school.example":
            return real(host, port, *args, **kwargs)
        looks.append(host)
        address = "127.0.0.1" if len(looks) == 1 else "169.254.169.254"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert sent(f"http://school.example:{receiver.port}/").status == 204
    assert len(looks) == 1
    assert receiver.messages[0].headers["Host"] == f"school.example:{receiver.port}"


def test_redirects_are_not_followed(receiver: Receiver) -> None:
    with Raw(lambda _: None) as elsewhere:
        for status in (301, 302, 303, 307, 308):
            receiver.statuses, receiver.headers = [status], {"Location": elsewhere.url}
            assert sent(receiver.url).status == status
        assert elsewhere.connections == 0


def test_proxies_and_passwords_of_the_environment_are_not_used(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with Raw(lambda _: None) as proxy:
        for variable in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(variable, proxy.url)
        netrc = tmp_path / "netrc"
        netrc.write_text("machine 127.0.0.1 login a password b\n")
        monkeypatch.setenv("NETRC", str(netrc))
        assert sent(receiver.url).status == 204
        assert proxy.connections == 0
    assert "Authorization" not in receiver.messages[0].headers


def drip(beginning: bytes, piece: bytes) -> Raw:
    def act(connection: socket.socket) -> None:
        connection.sendall(beginning)
        while True:
            connection.sendall(piece)
            time.sleep(0.02)

    return Raw(act)


@pytest.mark.parametrize(
    ("beginning", "piece"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\nX: ", b"y"),
        (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n", b"y"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\ny\r\n"),
    ],
)
def test_a_server_that_drips_is_left_when_time_is_up(beginning: bytes, piece: bytes) -> None:
    before = set(threading.enumerate())
    with drip(beginning, piece) as server:
        with pytest.raises(NoAnswer):
            sent(server.url, seconds=0.7)
        # Nor does a thread of ours stay with it.
        assert server.ended.wait(30)
        eventually(lambda: not threads_since(before))


def test_a_server_that_says_nothing_is_left_when_time_is_up(receiver: Receiver) -> None:
    receiver.may_answer.clear()
    with pytest.raises(NoAnswer, match="no complete answer in time"):
        sent(receiver.url, seconds=0.5)


def test_a_handshake_that_drips_is_left_when_time_is_up() -> None:
    with drip(b"\x16\x03\x03\x40\x00", b"\x00") as server:
        with pytest.raises(NoAnswer):
            sent(server.url.replace("http:", "https:"), seconds=0.7)
        assert server.ended.wait(30)


def test_a_dns_that_hangs_is_left_when_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, before = threading.Event(), set(threading.enumerate())
    with Raw(lambda _: None) as server:
        real = socket.getaddrinfo

        def look_up(_host: str, port: int, **kwargs: Any) -> Any:
            go_on.wait(30)
            return real("127.0.0.1", port, **kwargs)

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        with pytest.raises(NoAnswer, match="no complete answer in time"):
            sent(f"http://school.example:{server.port}/", seconds=0.3)
        go_on.set()
        eventually(lambda: not threads_since(before))
        assert server.connections == 0


def test_of_a_large_answer_64_kb_are_read_and_2_kb_kept() -> None:
    sent_bytes = 0

    def flood(connection: socket.socket) -> None:
        nonlocal sent_bytes
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            sent_bytes += connection.send(b"y" * 1024)

    with Raw(flood) as server:
        answer = sent(server.url)
        assert server.ended.wait(30)
    assert answer == Reply(200, "y" * 2048, None)
    assert sent_bytes < 8 * 1024 * 1024, "what the kernels hold, and no more"


def test_endless_headers_are_not_read() -> None:
    def flood(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            connection.sendall(b"X: " + b"y" * 60000 + b"\r\n")

    with Raw(flood) as server:
        sent(server.url, seconds=5)
        assert server.ended.wait(30)


@pytest.mark.parametrize("said", [b"", b"SSH-2.0-OpenSSH_9\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\x00" * 100])
def test_what_is_not_http_is_no_answer(said: bytes) -> None:
    with Raw(lambda connection: connection.sendall(said)) as server, pytest.raises(NoAnswer):
        sent(server.url)


def test_odd_bytes_can_be_kept() -> None:
    with Raw(lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n\x00\xff\xc3")) as server:
        assert sent(server.url).text == "\ufffd\ufffd\ufffd"


def test_nobody_listens() -> None:
    with Raw(lambda _: None) as server:
        url = server.url
    with pytest.raises(NoAnswer, match="refused the connection"):
        sent(url)


def test_https_is_verified_by_the_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("school.example").configure_cert(context)
    known_as(monkeypatch, "127.0.0.1")
    with Receiver(context) as receiver:
        with pytest.raises(NoAnswer, match="certificate is not trusted"):
            sent(f"https://school.example:{receiver.port}/")
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        assert sent(f"https://school.example:{receiver.port}/").status == 204
        with pytest.raises(NoAnswer, match="certificate is not trusted"):
            sent(f"https://other.example:{receiver.port}/")
    assert len(receiver.messages) == 1
