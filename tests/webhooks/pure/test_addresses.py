"""No way in through webhooks: what a URL may look like, and which addresses it may stand for."""

from __future__ import annotations

import pytest

from presentations.errors import AddressRefused, InvalidRequest
from presentations.webhooks.addresses import Target, addresses_of, is_allowed
from tests.support.names import known_as

NOT_PUBLIC = [
    *("127.0.0.1", "127.8.8.8", "0.0.0.0", "0.1.2.3", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
    *("100.64.0.1", "169.254.1.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"),
    *("192.88.99.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1", "ff0e::1"),
    *("2001:db8::1", "3fff::1", "100::1", "5f00::1", "64:ff9b:1::1"),
    # IPv4 in IPv6: mapped, compatible, 6to4, Teredo, NAT64.
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "::ffff:0:127.0.0.1"),
    *("2002:7f00:1::1", "2002:a00:1::1", "2001:0:7f00:1::1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe"),
]
METADATA = ["169.254.169.254", "::ffff:169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192"]
METADATA_6 = ["fd00:ec2::254", "fd20:ce::254", "64:ff9b::a9fe:a9fe"]
PUBLIC = ["1.1.1.1", "93.184.216.34", "172.32.0.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert not is_allowed(address, allow_private=False)


@pytest.mark.parametrize("allow_private", [True, False])
@pytest.mark.parametrize("address", [*METADATA, *METADATA_6])
def test_a_clouds_metadata_is_never_reached(address: str, allow_private: bool) -> None:
    assert not is_allowed(address, allow_private=allow_private)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_allowed(address: str) -> None:
    assert is_allowed(address, allow_private=False)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "::1", "fd12:3456::1"])
def test_a_school_may_allow_its_own_network(address: str) -> None:
    assert is_allowed(address, allow_private=True)


@pytest.mark.parametrize(
    "address", ["0.0.0.0", "::", "169.254.1.1", "fe80::1", "224.0.0.1", "ff02::1", "2002:7f00:1::1"]
)
def test_what_no_school_needs_stays_refused(address: str) -> None:
    assert not is_allowed(address, allow_private=True)


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://school.example/", "file:///etc/passwd", "gopher://school.example/", "javascript:alert(1)", "//x/", ""),
        *("school.example", "http://", "http:///hook", "https://?q", "http://school.example:99999/", "http://x:0/"),
        *("http://user@school.example/", "http://user:word@school.example/", "http://@school.example/"),
        *("http://school.example\\@127.0.0.1/", "http://school.example/a b", "http://school.example/\r\nHost: x"),
        *("http://school.example\t/", "http://%31%32%37.0.0.1/", "http://school..example/", "http://.example/"),
        *(
            "http://[fe80::1%25eth0]/",
            "http://[::1/",
            "http://[127.0.0.1]/",
            "http://-x.example/",
            f"http://{'a' * 64}/",
        ),
        # 127.0.0.1 as the C library reads it: decimal, hexadecimal, octal, shortened.
        *("http://2130706433/", "http://0x7f000001/", "http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://127.1/"),
        *("http://0/", "http://127.0.0.1../", "http://017700000001/", "http://127.0.0.0x1/", "http://1.2.3.256/"),
        *(f"http://school.example/{'a' * 2000}", f"http://school.example/{'ä' * 400}", f"http://{'a' * 64}/"),
    ],
)
def test_what_is_not_a_plain_web_url_is_refused(url: str) -> None:
    with pytest.raises(InvalidRequest) as error:
        Target.of(url)
    assert error.value.field == "url"


@pytest.mark.parametrize(
    ("url", "spelling"),
    [
        ("HTTPS://School.Example", "https://school.example/"),
        ("https://school.example.:443/a?b=c&d=%20#part", "https://school.example/a?b=c&d=%20"),
        ("http://school.example:8080/ä?ö", "http://school.example:8080/%C3%A4?%C3%B6"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("http://[2606:4700:0::1111]:80/", "http://[2606:4700::1111]/"),
        ("http://127.0.0.1./", "http://127.0.0.1/"),
        ("http://\uff11\uff12\uff17\u3002\uff10\u3002\uff10\u3002\uff11/", "http://127.0.0.1/"),
        ("http://ⓛocalhost/", "http://localhost/"),
    ],
)
def test_a_url_gets_one_spelling(url: str, spelling: str) -> None:
    assert Target.of(url).url == spelling
    assert Target.of(spelling).url == spelling


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://localhost/",
            "http://LOCALHOST./",
            "http://127.0.0.1./",
            "http://[::ffff:127.0.0.1]/",
            "http://[::1]/",
        ),
        *(
            "http://[::ffff:7f00:1]/",
            "http://\uff11\uff12\uff17\u3002\uff10\u3002\uff10\u3002\uff11/",
            "http://ⓛocalhost/",
            "https://[0:0:0:0:0:0:0:1]/",
        ),
    ],
)
def test_a_name_or_spelling_of_our_own_machine_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        addresses_of(Target.of(url), allow_private=False)


def test_one_bad_address_among_good_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    known_as(monkeypatch, "1.1.1.1", "10.0.0.1")
    with pytest.raises(AddressRefused):
        addresses_of(Target.of("http://school.example/"), allow_private=False)
    known_as(monkeypatch, "1.1.1.1", "2606:4700::1111")
    assert len(addresses_of(Target.of("http://school.example/"), allow_private=False)) == 2


def test_a_name_that_nobody_has_is_refused_in_the_same_words(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AddressRefused) as private:
        addresses_of(Target.of("http://localhost/"), allow_private=False)
    known_as(monkeypatch)
    with pytest.raises(AddressRefused) as unknown:
        addresses_of(Target.of("http://school.example/"), allow_private=False)
    assert str(private.value) == str(unknown.value)
