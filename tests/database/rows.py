"""Rows for every table, as each release of the schema takes them."""

from __future__ import annotations

from sqlalchemy import text

from presentations.database import Database

COMPLETE = "00000000-0000-0000-0000-000000000004"
AGAIN_FAILED = "00000000-0000-0000-0000-000000000005"
DELETED = "00000000-0000-0000-0000-000000000007"

# What a row needs, a table or a later column of it, and how it is made. A table's first row has no later column.
_ROWS = {
    "presentation_jobs": f"""
        INSERT INTO presentation_jobs (id, user_id, topic, title, subject, status, n_slides, idempotency_key,
                                       presenton_id, created_at, asked_at, started_at, completed_at, ended_at,
                                       deleted_at, deleted_from, error, queued_at, lease_owner, lease_until, attempts)
        VALUES
            ('00000000-0000-0000-0000-000000000001', 'rosa', 'Waits', NULL, 'default', 'pending', 1, 'key',
             NULL, '2026-01-01', '2026-01-01', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0),
            ('00000000-0000-0000-0000-000000000002', 'rosa', 'Is in line', NULL, 'default', 'pending', 50, NULL,
             NULL, '2026-01-01', '2026-01-01', NULL, NULL, NULL, NULL, NULL, NULL, '2026-01-01', NULL, NULL, 0),
            ('00000000-0000-0000-0000-000000000003', 'rosa', 'Is being made', NULL, 'default', 'processing', 5, NULL,
             NULL, '2026-01-01', '2026-01-01', '2026-01-02', NULL, NULL, NULL, NULL, NULL, NULL,
             gen_random_uuid(), '2026-01-03', 1),
            ('{COMPLETE}', 'rosa', 'Æther', 'Überblick  1', 'biology', 'complete', 5, NULL,
             'deck', '2026-01-01', '2026-01-01', '2026-01-02', '2026-01-03', '2026-01-03', NULL, NULL, NULL, NULL,
             NULL, NULL, 1),
            ('{AGAIN_FAILED}', 'carl', 'Fails', NULL, 'default', 'error', 5, NULL,
             NULL, '2026-01-01', '2026-01-02', '2026-01-03', NULL, '2026-01-04', NULL, NULL, 'It failed.', NULL,
             NULL, NULL, 2),
            ('00000000-0000-0000-0000-000000000006', 'carl', 'Is cancelled', NULL, 'default', 'cancelled', 5, NULL,
             NULL, '2026-01-01', '2026-01-01', NULL, NULL, '2026-01-02', NULL, NULL, NULL, NULL, NULL, NULL, 0),
            ('{DELETED}', 'carl', 'Is deleted', NULL, 'default', 'deleted', 5, NULL,
             'deck2', '2026-01-01', '2026-01-01', '2026-01-02', '2026-01-03', '2026-01-03', '2026-01-04', 'complete',
             NULL, NULL, NULL, NULL, 1)""",
    "presentation_jobs.opened_at": "UPDATE presentation_jobs SET opened_at = '2026-01-04' WHERE status = 'complete'",
    "presentation_jobs.request_id": "UPDATE presentation_jobs SET request_id = 'request' WHERE user_id = 'rosa'",
    "presentation_jobs.changed_at": "UPDATE presentation_jobs SET changed_at = asked_at + interval '5 days'",
    "presentation_decks": "UPDATE presentation_decks SET problem = 'The slide generator does not answer.'",
    "presentation_versions": f"""
        INSERT INTO presentation_versions (presentation_id, number, origin, made_at, slides)
        VALUES ('{COMPLETE}', 1, 'generated', '2026-01-03', 1)""",
    "presentation_files": f"""
        INSERT INTO presentation_files (presentation_id, version, kind, size, sha256, origin, made_at)
        VALUES ('{COMPLETE}', 1, 'pptx', 5, '{"0" * 64}', 'presenton', '2026-01-03')""",
    "presentation_slides": f"""
        INSERT INTO presentation_slides (presentation_id, version, number, title)
        VALUES ('{COMPLETE}', 1, 1, 'Æther')""",
    "presentation_uploads": """
        INSERT INTO presentation_uploads (id, user_id, name, kind, size, sha256, created_at)
        VALUES ('00000000-0000-0000-0000-00000000000c', 'rosa', 'notes.md', 'md', 5, repeat('0', 64), '2026-01-01')""",
    "presentation_materials": f"""
        INSERT INTO presentation_materials VALUES ('{COMPLETE}', 1, '00000000-0000-0000-0000-00000000000c')""",
    "presentation_template_pictures": """
        INSERT INTO presentation_template_pictures
        VALUES ('general', 'templates/general.png', repeat('0', 64), 'image/png', '\\x00', '2026-01-01')""",
    # Some are older than the events.
    "presentation_events": f"""
        DELETE FROM presentation_events
        WHERE presentation_id IN ('{COMPLETE}', '{DELETED}') AND to_regclass('presentation_schema_steps') IS NULL""",
    "presentation_subjects": "INSERT INTO presentation_subjects VALUES ('rosa', 'biology', 'Biology', '2026-01-01')",
    "presentation_undos": "INSERT INTO presentation_undos (user_id, steps) VALUES ('rosa', '{\"title_now\": \"A\"}')",
    "presentation_users": """
        INSERT INTO presentation_users (id, name, email, password_hash, role, is_active, signed_in_at)
        VALUES ('rosa', 'Rosa Moss', 'rosa@school.example', 'hash', 'teacher', true, '2026-01-01'),
               ('ann', 'Ann', 'ann@school.example', NULL, 'admin', false, NULL)""",
    "presentation_users.form_choices": 'UPDATE presentation_users SET form_choices = \'{"tone": "funny"}\'',
    "presentation_users.oidc_subject": "UPDATE presentation_users SET oidc_subject = 'https://school.example ' || id",
    "presentation_sign_in_links": """
        INSERT INTO presentation_sign_in_links VALUES ('hash1', 'rosa', '2026-01-01', '2026-01-01'),
                                                      ('hash2', 'rosa', '2026-01-01', NULL)""",
    "presentation_sessions": """
        INSERT INTO presentation_sessions
        SELECT 'hash', id, session_key, '2026-01-01', '2026-01-02' FROM presentation_users WHERE id = 'rosa'""",
    "presentation_webhooks": f"""
        INSERT INTO presentation_webhooks (id, user_id, presentation_id, url, events, secret, is_active,
                                           switched_off_at, switched_off_why)
        VALUES ('00000000-0000-0000-0000-00000000000a', 'rosa', NULL, 'https://school.example/1',
                '["presentation.completed"]', 'whsec_1', true, NULL, NULL),
               ('00000000-0000-0000-0000-00000000000b', 'rosa', '{COMPLETE}', 'https://school.example/2',
                '["presentation.failed", "presentation.cancelled"]', 'whsec_2', false, '2026-01-01', 'It only failed.')
        """,
    "presentation_webhooks.all_users": """
        INSERT INTO presentation_webhooks (user_id, all_users, url, events, secret)
        VALUES ('ann', true, 'https://school.example/3', '["presentation.completed"]', 'whsec_3')""",
    "presentation_deliveries": f"""
        INSERT INTO presentation_deliveries (webhook_id, user_id, presentation_id, event, payload, status, attempts,
                                             queued_at, status_code, request)
        SELECT '00000000-0000-0000-0000-00000000000a', 'rosa', '{COMPLETE}', 'presentation.completed',
               '{{"type": "presentation.completed"}}', status, 1,
               CASE WHEN status = 'waiting' THEN now() END, 500, '{{}}'
        FROM unnest('{{waiting,delivered,failed}}'::text[]) AS status""",
    "presentation_tokens": """
        INSERT INTO presentation_tokens (user_id, name, token_hash, scopes, acts_for_all)
        VALUES ('rosa', 'Script', 'hash1', 'read', false), ('ann', 'Service', 'hash2', 'read write', true)""",
    "presentation_answers": """
        INSERT INTO presentation_answers (user_id, key, request, status, body)
        VALUES ('rosa', 'key1', 'digest', 201, '{}'), ('rosa', 'key2', 'digest', NULL, NULL)""",
    "presentation_controls": "UPDATE presentation_controls SET max_waiting = 7, notice = 'Closed on Friday.'",
    "presentation_templates": 'INSERT INTO presentation_templates VALUES (true, \'[{"id": "a", "name": "A"}]\')',
    "presentation_audit": "INSERT INTO presentation_audit (actor, via, action) VALUES ('ann', 'page', 'pause')",
    # The step that tells older stories is behind it.
    "presentation_schema_steps": f"""
        INSERT INTO presentation_events (presentation_id, kind)
        VALUES ('{COMPLETE}', 'started'), ('{COMPLETE}', 'complete'), ('{DELETED}', 'started'), ('{DELETED}', 'deleted')
        """,
}
_THERE = text("""
    SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' UNION
    SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'
""")


def fill(database: Database) -> None:
    """Rows for all tables that are there: presentations of every status, and what belongs to them."""
    with database.begin() as session:
        there = set(session.scalars(_THERE))
        for needed, statement in _ROWS.items():
            if needed in there:
                session.connection().exec_driver_sql(statement)
