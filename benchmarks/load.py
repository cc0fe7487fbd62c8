"""Asks a web again and again by a few connections that stay open, at little cost: python -m benchmarks.load.

Reads `{"port": 8000, "requests": ["GET / HTTP/1.1..."], "connections": 8, "seconds": 10, "count": 1000}` and prints how
many answers of each status there were a second, until either limit.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")


async def main(told: dict[str, Any]) -> dict[str, float]:
    answers: Counter[str] = Counter()
    texts = [request.encode() for request in told["requests"]]
    requests = itertools.islice(itertools.cycle(texts), told["count"])
    begun = time.monotonic()
    until = begun + told["seconds"]
    await asyncio.gather(*(_ask(told["port"], requests, answers, until) for _ in range(told["connections"])))
    took = time.monotonic() - begun
    return {status: count / took for status, count in answers.items()}


async def _ask(port: int, requests: Iterator[bytes], answers: Counter[str], until: float) -> None:
    reader = writer = None
    for request in requests:
        if time.monotonic() > until:
            break
        if reader is None or writer is None:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        status = head.split(b" ", 2)[1].decode()
        answers[status] += 1
        await _read_body(reader, head, status)
        if b"\r\nconnection: close" in head.lower():
            writer.close()
            reader = None
    if writer:
        writer.close()


async def _read_body(reader: asyncio.StreamReader, head: bytes, status: str) -> None:
    if length := _LENGTH.search(head):
        if status != "304":
            await reader.readexactly(int(length[1]))
    elif b"chunked" in head:
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(json.load(sys.stdin)))))
