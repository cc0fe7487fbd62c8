"""Settings: a bad value stops the start and names itself; the tables of docs/settings.md tell the truth."""

from __future__ import annotations

import secrets
from dataclasses import fields
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from redis.connection import parse_url
from sqlalchemy import make_url

from presentations.errors import SettingsError
from presentations.settings import Settings, load
from tests.support.keys import SECRET_KEY

PRODUCTION = {
    "APP_ENV": "production",
    "DATABASE_URL": "postgres://a/b",
    "REDIS_URL": "redis://a",
    "SECRET_KEY": SECRET_KEY,
}
PAGE = Path(__file__).parents[3] / "docs" / "settings.md"


def test_an_empty_environment_is_a_good_one() -> None:
    settings = load({"PORT": " ", "DATABASE_URL": ""})
    assert settings.port == 8000
    assert settings.database_url is None
    assert settings.var_dir.is_absolute()


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("APP_ENV", "staging", "one of development, production"),
        ("PRESENTON_MODE", "Async", "one of auto, async, sync"),
        ("LOG_LEVEL", "loud", "one of debug, info, warning, error"),
        ("PORT", "eighty", "a whole number from 1 to 65535"),
        ("PORT", "0", "a whole number from 1 to 65535"),
        ("PORT", "8_000", "a whole number from 1 to 65535"),
        ("PORT", "٨٠٠٠", "a whole number from 1 to 65535"),
        ("WORKER_THREADS", "2.5", "a whole number from 1 to 1000"),
        ("WORKER_THREADS", "1001", "a whole number from 1 to 1000"),
        ("POLL_INTERVAL", "nan", "a number from 0.05 to 60"),
        ("LEASE_SECONDS", "-1", "a number from 1 to 600"),
        ("DATABASE_URL", "mysql://x/y", "a URL that starts with postgresql://"),
        ("REDIS_URL", "http://x", "a URL that starts with redis://"),
        ("PRESENTON_URL", "presenton:5000", "a URL that starts with http://"),
        ("PRESENTON_URL", "http://", "a URL"),
        ("PRESENTON_URL", "http://h:99999", "its port to be a whole number from 1 to 65535"),
        ("REDIS_URL", "redis://h:99999/0", "its port to be a whole number from 1 to 65535"),
        ("REDIS_URL", "redis://h:0/0", "its port to be a whole number from 1 to 65535"),
        ("DATABASE_URL", "postgresql://h:x/d", "its port to be a whole number from 1 to 65535"),
        *(
            ("REDIS_URL", f"redis://h:6379/{wrong}", "the number of its database after the /")
            for wrong in ("zero", "-1", "1/2")
        ),
        ("PRESENTON_URL", "http://h/?q=1", "a URL such as"),
        ("DATABASE_URL", "postgresql://h/d?schema=public", "a URL with no other parameters than libpq's"),
        ("REDIS_URL", "redis://h?socket_timeout=abc", "a URL with no other parameters than redis-py's"),
        ("PRESENTON_API_KEY", "sk-presenton-1\nsecond", "printable ASCII characters"),
        ("HOST", "lectern.example", "an IP address such as 127.0.0.1 or 0.0.0.0"),
        ("ALLOWED_HOSTS", "https://lectern.example", "names such as lectern.example"),
        ("ALLOWED_HOSTS", "*", "names such as lectern.example"),
        ("TRUSTED_PROXIES", "yes", "a whole number from 0 to 10"),
        ("PRESENTON_PUBLIC_URL", "javascript:alert(1)", "a URL"),
        ("PUBLIC_URL", "school.example/slides", "a URL"),
        *(
            ("FILES_URL", wrong, "a folder such as /srv/lectern/files, or a bucket such as s3://lectern/files")
            for wrong in (
                "s3://",
                "s3:///files",
                "s3://Lectern",
                "s3://lectern/../x",
                "s3://lectern//x",
                "gs://lectern",
            )
        ),
        ("FILES_S3_ENDPOINT", "minio:9000", "a URL that starts with http:// or https://"),
        ("FILES_LINK_SECONDS", "a minute", "a whole number from 0 to 86400"),
        ("MAX_FILE_MB", "0", "a whole number from 1 to 2000"),
        ("AWS_REGION", "eu\ncentral", "printable ASCII characters"),
        ("SCRIPT_NAME", "slides", "a path such as /slides"),
        ("SCRIPT_NAME", "/slides/", "a path such as /slides"),
        ("SCRIPT_NAME", "//evil.example", "a path such as /slides"),
    ],
)
def test_a_bad_value_is_named_with_its_variable_and_what_is_expected(variable: str, value: str, expected: str) -> None:
    with pytest.raises(SettingsError) as error:
        load({variable: value})
    message = str(error.value)
    assert message.startswith(f"{variable} is ")
    assert f"expected {expected}" in message
    assert "\n" not in message


@pytest.mark.parametrize("variable", ["DATABASE_URL", "PRESENTON_URL"])
def test_a_password_in_a_bad_url_is_not_repeated(variable: str) -> None:
    with pytest.raises(SettingsError) as error:
        load({variable: "ftp://teacher:hunter2@db/x"})
    assert "hunter2" not in str(error.value)


SIGNED_IN = {"DATABASE_URL": "postgresql://lectern:{}@db:5432/lectern", "REDIS_URL": "redis://:{}@cache:6379/0"}


@pytest.mark.parametrize("variable", SIGNED_IN)
@pytest.mark.parametrize(
    "password", ["p{}w", "{}", "1{}2", "a{}b{}", "12{}xy@x", "p@{}", "{}:9", "%41{}", "p@cloud:{}"]
)
@pytest.mark.parametrize(("one", "encoded"), [(c, quote(c, safe="")) for c in "@/#?%[]"])
def test_a_character_of_a_password_that_is_to_be_encoded_is_named(
    variable: str, password: str, one: str, encoded: str
) -> None:
    with pytest.raises(SettingsError) as error:
        load({variable: SIGNED_IN[variable].replace("{}", password.replace("{}", one))})
    assert str(error.value).startswith(
        f"{variable} is (not shown: it is a secret): expected its user name and password"
    )
    assert f"{one} as {encoded}" in str(error.value)


@pytest.mark.parametrize("variable", SIGNED_IN)
def test_a_password_that_is_encoded_is_taken_as_it_was_meant(variable: str) -> None:
    for password in ("p:w", "a:b:c", "~!$&'()*+,;=-._", quote("@/#?%:[]é ", safe="")):
        url = SIGNED_IN[variable].replace("{}", password)
        load({variable: url})
        read = make_url(url).password if variable == "DATABASE_URL" else parse_url(url)["password"]  # type: ignore[no-untyped-call]
        assert read == unquote(password)


@pytest.mark.parametrize(
    ("variable", "url"),
    [
        ("DATABASE_URL", "postgresql:///lectern?host=/run/postgres@school"),
        ("DATABASE_URL", "postgresql+psycopg2://lectern@/test?host=%2Ftmp%2Fpg&port=1"),
        ("DATABASE_URL", "postgres://u:p@one:1/d?target_session_attrs=read-write&application_name=a@b"),
        ("DATABASE_URL", "postgresql://u@[::1]:5432/d"),
        ("REDIS_URL", "unix:///tmp/valkey.sock?db=1"),
        ("REDIS_URL", "unix://user:p@/tmp/valkey.sock"),
        ("REDIS_URL", "rediss://u:p@[2001:db8::1]:6380/1?ssl_cert_reqs=none"),
        ("REDIS_URL", "redis://cache"),
    ],
)
def test_urls_of_all_shapes_are_taken(variable: str, url: str) -> None:
    load({variable: url})


def test_secrets_are_not_in_the_settings_text() -> None:
    settings = load(
        {"SECRET_KEY": "hunter2", "PRESENTON_API_KEY": "hunter2", "DATABASE_URL": "postgres://a:hunter2@b/c"}
    )
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize("missing", ["DATABASE_URL", "REDIS_URL", "SECRET_KEY"])
def test_production_needs_its_servers_and_its_secret(missing: str) -> None:
    load(PRODUCTION)
    with pytest.raises(SettingsError, match=f"{missing} is not set"):
        load(PRODUCTION | {missing: ""})


@pytest.mark.parametrize(
    ("key", "why"),
    [
        (SECRET_KEY[:31], "has 31 characters"),
        ("for tests only", "has 14 characters"),
        ("aaaaaaaa" * 8, "repeats itself"),
        ("k7Q!z" * 8, "repeats itself"),
        (f"{SECRET_KEY[:17]}{SECRET_KEY[:17]}{SECRET_KEY[:5]}", "repeats itself"),
        ("01" * 10 + "10" * 10 + "0" * 10, "repeats itself"),
        ("abcdefghijklmnopqrstuvwxyz0123456789", "repeats itself or counts"),
        ("change-me-change-me-now-please-do", "a word that stands in examples"),
        ("django-insecure-k3!x9@q0z$7w2p5v8b1n4m6", "a word that stands in examples"),
        ("MySuperSecretKeyThatNobodyKnows!", "a word that stands in examples"),
        ('python3 -c "import secrets; print(secrets.token_urlsafe(32))"', "a word that stands in examples"),
        ("$(openssl rand -hex 32)         ", "has 23 characters"),
        ("$(openssl rand -hex 32) > .env ...", "a word that stands in examples"),
        ("${SECRET_KEY:?set it in .env}....", "a word that stands in examples"),
    ],
)
def test_production_takes_no_key_that_can_be_guessed(key: str, why: str) -> None:
    environment = PRODUCTION | {"SECRET_KEY": key}
    with pytest.raises(SettingsError) as error:
        load(environment)
    message = str(error.value)
    assert message.startswith("SECRET_KEY ")
    assert why in message
    assert 'Make one: python3 -c "import secrets; print(secrets.token_urlsafe(32))"' in message
    assert key not in message.replace("token_urlsafe(32)", "")
    assert load(environment | {"APP_ENV": "development"}).secret_key == key.strip()


def test_production_takes_random_keys() -> None:
    for _ in range(200):
        for key in (secrets.token_urlsafe(32), secrets.token_hex(16), secrets.token_hex(32)):
            load(PRODUCTION | {"SECRET_KEY": key})


def test_production_that_others_reach_needs_its_names() -> None:
    with pytest.raises(SettingsError, match=r"ALLOWED_HOSTS is not set: .*HOST is '0\.0\.0\.0'"):
        load(PRODUCTION | {"HOST": "0.0.0.0"})
    settings = load(PRODUCTION | {"HOST": "0.0.0.0", "ALLOWED_HOSTS": "Lectern.example, [::1]:8000,"})
    assert settings.allowed_hosts == ("lectern.example", "[::1]:8000")
    assert settings.web_url == "https://lectern.example"
    assert load({}).web_url == "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({"PUBLIC_URL": "https://school.example/slides/"}, "https://school.example/slides"),
        ({"ALLOWED_HOSTS": "school.example", "SCRIPT_NAME": "/slides"}, "https://school.example/slides"),
        ({"PUBLIC_URL": "https://a.example/b", "ALLOWED_HOSTS": "c", "SCRIPT_NAME": "/d"}, "https://a.example/b"),
    ],
)
def test_links_name_the_path_that_lectern_stands_under(given: dict[str, str], url: str) -> None:
    assert load(given).web_url == url


def test_files_are_kept_in_a_folder_or_a_bucket() -> None:
    assert load({"VAR_DIR": "/srv/lectern"}).files_folder == Path("/srv/lectern/files")
    assert load({"FILES_URL": "/srv/files/"}).files_folder == Path("/srv/files")
    bucket = load({"FILES_URL": "s3://lectern/school/files/"})
    assert (bucket.files_folder, bucket.files_url) == (None, "s3://lectern/school/files")


def test_a_secret_in_the_address_of_a_bucket_is_not_repeated() -> None:
    with pytest.raises(SettingsError) as error:
        load({"FILES_URL": "s3://AKIA:hunter2@lectern/files"})
    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize("name", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_half_of_the_credentials_is_named_where_they_are_used(name: str) -> None:
    with pytest.raises(SettingsError, match=f"^AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: .*got only {name}$"):
        load({"FILES_URL": "s3://lectern", name: "hunter2"})
    assert "hunter2" not in repr(load({name: "hunter2"})) or name == "AWS_ACCESS_KEY_ID"


def test_an_endpoint_without_a_bucket_is_half_a_setting() -> None:
    with pytest.raises(SettingsError, match=r"^FILES_URL is not set: expected a bucket"):
        load({"FILES_S3_ENDPOINT": "https://minio.example"})


def test_a_user_name_without_a_password_is_half_a_setting() -> None:
    with pytest.raises(SettingsError, match="PRESENTON_USERNAME and PRESENTON_PASSWORD"):
        load({"PRESENTON_USERNAME": "admin"})


def test_limits_grow_with_the_slides() -> None:
    settings = load({})
    assert settings.stall_limit(1) == 20 * 60
    assert settings.stall_limit(50) == 50 * 3 * 60
    assert settings.generation_limit(1) == 60 * 60
    assert settings.generation_limit(50) == 50 * 6 * 60


def test_the_page_has_every_variable_with_its_default() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for field in fields(Settings):
        default = field.metadata["default"]
        shown = f"`{default}`" if default else "-"
        assert f"| `{field.metadata['variable']}` | {shown} | {field.metadata['about']} |" in page
    table = [line for line in page.splitlines() if line.startswith("| `")]
    assert len(table) == len(fields(Settings))
