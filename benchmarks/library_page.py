"""What the library page costs with 5,000 presentations of one teacher among 200,000 rows.

python -m benchmarks.library_page [--subjects 12]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, text

from presentations.database import Database
from presentations.local import Backends, embedded
from presentations.settings import load
from presentations.web import create_app, db

ROWS = """
SET LOCAL statement_timeout = 0;
INSERT INTO presentation_subjects (user_id, key, name)
SELECT 'teacher', 'subject' || n, 'Subject ' || n FROM generate_series(1, :subjects) AS n;
INSERT INTO presentation_jobs (user_id, topic, status, subject, created_at, started_at, completed_at, lease_owner,
                               error)
SELECT CASE WHEN n % 40 = 0 THEN 'teacher' ELSE 'colleague' || n % 500 END, 'The history of number ' || n, status,
       CASE WHEN n / 40 % (:subjects + 1) = 0 THEN 'default' ELSE 'subject' || n / 40 % (:subjects + 1) END,
       now() - n * interval '1 minute', now() - interval '6 minutes', now(),
       CASE WHEN status = 'processing' THEN gen_random_uuid() END, 'No.'
FROM (SELECT n, CASE WHEN n % 8000 = 0 THEN 'processing' WHEN n % 2000 = 0 THEN 'error'
                     WHEN n % 3000 = 0 THEN 'cancelled' ELSE 'complete' END AS status
      FROM generate_series(1, 200000) AS n) AS numbers;
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subjects", type=int, default=12)
    subjects = parser.parse_args().subjects
    with tempfile.TemporaryDirectory() as folder:
        postgres, valkey = embedded.postgres(Path(folder)), embedded.valkey(Path(folder))
        try:
            fill(Database.at(postgres.url), subjects)
            settings = load({"SECRET_KEY": "for the benchmark", "PRESENTON_URL": "http://127.0.0.1:5000"})
            app = create_app(settings, Backends(postgres.url, valkey.url))
            with app.app_context():
                engine = db.engine
            measure(signed_in(app), engine)
        finally:
            postgres.stop()
            valkey.stop()


def fill(database: Database, subjects: int) -> None:
    database.install_schema()
    with database.begin() as session:
        session.execute(text(ROWS), {"subjects": subjects})
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE presentation_jobs"))
    database.engine.dispose()


def signed_in(app: Flask) -> FlaskClient:
    """The browser of somebody whose presentations these are."""
    accounts, client = app.extensions["accounts"], app.test_client()
    accounts.add("teacher", "Rosa Martin", "rosa@school.example")
    client.get(f"/sign-in/{accounts.make_link('teacher')}")
    return client


def measure(client: FlaskClient, engine: Engine) -> None:
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *said: statements.append(said[2]))
    page = client.get("/", headers={"Accept-Encoding": "gzip"})
    print(f"SQL statements of the page: {len(statements)}")
    parts = [page.data] + [client.get(f"/static/{file.name}").data for file in Path("static").iterdir()]
    print(f"the whole page load: {sum(map(len, parts)) / 1024:.1f} KB (the page itself: {len(parts[0]) / 1024:.1f} KB)")
    print(f"the page, median of 50: {median(lambda: client.get('/').status_code == 200):.1f} ms")
    print(f"the unchanged live look, median of 50: {median(lambda: unchanged(client)):.1f} ms")
    statements.clear()
    unchanged(client)
    print(f"SQL statements of the unchanged live look: {len(statements)}")


_seen = ""


def unchanged(client: FlaskClient) -> bool:
    """Look for news; at the turn of a minute there are some."""
    global _seen
    answer = client.get("/", headers={"If-None-Match": _seen, "X-Lectern-Look": "1"})
    _seen = answer.headers["ETag"]
    return answer.status_code == 304


def median(look: Callable[[], bool]) -> float:
    """The median time of 50 looks that are as expected, in milliseconds."""
    times: list[float] = []
    while len(times) < 50:
        before = time.perf_counter()
        if look():
            times.append(1000 * (time.perf_counter() - before))
    return statistics.median(times)


if __name__ == "__main__":
    main()
