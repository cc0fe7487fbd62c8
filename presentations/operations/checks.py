"""Is everything well? One look at each thing that Lectern needs, with what to do where something is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import disk_usage
from time import monotonic

import requests
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import text

from presentations.accounts import metadata_url
from presentations.database import Database
from presentations.database.models import Base
from presentations.errors import Unavailable
from presentations.files import Store, StoreError
from presentations.jobs import foreign_keys
from presentations.library import keep_templates
from presentations.operations.deck_checks import lost_files, office_found, sandbox_works
from presentations.operations.overview import space_used
from presentations.operations.workers import QUEUES, makers_among, workers_of
from presentations.presenton import NotLetIn, NotPresenton, Presenton, PresentonError, WholeAnswers
from presentations.settings import Settings
from presentations.webhooks import within

_OLDEST_POSTGRES = 15
_PATIENCE = 5.0
# What a busy day may need, and what file systems themselves keep back or slow down below.
_LEAST_FREE, _LEAST_FREE_SHARE = 1_000_000_000, 0.05


@dataclass(frozen=True)
class Check:
    """How one thing stands: `problem` is None when it is well; `advice` says what to do otherwise.

    `said` is what else is known of it. With `is_warning` all works as yet.
    """

    name: str
    problem: str | None = None
    advice: str = ""
    said: str = ""
    is_warning: bool = False


@dataclass(frozen=True)
class Servers:
    """What Lectern stands on. `presenton` is None when no PRESENTON_URL is set."""

    settings: Settings
    database: Database
    redis: Redis
    presenton: Presenton | None


def essentials(servers: Servers) -> list[Check]:
    """What no page works without: database, its tables, Redis."""
    return [check(servers) for check in (_database, _schema, _redis)]


def everything(servers: Servers) -> list[Check]:
    """All checks, in the order in which to mend things."""
    others: list[Callable[[Servers], Check]] = [
        _redis_keeps,
        _redis_keys,
        _files,
        _presenton,
        _workers,
        _sandbox,
    ]
    if servers.settings.oidc_issuer:
        others.append(_identity_provider)
    return [*_configuration(servers.settings), *essentials(servers), *(check(servers) for check in others)]


def thoroughly(servers: Servers) -> list[Check]:
    """everything(), and a look at the newest files that are kept."""
    return [*everything(servers), _kept_files(servers)]


def _configuration(settings: Settings) -> Iterator[Check]:
    """What the settings allow, but nobody should run for others."""
    name = "configuration"
    if not settings.presenton_url:
        yield Check(
            name, "PRESENTON_URL is not set.", "Set it to the URL of your Presenton; without it nothing is made."
        )
    if settings.app_env != "production":
        return
    if not settings.allowed_hosts:
        yield Check(
            name, "ALLOWED_HOSTS is not set.", "Set it to the name that teachers type, such as lectern.example."
        )
    if settings.allowed_hosts and not settings.trusted_proxies:
        advice = "Set it to how many reverse proxies stand before the web; else all visitors count as one address."
        yield Check(name, "TRUSTED_PROXIES is 0, though the web has a name of its own.", advice)


def _database(servers: Servers) -> Check:
    try:
        with servers.database.begin() as session:
            version = int(session.scalar(text("SHOW server_version_num"))) // 10000
            encoding = session.scalar(text("SHOW server_encoding"))
    except Unavailable as error:
        return Check("database", str(error), "Look at DATABASE_URL, and whether PostgreSQL runs and lets Lectern in.")
    if version < _OLDEST_POSTGRES:
        return Check("database", f"PostgreSQL {version} is too old.", f"Use PostgreSQL {_OLDEST_POSTGRES} or newer.")
    if encoding != "UTF8":
        advice = "Make another: createdb --encoding=UTF8 --locale=C.UTF-8 --template=template0 lectern"
        return Check("database", f"Its encoding is {encoding}.", advice)
    return Check("database")


def _schema(servers: Servers) -> Check:
    wanted = {(table.name, column.name) for table in Base.metadata.sorted_tables for column in table.columns}
    try:
        with servers.database.single() as session:
            there = {tuple(row) for row in session.execute(_COLUMNS)}
    except Unavailable:
        return Check("schema", "It cannot be looked at without the database.", "Mend the database first.")
    missing = sorted(".".join(column) for column in wanted - there)
    if missing:
        shown = ", ".join(missing[:3]) + (f" and {len(missing) - 3} more" if len(missing) > 3 else "")
        return Check("schema", f"The database lacks {shown}.", 'Install or upgrade: psql "$DATABASE_URL" -f schema.sql')
    return Check("schema")


_COLUMNS = text(
    "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = ANY (current_schemas(false))"
)


def _redis(servers: Servers) -> Check:
    try:
        servers.redis.ping()
    except RedisError as error:
        return Check("redis", str(error), "Look at REDIS_URL, and whether Redis runs. What waits is kept meanwhile.")
    return Check("redis")


def _redis_keeps(servers: Servers) -> Check:
    """Whether Redis may throw jobs away when its memory is full."""
    name = "redis memory"
    try:
        policy = servers.redis.config_get("maxmemory-policy").get("maxmemory-policy", "noeviction")
    except RedisError:  # many hosted ones do not tell
        return Check(name)
    if policy == "noeviction":
        return Check(name)
    return Check(name, f"maxmemory-policy is {policy}.", "Set it to noeviction, lest Redis drops what waits.")


def _redis_keys(servers: Servers) -> Check:
    """Whether somebody else has put something where the line ought to be."""
    try:
        foreign = foreign_keys(servers.redis, QUEUES)
    except RedisError:
        return Check("redis keys", "They cannot be looked at without Redis.", "Mend Redis first.")
    if not foreign:
        return Check("redis keys")
    told = "; ".join(f"{one.key} is a {one.found}, not a {one.expected}" for one in foreign)
    advice = (
        "Find out who else writes to this Redis (REDIS_URL). A worker sets such keys aside, and makes the line anew "
        f"from the database; without one: DEL {' '.join(one.key for one in foreign)}"
    )
    return Check("redis keys", f"{told}.", advice)


def _files(servers: Servers) -> Check:
    """Whether files can be kept, and for how long still."""
    name, settings, store = "files", servers.settings, Store.of(servers.settings)
    folder = settings.files_folder
    try:
        within(_PATIENCE, store.check)
    except TimeoutError:
        problem = f"{store.name} does not answer within {_PATIENCE:g} seconds."
        return Check(name, problem, "Look at what serves it, and at the way there.")
    except StoreError as error:
        advice = (
            f"Look at FILES_URL. Make the folder for Lectern's user, or mount it: install -d -m 700 -o lectern {folder}"
            if folder
            else "Look at FILES_URL, FILES_S3_ENDPOINT, AWS_REGION, AWS_ACCESS_KEY_ID and its secret, and whether the "
            "bucket is there and lets Lectern read, write, list and delete."
        )
        return Check(name, f"{error.reason}.", advice)
    return _space(name, folder) if folder else Check(name, said=f"in {store.name}")


def _space(name: str, folder: Path) -> Check:
    space = disk_usage(folder)
    free = f"{space.free / 1e9:.1f} GB free"
    if space.free < max(_LEAST_FREE, _LEAST_FREE_SHARE * space.total):
        advice = "Make room, or move the files to a larger disk. When it is full, new files are not kept."
        return Check(name, f"The disk of {folder} has only {free}.", advice, is_warning=True)
    return Check(name, said=f"in the folder {folder}, {free}")


def _presenton(servers: Servers) -> Check:
    if servers.presenton is None:
        return Check("presenton", "No PRESENTON_URL is set.", "Set it to the URL of your Presenton.")
    began = monotonic()
    try:
        within(_PATIENCE, servers.presenton.probe)
        took = (monotonic() - began) * 1000
        release = within(_PATIENCE, servers.presenton.release)
    except TimeoutError:
        problem = f"It does not answer within {_PATIENCE:g} seconds."
        return Check("presenton", problem, "Look at Presenton's own log; restarting it helps most often.")
    except NotLetIn as error:
        advice = "Look at PRESENTON_API_KEY, or PRESENTON_USERNAME and PRESENTON_PASSWORD."
        return Check("presenton", f"It does not let Lectern in: {error}", advice)
    except NotPresenton as error:
        advice = "Set PRESENTON_URL to the address of Presenton itself; mind the port, which its start command names."
        return Check("presenton", str(error), advice)
    except PresentonError as error:
        return Check("presenton", str(error), "Look at PRESENTON_URL, and whether Presenton runs there.")
    mode = servers.settings.presenton_mode
    offers = _offers(servers, servers.presenton)
    return Check("presenton", said=f"release {release}, asked in mode {mode}, answers in {took:.0f} ms, {offers}")


def _offers(servers: Servers, presenton: Presenton) -> str:
    """How many templates it has, which are noted for the form."""
    with suppress(TimeoutError, PresentonError):
        offered = within(_PATIENCE, presenton.templates)
        with suppress(Unavailable):
            keep_templates(servers.database, offered, has_outlines=presenton.has_outlines())
        if offered:
            return f"offers {len(offered)} templates"
    return "does not say which templates it has"


def _identity_provider(servers: Servers) -> Check:
    """By OpenID Connect Discovery 1.0, section 4.3, the issuer that it names has to be the one that was asked."""
    name, issuer = "single sign-on", servers.settings.oidc_issuer
    try:
        with requests.Session() as session:
            for scheme in ("http://", "https://"):
                session.mount(scheme, WholeAnswers(_PATIENCE))
            response = session.get(metadata_url(str(issuer)), timeout=_PATIENCE)
        response.raise_for_status()
        named = response.json()["issuer"]
    except (requests.RequestException, ValueError, KeyError, TypeError, RecursionError) as error:
        advice = "Look at OIDC_ISSUER, and whether the identity provider runs there."
        return Check(name, f"{metadata_url(str(issuer))} gives no metadata: {error!r}", advice)
    if str(named).rstrip("/") != issuer:
        return Check(name, f"It calls itself {named}.", "Set OIDC_ISSUER to that.")
    return Check(name)


def _workers(servers: Servers) -> Check:
    workers = workers_of(servers.redis)
    if workers is None:
        return Check("workers", "They cannot be counted without Redis.", "Mend Redis first.")
    if not makers_among(workers):
        return Check("workers", "No worker is there.", "Start one: lectern worker")
    return Check("workers")


def _sandbox(_: Servers) -> Check:
    name = "decks"
    problem, said = sandbox_works()
    if problem is None:
        return Check(name, said=f"{said}; {office_found()}")
    advice = "Words and pictures of decks cannot be made until it works; downloads can. See docs/security.md."
    return Check(name, problem, advice)


def _kept_files(servers: Servers) -> Check:
    """Whether the store still has what rows name; of the newest few, since all may be millions."""
    name, store = "kept files", Store.of(servers.settings)
    try:
        number, missing, damaged = within(4 * _PATIENCE, lambda: lost_files(servers.database, store))
        space = space_used(servers.database)
    except TimeoutError:
        problem = f"A look at a few files in {store.name} takes longer than {4 * _PATIENCE:g} seconds."
        return Check(name, problem, "Look at what serves it, and at the way there.")
    except Unavailable:
        return Check(name, "They cannot be looked at without the database.", "Mend the database first.")
    except StoreError as error:
        return Check(name, f"They cannot be looked at: {error.reason}.", "Mend the store of files first.")
    if missing or damaged:
        problem = f"Of the newest {number} in {store.name}, {missing} are missing and {damaged} damaged."
        advice = (
            "Look whether FILES_URL is the right place. If files were lost, bring them back from a backup: "
            "docs/operations.md#back-up-and-restore"
        )
        return Check(name, problem, advice)
    parts = {"decks": space.decks, "older versions": space.versions, "material": space.material}
    taken = ", ".join(f"{size / 1e9:.1f} GB {what}" for what, size in parts.items())
    return Check(name, said=f"the newest {number} are there and as they were; {taken}")
