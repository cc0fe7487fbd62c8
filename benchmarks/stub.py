"""A Presenton that costs next to nothing: it answers at once, and a generation takes as long as it was told to.

python -m benchmarks.stub PORT. It notes when each topic was asked for and done, on the machine's monotonic clock.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections import defaultdict
from typing import Any

_TOPIC = re.compile(rb"bench-[0-9]+")
_STATUS = "/api/v1/ppt/presentation/status/"
_GENERATE = "/api/v1/ppt/presentation/generate"


class Stub:
    """What was asked of it since the last reset."""

    def __init__(self) -> None:
        self.reset(0.0)

    def reset(self, seconds: float) -> None:
        self.seconds = seconds
        self.calls = 0
        self.asked: dict[str, list[float]] = defaultdict(list)
        self.done: dict[str, list[float]] = defaultdict(list)

    async def answer(self, method: str, path: str, body: bytes, caller: asyncio.StreamReader) -> tuple[int, Any]:
        if path.startswith("/bench"):
            return 200, self._tell(method, path, body)
        self.calls += 1
        now = time.monotonic()
        if path == _GENERATE:
            topic = _topic(body)
            self.asked[topic].append(now)
            await asyncio.sleep(self.seconds)
            if not caller.at_eof():
                # Whoever has died meanwhile does not hear that it is done.
                self.done[topic].append(time.monotonic())
            return 200, _deck(topic)
        if path == f"{_GENERATE}/async":
            topic = _topic(body)
            self.asked[topic].append(now)
            return 200, {"id": f"task-{topic}-{now}", "status": "pending", "message": "", "data": None}
        if path.startswith(_STATUS):
            return self._status(path.removeprefix(_STATUS))
        if path == "/api/v1/auth/verify":
            return 200, {"authenticated": True, "username": "bench"}
        return 404, {"detail": "Not Found"}

    def _tell(self, method: str, path: str, body: bytes) -> Any:
        if method == "POST":
            self.reset(json.loads(body)["seconds"])
        if path == "/bench/count":
            return {"asked": len(self.asked), "done": sum(map(bool, self.done.values())), "calls": self.calls}
        return {"asked": self.asked, "done": self.done}

    def _status(self, task: str) -> tuple[int, Any]:
        topic, _, begun = task.removeprefix("task-").rpartition("-")
        if topic not in self.asked:
            return 404, {"detail": "No async presentation generation found"}
        is_done = time.monotonic() - float(begun) >= self.seconds
        if is_done and not self.done[topic]:
            self.done[topic].append(time.monotonic())
        state = {"status": "completed", "data": _deck(topic)} if is_done else {"status": "pending", "data": None}
        return 200, {"id": task, "message": "", **state}


def _topic(body: bytes) -> str:
    found = _TOPIC.search(body)
    return found.group().decode() if found else "other"


def _deck(topic: str) -> dict[str, str]:
    return {
        "presentation_id": f"deck-{topic}",
        "path": f"/app_data/exports/{topic}.pptx",
        "edit_path": f"/presentation?id=deck-{topic}",
    }


async def _serve(stub: Stub, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            method, path, _ = head.split(b" ", 2)
            length = re.search(rb"(?i)content-length: *(\d+)", head)
            body = await reader.readexactly(int(length[1])) if length else b""
            status, said = await stub.answer(method.decode(), path.decode().partition("?")[0], body, reader)
            text = json.dumps(said).encode()
            head = (
                f"HTTP/1.1 {status} .\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n".encode()
            )
            writer.write(head + text)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main(port: int) -> None:
    stub = Stub()
    server = await asyncio.start_server(lambda r, w: _serve(stub, r, w), "127.0.0.1", port, backlog=1024)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
