-- Lectern's tables. Run it as often as you like: the same command installs and upgrades.
--
--     psql "$DATABASE_URL" -f schema.sql
--
-- It may share its database with other applications: all that it makes is named presentation_...
-- PostgreSQL 15 or newer.

SET client_min_messages = warning;

BEGIN;

-- Two processes may come at once.
DO $$ BEGIN PERFORM pg_advisory_xact_lock(723604, 0); END $$;

CREATE TABLE IF NOT EXISTS presentation_jobs (
    id                 uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id            text NOT NULL CHECK (char_length(user_id) BETWEEN 1 AND 200),
    topic              text NOT NULL CHECK (char_length(topic) BETWEEN 1 AND 500),
    title              text CHECK (char_length(title) BETWEEN 1 AND 500),
    subject            text NOT NULL DEFAULT 'default' CHECK (subject <> ''),
    status             text NOT NULL DEFAULT 'pending'
                       CHECK (status IN ('pending', 'processing', 'complete', 'error', 'cancelled', 'deleted')),

    n_slides           integer NOT NULL DEFAULT 5 CHECK (n_slides BETWEEN 1 AND 50),
    language           text,
    tone               text CHECK (tone IN ('default', 'casual', 'professional', 'funny', 'educational', 'sales_pitch')),
    template           text,
    instructions       text,
    verbosity          text CHECK (verbosity IN ('concise', 'standard', 'text-heavy')),
    export_as          text CHECK (export_as IN ('pptx', 'pdf')),
    idempotency_key    text,

    presenton_id       text,
    presenton_url      text,
    presenton_path     text,
    presenton_task_id  text,

    created_at         timestamptz NOT NULL DEFAULT now(),
    asked_at           timestamptz NOT NULL DEFAULT now(),
    started_at         timestamptz,
    completed_at       timestamptz,
    ended_at           timestamptz,
    deleted_at         timestamptz,
    deleted_from       text CHECK (deleted_from IN ('complete', 'error', 'cancelled')),

    message            text,
    slides_done        integer CHECK (slides_done >= 0),
    slides_total       integer CHECK (slides_total >= 0),
    progress_mark      text,
    progress_at        timestamptz,
    error              text,
    error_detail       text,

    queued_at          timestamptz,
    line_entry         integer NOT NULL DEFAULT 0 CHECK (line_entry >= 0),
    lease_owner        uuid,
    lease_until        timestamptz,
    claims             integer NOT NULL DEFAULT 0 CHECK (claims >= 0),
    attempts           integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    submit_started_at  timestamptz,
    unanswered_since   timestamptz,
    fault_since        timestamptz,

    CONSTRAINT presentation_jobs_lease CHECK ((status = 'processing') = (lease_owner IS NOT NULL)),
    CONSTRAINT presentation_jobs_line CHECK (queued_at IS NULL OR status = 'pending'),
    CONSTRAINT presentation_jobs_deleted CHECK ((status = 'deleted') = (deleted_at IS NOT NULL))
);

ALTER TABLE presentation_jobs ADD COLUMN IF NOT EXISTS changed_at timestamptz NOT NULL DEFAULT clock_timestamp();

COMMENT ON TABLE presentation_jobs IS 'One row for each presentation that was asked for.';
COMMENT ON COLUMN presentation_jobs.user_id IS 'Whose it is: the name that the page or the agent gave.';
COMMENT ON COLUMN presentation_jobs.title IS 'The name it was given later; NULL: it is shown by its topic.';
COMMENT ON COLUMN presentation_jobs.subject IS 'Key of the subject (trimmed, casefolded); default: Unorganized.';
COMMENT ON COLUMN presentation_jobs.status IS
    'pending: waits for a worker; processing: a worker has it; complete, error, cancelled: over, until somebody '
    'asks for a retry; deleted: marked, and kept for a while so that it can be restored.';
COMMENT ON COLUMN presentation_jobs.idempotency_key IS 'Asking again with the same key gives this row.';
COMMENT ON COLUMN presentation_jobs.presenton_id IS 'The finished deck''s id in Presenton.';
COMMENT ON COLUMN presentation_jobs.presenton_url IS 'Where it is opened, as a path on Presenton''s own address.';
COMMENT ON COLUMN presentation_jobs.presenton_path IS 'The exported file, as a path below /app_data/ on Presenton.';
COMMENT ON COLUMN presentation_jobs.presenton_task_id IS 'The task to follow; kept as long as Presenton may know it.';
COMMENT ON COLUMN presentation_jobs.asked_at IS 'Its place among its teacher''s waiting ones; a retry sets it anew.';
COMMENT ON COLUMN presentation_jobs.started_at IS 'When a worker first took it, since it was last asked for.';
COMMENT ON COLUMN presentation_jobs.ended_at IS 'When it became complete, error or cancelled.';
COMMENT ON COLUMN presentation_jobs.deleted_from IS 'The status that restoring it brings back.';
COMMENT ON COLUMN presentation_jobs.message IS 'What is going on, in words for its teacher.';
COMMENT ON COLUMN presentation_jobs.progress_mark IS 'What Presenton last said; a difference is progress.';
COMMENT ON COLUMN presentation_jobs.error IS 'Why it failed, as a sentence for its teacher.';
COMMENT ON COLUMN presentation_jobs.error_detail IS 'Why it failed, in Presenton''s words: for admins only.';
COMMENT ON COLUMN presentation_jobs.queued_at IS 'When it was put in the line in Redis; NULL: it is not in line.';
COMMENT ON COLUMN presentation_jobs.line_entry IS 'How often it has entered the line; part of the RQ job''s id.';
COMMENT ON COLUMN presentation_jobs.lease_owner IS 'The claim that may write this row; new for every claim.';
COMMENT ON COLUMN presentation_jobs.lease_until IS 'The claim is void some seconds after this, unless renewed.';
COMMENT ON COLUMN presentation_jobs.claims IS 'Claims since there was progress: stops a crash loop.';
COMMENT ON COLUMN presentation_jobs.attempts IS 'How often Presenton was asked, since somebody last asked for it.';
COMMENT ON COLUMN presentation_jobs.submit_started_at IS 'When Presenton was last asked; its time limit runs from here.';
COMMENT ON COLUMN presentation_jobs.unanswered_since IS
    'Presenton was asked and its answer never came: the deck may exist and is looked for.';
COMMENT ON COLUMN presentation_jobs.fault_since IS 'Since when Presenton has given no usable answer.';
COMMENT ON COLUMN presentation_jobs.changed_at IS 'When anything but the time of its lease was changed.';

CREATE OR REPLACE FUNCTION presentation_jobs_set_changed_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_at := clock_timestamp();
    RETURN NEW;
END $$;

-- A lease is renewed every few seconds, which is no news.
CREATE OR REPLACE TRIGGER presentation_jobs_changed BEFORE UPDATE ON presentation_jobs FOR EACH ROW
    WHEN (to_jsonb(OLD) - '{lease_until,changed_at}'::text[] IS DISTINCT FROM
          to_jsonb(NEW) - '{lease_until,changed_at}'::text[])
    EXECUTE FUNCTION presentation_jobs_set_changed_at();

CREATE TABLE IF NOT EXISTS presentation_subjects (
    user_id     text NOT NULL CHECK (char_length(user_id) BETWEEN 1 AND 200),
    key         text NOT NULL CHECK (key <> '' AND key <> 'default'),
    name        text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 80),
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, key)
);

COMMENT ON TABLE presentation_subjects IS 'The names under which a teacher''s subjects are shown.';
COMMENT ON COLUMN presentation_subjects.key IS 'What presentation_jobs.subject holds.';
COMMENT ON COLUMN presentation_subjects.name IS 'As its teacher first typed it.';

-- A teacher's sections and their counts.
CREATE INDEX IF NOT EXISTS presentation_jobs_sections
    ON presentation_jobs (user_id, status, subject, created_at DESC, id DESC);
-- A teacher's presentations, newest first.
CREATE INDEX IF NOT EXISTS presentation_jobs_newest_of_user
    ON presentation_jobs (user_id, created_at DESC, id DESC) WHERE status <> 'deleted';
-- What has changed of a teacher's.
CREATE INDEX IF NOT EXISTS presentation_jobs_changed_of_user
    ON presentation_jobs (user_id, changed_at DESC);
-- Everybody's, newest first.
CREATE INDEX IF NOT EXISTS presentation_jobs_newest
    ON presentation_jobs (created_at DESC, id DESC) WHERE status <> 'deleted';
-- Everybody's finished ones of a subject.
CREATE INDEX IF NOT EXISTS presentation_jobs_by_subject
    ON presentation_jobs (subject, created_at DESC) WHERE status = 'complete';
-- What is going on now.
CREATE INDEX IF NOT EXISTS presentation_jobs_live
    ON presentation_jobs (created_at) WHERE status IN ('pending', 'processing');
-- Leases: expired ones for the dispatcher, one's own for the renewal.
CREATE INDEX IF NOT EXISTS presentation_jobs_lease_until
    ON presentation_jobs (lease_until) WHERE status = 'processing';
CREATE INDEX IF NOT EXISTS presentation_jobs_lease_owner
    ON presentation_jobs (lease_owner) WHERE status = 'processing';
-- Whose turn it is: those who wait, and those who stand in line already.
CREATE INDEX IF NOT EXISTS presentation_jobs_waiting
    ON presentation_jobs (user_id, asked_at, id) WHERE status = 'pending' AND queued_at IS NULL;
CREATE INDEX IF NOT EXISTS presentation_jobs_in_line_of_user
    ON presentation_jobs (user_id) WHERE queued_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS presentation_jobs_in_line
    ON presentation_jobs (queued_at) WHERE queued_at IS NOT NULL;
-- Which decks of Presenton are spoken for.
CREATE INDEX IF NOT EXISTS presentation_jobs_presenton_id
    ON presentation_jobs (presenton_id) WHERE presenton_id IS NOT NULL;
-- One presentation for each key of a teacher.
CREATE UNIQUE INDEX IF NOT EXISTS presentation_jobs_idempotency
    ON presentation_jobs (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

COMMIT;
