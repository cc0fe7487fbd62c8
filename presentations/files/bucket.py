"""Files in a bucket of an S3 store, through obstore.

obstore is one wheel without dependencies, where boto3 is four: it retries and gives up in time, uploads large files in
parts that become one object or none, reads while it arrives, lists page by page, signs links, and takes its credentials
from wherever AWS says that they may stand. It is imported when the first file is asked for, since agents that only make
presentations need none. A process that has used it must not be forked: its threads are not there in the new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from presentations.files.contents import Listed
from presentations.files.errors import Missing, StoreAway
from presentations.files.reasons import NO_SUCH_FILE, code_of, why
from presentations.settings import Settings

if TYPE_CHECKING:
    from obstore import Attributes, GetResult
    from obstore.store import S3Config, S3Store

_PIECE = 256 * 1024
# S3 lists and deletes at most so many at once.
_MANY = 1000
# Seconds: for a connection, without a byte of an answer, for all of a short answer, and from when on what fails is not
# asked again. Nobody waits for much longer than their sum.
_CONNECT, _SILENCE, _ASKING = 4, 8, 10
_RETRIES_UNTIL = 8
_PAUSE, _LONGEST_PAUSE = 0.2, 2
# A part of 5 MB has to arrive in this; two are on their way at once.
_SENDING = 15
_PARTS_AT_ONCE = 2


@contextmanager
def _told(name: str, key: str | None = None) -> Iterator[None]:
    """Turn what obstore says into a sentence. Its own words stay behind: they hold what the other side sent."""
    from obstore.exceptions import BaseError

    try:
        yield
    except (BaseError, OSError) as error:
        if key and isinstance(error, FileNotFoundError) and code_of(error) == NO_SUCH_FILE:
            raise Missing(f"{key} is not in {name}") from None
        raise StoreAway(f"{name}: {why(error)}") from None


class Bucket:
    """A bucket as a store, or what of it begins with a prefix.

    What the settings do not say of credentials and region, obstore finds in AWS's other variables, or asks AWS.
    """

    def __init__(self, settings: Settings) -> None:
        url, endpoint = str(settings.files_url), settings.files_s3_endpoint or settings.aws_endpoint_url
        self._url, self._seconds = urlsplit(url), settings.download_timeout
        self._allows_http = bool(endpoint and endpoint.startswith("http://"))
        config = {
            "access_key_id": settings.aws_access_key_id,
            "secret_access_key": settings.aws_secret_access_key,
            "session_token": settings.aws_session_token,
            "region": settings.aws_region,
            "aws_endpoint_url_s3": endpoint,  # the one that wins over all variables
        }
        self._config = {name: value for name, value in config.items() if value}
        self.name = f"{url} at {endpoint}" if endpoint else url

    def put(self, key: str, source: Path, disposition: str | None, media_type: str) -> None:
        """See Store.put."""
        from obstore import put

        attributes: Attributes = {"Content-Type": media_type}
        if disposition:
            attributes["Content-Disposition"] = disposition
        with source.open("rb") as given, _told(self.name):
            put(
                self._sending,
                key,
                given,
                attributes=attributes,
                max_concurrency=_PARTS_AT_ONCE,
            )

    def open(self, key: str) -> _Object:
        """See Store.read."""
        return _Object(self, key)

    def get(self, key: str, part: tuple[int, int] | None = None) -> GetResult:
        """A file that begins to arrive, or the bytes of it from one place to before another."""
        from obstore import get

        with _told(self.name, key):
            return get(self._reading, key, options={"range": part} if part else None)

    def delete(self, keys: Iterable[str]) -> None:
        """See Store.delete."""
        from obstore import delete

        wanted = list(keys)
        for first in range(0, len(wanted), _MANY):
            with _told(self.name):
                delete(self._asking, wanted[first : first + _MANY])

    def listed(self, prefix: str) -> Iterator[Listed]:
        """See Store.listed."""
        from obstore import list as pages

        with _told(self.name):
            for page in pages(self._asking, prefix or None, chunk_size=_MANY):
                yield from (Listed(one["path"], one["size"], one["last_modified"]) for one in page)

    def link(self, key: str, seconds: int) -> str | None:
        """See Store.link."""
        from obstore import sign

        with _told(self.name):
            return sign(self._asking, "GET", key, timedelta(seconds=seconds))

    @cached_property
    def _asking(self) -> S3Store:
        return self._client(_ASKING, _SILENCE)

    @cached_property
    def _reading(self) -> S3Store:
        return self._client(self._seconds, _SILENCE)

    @cached_property
    def _sending(self) -> S3Store:
        return self._client(_SENDING, _SENDING)

    def _client(self, whole: float, silence: float) -> S3Store:
        """A client for which an answer may take so many seconds, and be silent for so many."""
        from obstore.store import S3Store

        with _told(self.name):
            return S3Store(
                self._url.netloc,
                prefix=self._url.path.strip("/") or None,
                config=cast("S3Config", self._config),
                client_options={
                    "allow_http": self._allows_http,
                    "connect_timeout": timedelta(seconds=_CONNECT),
                    "read_timeout": timedelta(seconds=silence),
                    "timeout": timedelta(seconds=whole),
                },
                retry_config={
                    "max_retries": 3,
                    "retry_timeout": timedelta(seconds=_RETRIES_UNTIL),
                    "backoff": {
                        "init_backoff": timedelta(seconds=_PAUSE),
                        "max_backoff": timedelta(seconds=_LONGEST_PAUSE),
                        "base": 2,
                    },
                },
            )


class _Object:
    """A file that has begun to arrive."""

    def __init__(self, bucket: Bucket, key: str) -> None:
        self._bucket, self._key = bucket, key
        self._begun: GetResult | None = bucket.get(key)
        self.size = self._begun.meta["size"]

    def chunks(self, start: int, end: int) -> Iterator[bytes]:
        """Of a part, or the second time, what has begun to arrive is let go, and asked for anew."""
        begun, self._begun = self._begun, None
        if begun is None or (start, end) != (0, self.size):
            begun = self._bucket.get(self._key, (start, end))
        with _told(self._bucket.name, self._key):
            for chunk in begun.stream(_PIECE):
                yield bytes(chunk)

    def close(self) -> None:
        self._begun = None
