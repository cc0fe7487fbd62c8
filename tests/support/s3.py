"""A real S3 server, moto's, for the tests of a process; and buckets in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
import requests

ACCESS_KEY = "AKIAOFTHETESTS"
SECRET_KEY = "secret-word-of-the-tests"
PAGE = 10


@dataclass(frozen=True)
class S3:
    """A server at `endpoint`. It asks for no right key; what it keeps is gone when it stops."""

    endpoint: str

    def bucket(self) -> str:
        """The name of a new bucket."""
        name = f"lectern-{uuid4()}"
        requests.put(f"{self.endpoint}/{name}", timeout=30).raise_for_status()
        return name

    def environment(self, prefix: str = "school/files") -> dict[str, str]:
        """What a Lectern needs to keep its files in a new bucket here."""
        return {"FILES_URL": f"s3://{self.bucket()}/{prefix}", "FILES_S3_ENDPOINT": self.endpoint, **CREDENTIALS}


CREDENTIALS = {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY, "AWS_REGION": "eu-central-1"}


@pytest.fixture(scope="session")
def s3() -> Iterator[S3]:
    """An S3 server, whose lists come in small pages."""
    from moto.server import ThreadedMotoServer  # takes a second

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", str(PAGE))
        server.start()
        host, port = server.get_host_and_port()
        yield S3(f"http://{host}:{port}")
        server.stop()
