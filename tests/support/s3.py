"""A real S3 server, moto's, for the tests of a process; and buckets in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
import requests

ACCESS_KEY = "AKIAOFTHETESTS"
SECRET_KEY = "secret-word-of-the-tests"


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
        """What a Lectern needs to keep its files in a new bucket here: for one in another process, or in this."""
        return {"FILES_URL": f"s3://{self.bucket()}/{prefix}", "FILES_S3_ENDPOINT": self.endpoint, **CREDENTIALS}


CREDENTIALS = {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY, "AWS_REGION": "eu-central-1"}


@pytest.fixture(scope="session")
def s3() -> Iterator[S3]:
    """An S3 server, and the credentials for it in this process's own environment, where obstore looks for them."""
    from moto.server import ThreadedMotoServer  # takes a second

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        yield S3(f"http://{host}:{port}")
    server.stop()
