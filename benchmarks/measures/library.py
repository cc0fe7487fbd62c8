"""J: the library page of a teacher who has 5,000 presentations among those of many others."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable
from html import unescape

import psycopg2
import requests

from benchmarks.meter import Counts, Meter, metered
from benchmarks.result import Result
from benchmarks.servers import Servers
from benchmarks.size import Size
from benchmarks.system import Failed, system
from benchmarks.web import TEACHER, Web, web

# Statuses, subjects and times as a school has them; 5,000 are the teacher's, however many there are in all.
_ROWS = f"""
INSERT INTO presentation_subjects (user_id, key, name)
SELECT '{TEACHER}', 'subject' || n, 'Subject ' || n FROM generate_series(1, 12) AS n;
INSERT INTO presentation_jobs (user_id, topic, status, subject, created_at, started_at, completed_at, lease_owner,
                               error)
SELECT CASE WHEN n %% (%(rows)s / 5000) = 0 THEN '{TEACHER}' ELSE 'colleague' || n %% 500 END,
       'The history of number ' || n, status,
       CASE WHEN turn %% 13 = 0 THEN 'default' ELSE 'subject' || turn %% 13 END,
       now() - n * interval '1 minute', now() - interval '6 minutes', now(),
       CASE WHEN status = 'processing' THEN gen_random_uuid() END, 'No.'
FROM (SELECT n, turn, CASE WHEN turn %% 200 = 0 THEN 'processing' WHEN turn %% 50 = 0 THEN 'error'
                           WHEN turn %% 75 = 0 THEN 'cancelled' ELSE 'complete' END AS status
      FROM (SELECT n, n / (%(rows)s / 5000) AS turn FROM generate_series(1, %(rows)s) AS n) AS numbers) AS statuses
"""


Request = Callable[[Web, requests.Session], requests.PreparedRequest]


def library(name: str, servers: Servers, size: Size) -> Result:
    """Milliseconds until an answer is there, statements and KB of the page, and of a look at what has not changed.

    The growth is how many times as long they take where there are more rows of others.
    """
    found = [_with_rows(name, servers, rows, size.looks) for rows in size.rows]
    result = found[0]
    for larger in found[1:]:
        result["page_growth"] = larger["page_ms"] / result["page_ms"]
        result["look_growth"] = larger["look_ms"] / result["look_ms"]
    return Result(**result)


def _with_rows(name: str, servers: Servers, rows: int, looks: int) -> dict[str, float]:
    with metered(servers) as meter, system(name, servers) as one:
        _fill(one.environment["DATABASE_URL"], rows)
        with web(one) as plain:
            browser = plain.signed_in()
            page_ms, look_ms = _milliseconds(plain, browser, _page, looks), _milliseconds(plain, browser, _look, looks)
            page_kb, parts_kb = _kilobytes(plain, browser)
        with web(one, meter=meter) as through_meter:
            browser = through_meter.signed_in()
            page = _counted(through_meter, browser, meter, _page)
            look = _counted(through_meter, browser, meter, _look)
    return {
        "page_ms": page_ms,
        "page_statements": page.statements,
        "page_trips": page.trips,
        "page_kb": page_kb,
        "whole_kb": page_kb + parts_kb,
        "look_ms": look_ms,
        "look_statements": look.statements,
        "look_trips": look.trips,
    }


def _fill(database_url: str, rows: int) -> None:
    connection = psycopg2.connect(database_url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {"rows": rows})
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
    connection.close()


def _page(web: Web, browser: requests.Session) -> requests.PreparedRequest:
    return browser.prepare_request(requests.Request("GET", f"{web.url}/", headers={"Accept-Encoding": "gzip"}))


def _look(web: Web, browser: requests.Session) -> requests.PreparedRequest:
    """As the page's own script asks for news."""
    seen = browser.send(_page(web, browser)).headers["ETag"]
    headers = {"If-None-Match": seen, "X-Lectern-Look": "1"}
    return browser.prepare_request(requests.Request("GET", f"{web.url}/", headers=headers))


def _milliseconds(web: Web, browser: requests.Session, make: Request, looks: int) -> float:
    """The median of so many answers, without the first; at the turn of a minute, a look is told something new."""
    request = make(web, browser)
    times: list[float] = []
    while len(times) <= looks:
        begun = time.perf_counter()
        status = browser.send(request).status_code
        took = time.perf_counter() - begun
        if status == (304 if "If-None-Match" in request.headers else 200):
            times.append(1000 * took)
        elif status == 200:
            request = make(web, browser)
        else:
            raise Failed(f"{request.url} answers {status}")
    return statistics.median(times[1:])


def _kilobytes(web: Web, browser: requests.Session) -> tuple[float, float]:
    """What the page weighs on its way, and what else it loads: scripts, style sheets and pictures."""
    page = browser.get(f"{web.url}/", timeout=30).text
    parts = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
    return _weight(browser, f"{web.url}/"), sum(_weight(browser, web.url + unescape(part)) for part in parts)


def _weight(browser: requests.Session, url: str) -> float:
    with browser.get(url, stream=True, timeout=30) as answer:
        return len(answer.raw.read(decode_content=False)) / 1000


def _counted(web: Web, browser: requests.Session, meter: Meter, make: Request) -> Counts:
    """What is sent for one request, when the connection to the database is there already."""
    request = make(web, browser)
    browser.send(request)
    before = meter.counts()
    browser.send(request)
    return meter.counts() - before
