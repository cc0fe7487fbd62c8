"""Presentations, webhooks and limits, as admins see and change them."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import func, update

from presentations.accounts import Accounts
from presentations.database import Database
from presentations.database.models import ERROR, Delivery, Webhook
from presentations.library import Library, Uploads
from presentations.operations import Controls
from presentations.webhooks import Webhooks
from tests.support.presentations import write
from tests.support.signing import send
from tests.support.uploads import Give
from tests.web.admin.pages import found_on


def test_everybodys_presentations_are_searched(ann: FlaskClient, library: Library, database: Database) -> None:
    for user, topic in (("teacher", "Volcanoes"), ("colleague", "Volcanic soil"), ("colleague", "Cells")):
        library.create(user, topic)
    page = found_on(ann, "/admin/presentations?q=volcan")
    assert "Volcanoes" in page
    assert "Volcanic soil" in page
    assert "Cells" not in page
    assert "Volcanoes" not in found_on(ann, "/admin/presentations?user=colleague")
    assert "Nothing found." in found_on(ann, "/admin/presentations?status=error")
    assert ann.get("/admin/presentations?after=rubbish").status_code == 400


def test_an_admin_sees_why_and_tries_again(ann: FlaskClient, library: Library, database: Database) -> None:
    asked = library.create("teacher", "Volcanoes")
    detail = {"error": "It was too much.", "error_detail": "HTTP 500: <b>no outline</b>", "attempts": 3}
    write(database, asked, status=ERROR, presenton_task_id="task-0815", **detail)
    path = f"/admin/presentations/{asked.id}"
    page = ann.get(path).text
    for said in ("HTTP 500: &lt;b&gt;no outline&lt;/b&gt;", "task-0815", "It was too much.", f"{asked.id}_1"):
        assert said in page
    assert send(ann, f"{path}/retry", seen=path).status_code == 303
    assert library.get(None, asked.id).status == "pending"
    send(ann, f"{path}/cancel", seen=path)
    assert library.get(None, asked.id).status == "cancelled"


def test_an_admin_is_told_which_file_is_lacking(
    ann: FlaskClient, library: Library, uploads: Uploads, give: Give
) -> None:
    file = give("teacher")
    asked = library.create("teacher", "Cells", file_ids=[file.id])
    library.cancel("teacher", asked.id)
    uploads.remove("teacher", file.id)
    path = f"/admin/presentations/{asked.id}"
    assert send(ann, f"{path}/retry", seen=path).status_code == 303
    assert "no longer kept: “cells.txt”" in found_on(ann, path)


def test_webhooks_in_trouble_are_shown_and_switched_on(
    ann: FlaskClient, database: Database, accounts: Accounts
) -> None:
    webhooks = Webhooks(database, allow_private=True)
    off = webhooks.subscribe("teacher", "http://127.0.0.1:9/off").webhook
    webhooks.subscribe("teacher", "http://127.0.0.1:9/fine")
    test = webhooks.send_test("teacher", off.id)
    with database.begin() as session:
        gone = {"is_active": False, "switched_off_at": func.now(), "switched_off_why": "It failed for five days."}
        session.execute(update(Webhook).where(Webhook.id == off.id).values(**gone))
        session.execute(update(Delivery).where(Delivery.id == test.id).values(status="failed", problem="No answer."))
    page = found_on(ann, "/admin/webhooks")
    assert "It failed for five days." in page
    assert "No answer." in page
    assert "/fine" not in page
    send(ann, f"/admin/webhooks/{off.id}/on", seen="/admin/webhooks")
    assert webhooks.get(None, off.id).is_active
    assert "None." in found_on(ann, "/admin/webhooks")


def test_limits_are_set_and_bad_ones_refused(ann: FlaskClient, library: Library) -> None:
    path, controls = "/admin/limits", Controls(library.database, library.engine)
    send(ann, f"{path}/waiting", seen=path, max_waiting="7")
    send(ann, f"{path}/pause", seen=path, pause_reason="Moving house.")
    send(ann, f"{path}/notice", seen=path, notice="New server on Friday.")
    now = controls.now()
    assert (now.max_waiting, now.pause_reason, now.notice) == (7, "Moving house.", "New server on Friday.")
    send(ann, f"{path}/resume", seen=path)
    assert controls.now().paused_at is None
    for word, is_allowed in (("Yes", True), ("No", False)):
        send(ann, f"{path}/web-search", seen=path, web_search=word)
        assert (controls.now().web_search, library.may_search()) == (is_allowed, is_allowed)
    for verb, field, value in (
        ("waiting", "max_waiting", "-1"),
        ("waiting", "max_waiting", "many"),
        ("waiting", "max_waiting", "9" * 5000),
        ("pause", "pause_reason", " "),
        ("notice", "notice", "x" * 301),
    ):
        answer = send(ann, f"{path}/{verb}", seen=path, **{field: value})
        assert answer.status_code == 422
        assert f'id="{field}-problem"' in answer.text
    assert controls.now().max_waiting == 7


def test_admins_alone_see_the_way_to_their_pages(ann: FlaskClient, rosa: FlaskClient) -> None:
    assert 'href="/admin"' in ann.get("/").text
    assert "/admin" not in rosa.get("/").text
