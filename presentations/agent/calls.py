"""A language model's function calls: carried out for one user, and always answered."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any, NamedTuple

from presentations.agent.arguments import NotUnderstood, checked, parsed
from presentations.agent.functions import BY_NAME, LISTED, LONGEST_WAIT, MOST_LISTED, USUAL_WAIT, WAIT, Function
from presentations.agent.reading import read, read_outline
from presentations.agent.results import Status
from presentations.agent.tool import AsyncPresentationTool
from presentations.agent.waiting import Look, ask_again_after, is_over, looks
from presentations.errors import (
    Conflicting,
    InvalidRequest,
    LecternError,
    NotAllowed,
    NotFound,
    NotThere,
    SettingsError,
    Unavailable,
)
from presentations.validation import checked_user

log = logging.getLogger(__name__)

# What a model has no use for, or may mistake for a link.
NOT_TOLD = ("user_id", "presenton_id", "presenton_url", "slides_done", "slides_total", "completed_at")


class Result(NamedTuple):
    """What the model reads: JSON, or what went wrong and what to do about it; and what the JSON says, if it is that."""

    text: str
    is_error: bool
    content: dict[str, Any] | None = None


def call_tool(name: str, arguments: Mapping[str, Any] | str | None, user_id: str) -> str:
    """Carry out a model's function call for `user_id`, who sees and changes nobody else's presentations.

    `arguments` are a dict, or the JSON that OpenAI gives. Never raises: the answer is JSON, or a text that begins with
    "Error:" and says what was expected.
    """
    for step in steps(name, arguments, user_id):
        if isinstance(step, Look):
            time.sleep(step.pause)
    assert isinstance(step, Result)  # noqa: S101 (the last step always is)
    return step.text


def steps(
    name: str, arguments: Mapping[str, Any] | str | None, user_id: str, check: Callable[[], object] = lambda: None
) -> Iterator[Look | Result]:
    """The same, for callers that sleep in their own way: the looks of a wait, if it is one, and then the answer.

    `check` is called before each look: the LecternError that it raises ends the wait.
    """
    try:
        function = _known(name)
        given = checked(function, parsed(arguments))
        tool = AsyncPresentationTool(checked_user(user_id))
        if function.name == WAIT:
            content = yield from _wait(tool, user_id, check, **given)
        else:
            content = _CALLS[function.name](tool, **given)
        yield Result(json.dumps(content, ensure_ascii=False), False, content)
    except LecternError as error:
        yield Result(f"Error: {_sentence(error)} {_advice(error)}".rstrip(), True)
    except Exception as error:
        log.exception("a model's call of %r failed", name)
        yield Result(
            f"Error: something went wrong inside Lectern ({type(error).__name__}). This is not your fault. Do not call "
            "it again at once; tell the user that presentations do not work just now.",
            True,
        )


def _sentence(error: LecternError) -> str:
    # What a person is told to do then stands in the second one; a model has other ways.
    said = str(error).partition(". ")[0] if isinstance(error, NotFound) else str(error).rstrip()
    return said if said.endswith((".", ")")) else f"{said}."


def _advice(error: LecternError) -> str:
    if isinstance(error, NotFound):
        return "Call list_presentations to find the right job_id."
    if isinstance(error, InvalidRequest):
        return "Correct it and call again."
    if isinstance(error, Unavailable):
        return "Nothing was changed. If it stays so, tell the user."
    if isinstance(error, NotAllowed):
        return "Do not call it again; tell the user."
    if isinstance(error, Conflicting):
        return "Call get_presentation to see how it stands now."
    if isinstance(error, NotUnderstood | NotThere):
        return ""
    what = "its settings are wrong" if isinstance(error, SettingsError) else "its servers do not run"
    return f"Lectern cannot be used here, since {what}: tell the user that an administrator has to look at it."


def _known(name: object) -> Function:
    function = BY_NAME.get(name) if isinstance(name, str) else None
    if function is None:
        raise NotUnderstood(f"there is no tool {name!r}. Call one of: {', '.join(BY_NAME)}.")
    return function


_STARTED = "Started. It is made in the background and is usually ready in 10 to 20 minutes."
_OUTLINE_STARTED = (
    "Started. Its outline is proposed first, in a minute or two, and then waits for the user's word: look at it with "
    "get_outline."
)
_WAITS = (
    "Its outline waits for your word: look at it with get_outline, show it to the user, and call make_presentation "
    "once they say so. Until then nothing is made."
)


def _create(tool: AsyncPresentationTool, **given: Any) -> dict[str, Any]:
    asked = tool.create_presentation_async(**given)
    has_outline = given.get("outline_first") or asked.get("applied_defaults", {}).get("outline_first")
    message = _OUTLINE_STARTED if has_outline else _STARTED
    return {key: value for key, value in asked.items() if key != "check_status"} | {"message": message}


def _outline(tool: AsyncPresentationTool, job_id: str, from_slide: int = 1) -> dict[str, Any]:
    return read_outline(tool.get_outline(job_id), from_slide)


def _change_outline(tool: AsyncPresentationTool, job_id: str, slides: list[dict[str, Any]]) -> dict[str, Any]:
    return read_outline(tool.change_outline(job_id, slides), 1)


def _make(tool: AsyncPresentationTool, job_id: str, slides: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return _shown(tool.make_presentation(job_id, slides)) | {"message": _STARTED}


def _templates(tool: AsyncPresentationTool) -> dict[str, Any]:
    found = tool.list_templates()
    named = [{"id": one["id"], "name": one["name"], "description": one["description"]} for one in found["templates"]]
    return {**found, "templates": named}


def _files(tool: AsyncPresentationTool) -> dict[str, Any]:
    files = tool.list_files()[:MOST_LISTED]
    return {"files": [{key: value for key, value in one.items() if value is not None} for one in files]}


def _get(tool: AsyncPresentationTool, job_id: str) -> dict[str, Any]:
    return _shown(tool.get_job_status(job_id))


def _slides(tool: AsyncPresentationTool, job_id: str, from_slide: int = 1) -> dict[str, Any]:
    return read(tool.get_slides(job_id), from_slide)


def _list(tool: AsyncPresentationTool, limit: int = LISTED, **given: Any) -> dict[str, Any]:
    # One more than is shown tells whether there are more.
    found = tool.list_presentations(**given, limit=limit + 1)
    listed: dict[str, Any] = {"presentations": [_shown(one) for one in found[:limit]]}
    if len(found) > limit:
        listed["message"] = f"There are more than these {limit}; narrow the list down, or ask for a larger limit."
    return listed


def _finished(tool: AsyncPresentationTool, since: str) -> dict[str, Any]:
    news = tool.news_since(None, since)
    ended, outlines = ([_shown(one) for one in part] for part in (news["ended"], news["outlines"]))
    return {"presentations": ended, "outlines": outlines, "next_since": news["next_since"]}


def _wait(
    tool: AsyncPresentationTool, user_id: str, check: Callable[[], object], job_id: str, timeout: int = USUAL_WAIT
) -> Generator[Look, None, dict[str, Any]]:
    seconds = min(timeout, LONGEST_WAIT)

    def status() -> Status:
        check()
        return tool.get_job_status(job_id)

    for look in looks(status, seconds):
        yield look
    shown = _shown(look.status)
    if not is_over(look.status):
        again = ask_again_after(user_id, job_id)
        shown["ask_again_after_seconds"] = again
        shown["message"] = (
            f"Not over after {seconds} seconds. It goes on in the background: go on without it, and ask again with "
            f"get_presentation in {again} seconds or later."
        )
    return shown


def _move(tool: AsyncPresentationTool, job_id: str, subject: str) -> dict[str, Any]:
    return _shown(tool.update_subject(job_id, subject))


def _subjects(tool: AsyncPresentationTool) -> dict[str, Any]:
    return {"subjects": tool.list_subjects()}


def _cancel(tool: AsyncPresentationTool, job_id: str) -> dict[str, Any]:
    return _shown(tool.cancel(job_id))


def _retry(tool: AsyncPresentationTool, job_id: str) -> dict[str, Any]:
    return _shown(tool.retry(job_id))


def _shown(status: Status) -> dict[str, Any]:
    shown = {key: value for key, value in status.items() if value is not None and key not in NOT_TOLD}
    return shown | {"message": _WAITS} if status["awaits_teacher_since"] else shown


_CALLS: dict[str, Callable[..., dict[str, Any]]] = {
    "create_presentation": _create,
    "get_presentation": _get,
    "get_outline": _outline,
    "change_outline": _change_outline,
    "make_presentation": _make,
    "list_templates": _templates,
    "list_files": _files,
    "get_slides": _slides,
    "list_presentations": _list,
    "finished_presentations": _finished,
    "move_presentation": _move,
    "list_subjects": _subjects,
    "cancel_presentation": _cancel,
    "retry_presentation": _retry,
}
