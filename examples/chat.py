"""A chat in which presentations are asked for, made in the background, and announced when they are done.

    python -m examples.chat                # a scripted teacher talks
    python -m examples.chat --file X.pdf   # another one, who has a file and wants to see an outline first
    python -m examples.chat --interactive  # you do

The model is a script, so that this runs without a key. Put your own model into `reply`: it gets the messages and the
tools, and gives a text or calls of tools, as every model's API does. A worker has to run (`make run` brings one).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from presentations.agent import AsyncPresentationTool, Status, call_tool, tool_definitions
from presentations.errors import Unavailable

Message = dict[str, Any]

TEACHER = [
    "Please make me 3 slides about photosynthesis",
    "What is the formula of glucose?",
    "How many presentations do I have?",
]


TEACHER_WITH_A_FILE = [
    "Please make me 4 slides about my chapter, and show me an outline first",
    "Show me the outline",
    "Leave the last slide out, and make it",
]


class ScriptedModel:
    """Stands in for a language model: it knows a few phrases, and chooses among the tools it is given."""

    def reply(self, messages: list[Message], tools: list[dict[str, Any]]) -> Message:
        """The next message of the assistant: {"text": ...}, or {"calls": [{"name": ..., "arguments": ...}]}."""
        known, last = {tool["name"] for tool in tools}, messages[-1]
        if last["role"] == "tool":
            return self._about(last)
        asked = re.search(r"(\d+) slides about (.+)", last["text"])
        if asked and "create_presentation" in known:
            topic, outline_first = asked[2].partition(", and show me an outline first")[:2]
            arguments: dict[str, Any] = {"topic": topic.capitalize(), "n_slides": int(asked[1])}
            if files := re.findall(r"file_id ([0-9a-f-]{36})", "".join(one.get("text", "") for one in messages)):
                arguments["file_ids"] = files
            if outline_first:
                arguments["outline_first"] = True
            return _call("create_presentation", arguments)
        if last["text"] == "Show me the outline":
            job_id = _answer_to("create_presentation", messages)["job_id"]
            return _call("wait_for_presentation", {"job_id": job_id, "timeout": 40})
        if last["text"].startswith("Leave the last slide out"):
            outline = _answer_to("get_outline", messages)
            return _call("change_outline", {"job_id": outline["job_id"], "slides": outline["slides"][:-1]})
        if "presentations" in last["text"] and "list_presentations" in known:
            return _call("list_presentations", {})
        return {"text": "C6H12O6." if "glucose" in last["text"] else "I can make slides. Just ask!"}

    def _about(self, result: Message) -> Message:
        if result["text"].startswith("Error:"):
            return {"text": f"That did not work. {result['text']}"}
        answer = json.loads(result["text"])
        if result["name"] == "list_presentations":
            return {"text": f"There are {len(answer['presentations'])}."}
        if result["name"] == "wait_for_presentation":
            if "awaits_teacher_since" in answer:
                return _call("get_outline", {"job_id": answer["job_id"]})
            return {"text": "There is no outline that waits for you (yet)."}
        if result["name"] == "get_outline":
            titles = "; ".join(f"{number}. {slide['title']}" for number, slide in enumerate(answer["slides"], 1))
            return {"text": f"It waits for your word: {titles}."}
        if result["name"] == "change_outline":
            return _call("make_presentation", {"job_id": answer["job_id"]})
        return {"text": "I have started it, and will let you know when it is done. What else can I do?"}


def _call(name: str, arguments: dict[str, Any]) -> Message:
    return {"calls": [{"name": name, "arguments": arguments}]}


def _answer_to(name: str, messages: list[Message]) -> dict[str, Any]:
    """What the last call of a function was answered with."""
    found = next(one for one in reversed(messages) if one["role"] == "tool" and one["name"] == name)
    return dict(json.loads(found["text"]))


class Chat:
    """One user's conversation. What the model calls is done as this user and nobody else."""

    def __init__(self, model: ScriptedModel, user_id: str) -> None:
        self._model = model
        self._user_id = user_id
        self._tools = tool_definitions("anthropic")
        self._messages: list[Message] = []
        # An announcement must not come between a call and its result.
        self._turn = threading.Lock()

    def say(self, text: str) -> str:
        """The assistant's answer to what the user says."""
        with self._turn:
            self._messages.append({"role": "user", "text": text})
            while True:
                reply = self._model.reply(self._messages, self._tools)
                self._messages.append({"role": "assistant", **reply})
                if "text" in reply:
                    return str(reply["text"])
                for call in reply["calls"]:
                    result = call_tool(call["name"], call["arguments"], self._user_id)
                    self._messages.append({"role": "tool", "name": call["name"], "text": result})

    def attach(self, path: str) -> str:
        """Keep a file of the user's; the model learns its id, and never where it is. Raises LecternError."""
        file = AsyncPresentationTool(user_id=self._user_id).add_file(path)
        with self._turn:
            self._messages.append({"role": "user", "text": f"(attached: {file['name']}, file_id {file['file_id']})"})
        return file["name"]

    def announce(self, ended: Status) -> str:
        """Tell the user what has ended; the model will know of it, too."""
        if ended["status"] == "complete":
            link = ended["slides_url"] or ended["open_url"]
            text = f"Your slides “{ended['title']}” are ready" + (f": {link}" if link else " in Lectern.")
        else:
            text = f"“{ended['title']}” was not made: {ended['error'] or ended['status']}"
        with self._turn:
            self._messages.append({"role": "assistant", "text": text})
        return text


class Watch:
    """Keeps the promise "I'll let you know": looks every few seconds for what has ended."""

    def __init__(self, user_id: str, seconds: float) -> None:
        self._tool = AsyncPresentationTool(user_id=user_id)
        self._since = datetime.now(UTC).isoformat()
        self._seconds = seconds
        self._stopped = threading.Event()

    def ended(self) -> Iterator[Status]:
        """Whatever ends from now on, each once, until some time after `stop`."""
        is_last = False
        while not is_last:
            is_last = self._stopped.is_set()
            time.sleep(self._seconds)
            try:
                found = self._tool.finished_since(None, self._since)
            except Unavailable:
                continue  # nothing is lost: the next look starts from the same moment
            for status in found:
                self._since = status["ended_at"] or self._since
                yield status

    def wait(self) -> None:
        """Wait until nothing is being made any longer."""
        for status in ("pending", "processing"):
            for one in self._tool.list_presentations(status=status):
                self._tool.wait_for(one["job_id"], timeout=3600)

    def stop(self) -> None:
        """Take a last look, and then no more."""
        self._stopped.set()


def main() -> None:
    """Talk until there is nothing more to say and nothing more to wait for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--user", default="teacher", help="who talks (default: %(default)s)")
    parser.add_argument("--interactive", action="store_true", help="you talk, until Ctrl-D, instead of the script")
    parser.add_argument("--file", help="a PDF, Word, PowerPoint or text file to make slides from")
    asked = parser.parse_args()
    chat, watch = Chat(ScriptedModel(), asked.user), Watch(asked.user, seconds=0.5)
    announcer = threading.Thread(target=_announce, args=(chat, watch))
    announcer.start()
    scripted = TEACHER_WITH_A_FILE if asked.file else TEACHER
    try:
        if asked.file:
            print(f"Teacher: (gives {chat.attach(asked.file)})")
        for line in map(str.strip, sys.stdin) if asked.interactive else scripted:
            print(f"Teacher: {line}")
            print(f"Agent: {chat.say(line)}", flush=True)
        watch.wait()
    finally:
        watch.stop()
        announcer.join()


def _announce(chat: Chat, watch: Watch) -> None:
    for status in watch.ended():
        print(f"Agent: {chat.announce(status)}", flush=True)


if __name__ == "__main__":
    main()
