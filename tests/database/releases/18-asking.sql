-- Lectern's tables. Run it as often as you like: the same command installs and upgrades.
--
--     psql "$DATABASE_URL" -f schema.sql
--
-- It may share its database with other applications: all that it makes is named presentation_...
-- PostgreSQL 15 or newer, in a database with the encoding UTF8.
--
-- 1. The schema of today: each table with its comments, indexes, functions and triggers. Over an older schema it makes
--    what is missing, and replaces functions, triggers and comments; a table or an index that is there stays as it is.
-- 2. What only older installations need, oldest first: the steps by which their tables become those of today.
--
-- The steps run first, since indexes and comments of today name columns that a step may have to add. That is why part 1
-- is a function, for a moment: it is called by the last lines of this file.
--
-- A new table, index, function, trigger or comment is written in part 1, and nowhere else. A column of a table that was
-- there before is written in part 1 as if it had always been so, and at the end of part 2 as a step. So is a constraint
-- or an index that changes; what is dropped or renamed needs a step, too.

BEGIN;

-- All of them end with the transaction: behind a pooler others get the session next.
SET LOCAL client_min_messages = warning;
SET LOCAL client_encoding = 'UTF8';

-- An upgrade may have to fill many rows.
SET LOCAL statement_timeout = 0;

-- Two processes may come at once. presentations/database/advisory.py has the numbers of all other locks.
DO $$ BEGIN PERFORM pg_advisory_xact_lock(723604, 0); END $$;


-- ====================================================================================================
-- 1. The schema of today
-- ====================================================================================================

-- What is written and what is searched for, made alike: without accents, in small letters, with single spaces. Letters
-- are named where a database of the locale C does not know the small one, or no accent can be taken from them.
-- The words that somebody types come here from presentations/library/queries.py. A change needs a step that fills
-- search_text anew; for those steps this stands outside the function below.
CREATE OR REPLACE FUNCTION presentation_search_text(words text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN btrim(regexp_replace(replace(replace(replace(replace(translate(
        lower(regexp_replace(
            normalize(words, NFKD),
            '[\u0300-\u036F\u0483-\u0489\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u064B-\u065F\u0670'
            '\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE20-\uFE2F]+', '', 'g')),
        'øØłŁđĐðÐħĦŧŦıÆŒÞẞς'
        'ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ'
        'АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЂЄЅІЈЉЊЋЏҐ',
        'oollddddhhttiæœþßσ'
        'αβγδεζηθικλμνξοπρστυφχψω'
        'абвгдежзиклмнопрстуфхцчшщъыьэюяђєѕіјљњћџґ'),
        'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), '\s+', ' ', 'g'));

CREATE FUNCTION presentation_schema_of_today() RETURNS void LANGUAGE plpgsql AS $today$ BEGIN


-- ---- Presentations ----

-- presentations/lifecycle.py has the ways from status to status; presentations/options/catalog.py has the same limits.
CREATE TABLE IF NOT EXISTS presentation_jobs (
    id                 uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id            text NOT NULL CHECK (char_length(user_id) BETWEEN 1 AND 200),
    topic              text NOT NULL CHECK (char_length(topic) BETWEEN 1 AND 500),
    title              text CHECK (char_length(title) BETWEEN 1 AND 500),
    search_text        text,
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
    text               text CHECK (char_length(text) <= 50000),
    keep_wording       boolean,
    grade              text,
    level              text,
    minutes            integer CHECK (minutes BETWEEN 5 AND 240),
    must_cover         text,
    ends_with          text CHECK (ends_with IN ('questions', 'exit_ticket', 'homework', 'summary')),
    avoid              text,
    table_of_contents  boolean,
    title_slide        boolean,
    web_search         boolean,
    outline_first      boolean,
    file_count         integer NOT NULL DEFAULT 0 CHECK (file_count BETWEEN 0 AND 5),
    outline            jsonb,
    outlined_at        timestamptz,
    awaits_teacher_since  timestamptz,
    idempotency_key    text,
    request_id         text,

    presenton_id       text,
    presenton_url      text,
    presenton_path     text,
    presenton_task_id  text,

    created_at         timestamptz NOT NULL DEFAULT now(),
    asked_at           timestamptz NOT NULL DEFAULT now(),
    started_at         timestamptz,
    completed_at       timestamptz,
    ended_at           timestamptz,
    opened_at          timestamptz,
    deleted_at         timestamptz,
    deleted_from       text CHECK (deleted_from IN ('complete', 'error', 'cancelled')),
    changed_at         timestamptz NOT NULL DEFAULT clock_timestamp(),

    message            text,
    slides_done        integer CHECK (slides_done >= 0),
    slides_total       integer CHECK (slides_total >= 0),
    progress_mark      text,
    progress_at        timestamptz,
    error              text,
    error_detail       text,
    error_cause        text,

    queued_at          timestamptz,
    line_entry         integer NOT NULL DEFAULT 0 CHECK (line_entry >= 0),
    lease_owner        uuid,
    lease_until        timestamptz,
    claims             integer NOT NULL DEFAULT 0 CHECK (claims >= 0),
    attempts           integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    submit_started_at  timestamptz,
    unanswered_since   timestamptz,
    fault_since        timestamptz,
    deck_mark          text,
    presenton_down_at  timestamptz,

    version            integer CHECK (version >= 1),
    cover              text,
    prepared_at        timestamptz,

    CONSTRAINT presentation_jobs_lease CHECK ((status = 'processing') = (lease_owner IS NOT NULL)),
    CONSTRAINT presentation_jobs_line CHECK (queued_at IS NULL OR status = 'pending'),
    CONSTRAINT presentation_jobs_awaits CHECK (
        awaits_teacher_since IS NULL
        OR (outline IS NOT NULL AND queued_at IS NULL AND status NOT IN ('processing', 'complete'))),
    CONSTRAINT presentation_jobs_outlined CHECK ((outline IS NULL) = (outlined_at IS NULL)),
    CONSTRAINT presentation_jobs_deleted CHECK ((status = 'deleted') = (deleted_at IS NOT NULL))
);

COMMENT ON TABLE presentation_jobs IS 'One row for each presentation that was asked for.';
COMMENT ON COLUMN presentation_jobs.user_id IS 'Whose it is: the name that the page or the agent gave.';
COMMENT ON COLUMN presentation_jobs.title IS 'The name it was given later; NULL: it is shown by its topic.';
COMMENT ON COLUMN presentation_jobs.search_text IS
    'The title, if it was given one, and the topic, as presentation_search_text() makes them; a line for each.';
COMMENT ON COLUMN presentation_jobs.subject IS 'Key of the subject (trimmed, casefolded); default: Unorganized.';
COMMENT ON COLUMN presentation_jobs.status IS
    'pending: waits for a worker, or for its teacher''s word on its outline; processing: a worker has it; complete, error, cancelled: over, until somebody '
    'asks for a retry; deleted: marked, and kept for a while so that it can be restored.';
COMMENT ON COLUMN presentation_jobs.text IS 'What it is made from, as its teacher typed it; NULL: the topic alone.';
COMMENT ON COLUMN presentation_jobs.keep_wording IS 'Whether the text stands on the slides as it is.';
COMMENT ON COLUMN presentation_jobs.grade IS 'For whom: grade or age.';
COMMENT ON COLUMN presentation_jobs.minutes IS 'Of the lesson.';
COMMENT ON COLUMN presentation_jobs.file_count IS 'How many uploads it is made from: its rows in presentation_materials.';
COMMENT ON COLUMN presentation_jobs.outline IS
    'Its slides as a list of texts in Markdown: proposed, and later as its teacher wants them; NULL: none yet.';
COMMENT ON COLUMN presentation_jobs.outlined_at IS 'When its outline was proposed.';
COMMENT ON COLUMN presentation_jobs.awaits_teacher_since IS
    'Since when its outline waits for its teacher, and no worker may have it; NULL: it does not.';
COMMENT ON COLUMN presentation_jobs.idempotency_key IS 'Asking again with the same key gives this row.';
COMMENT ON COLUMN presentation_jobs.request_id IS 'The request that last asked for it; stands in all log lines about it.';
COMMENT ON COLUMN presentation_jobs.presenton_id IS 'The finished deck''s id in Presenton.';
COMMENT ON COLUMN presentation_jobs.presenton_url IS 'Where it is opened, as a path on Presenton''s own address.';
COMMENT ON COLUMN presentation_jobs.presenton_path IS 'The exported file, as a path below /app_data/ on Presenton.';
COMMENT ON COLUMN presentation_jobs.presenton_task_id IS 'The task to follow; kept as long as Presenton may know it.';
COMMENT ON COLUMN presentation_jobs.asked_at IS 'Its place among its teacher''s waiting ones; a retry sets it anew.';
COMMENT ON COLUMN presentation_jobs.started_at IS 'When a worker first took it, since it was last asked for.';
COMMENT ON COLUMN presentation_jobs.ended_at IS 'When it became complete, error or cancelled.';
COMMENT ON COLUMN presentation_jobs.opened_at IS 'When its teacher first opened it, since it was made.';
COMMENT ON COLUMN presentation_jobs.deleted_from IS 'The status that restoring it brings back.';
COMMENT ON COLUMN presentation_jobs.changed_at IS 'When anything but the time of its lease was changed.';
COMMENT ON COLUMN presentation_jobs.message IS 'What is going on, in words for its teacher.';
COMMENT ON COLUMN presentation_jobs.progress_mark IS 'What Presenton last said; a difference is progress.';
COMMENT ON COLUMN presentation_jobs.error IS 'Why it failed, as a sentence for its teacher.';
COMMENT ON COLUMN presentation_jobs.error_detail IS 'Why it failed, in Presenton''s words: for admins only.';
COMMENT ON COLUMN presentation_jobs.error_cause IS
    'Why it failed, as one of the causes in presentations/presenton/failures.py; NULL: none of them.';
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
COMMENT ON COLUMN presentation_jobs.deck_mark IS 'What Presenton was asked with, unseen, by which its deck is found.';
COMMENT ON COLUMN presentation_jobs.presenton_down_at IS
    'When nobody listened where Presenton was, since something last changed: its task may be forgotten.';
COMMENT ON COLUMN presentation_jobs.version IS 'The version of its deck that is shown; NULL: no file is kept yet.';
COMMENT ON COLUMN presentation_jobs.cover IS 'SHA-256 of the small picture of its first slide; NULL: a drawn cover is shown.';
COMMENT ON COLUMN presentation_jobs.prepared_at IS 'When anything last changed of what is kept of its deck.';

-- A teacher's sections and their counts.
CREATE INDEX IF NOT EXISTS presentation_jobs_sections
    ON presentation_jobs (user_id, status, subject, created_at DESC, id DESC);
-- A teacher's presentations, newest first.
CREATE INDEX IF NOT EXISTS presentation_jobs_newest_of_user
    ON presentation_jobs (user_id, created_at DESC, id DESC) WHERE status <> 'deleted';
-- What has changed of a teacher's.
CREATE INDEX IF NOT EXISTS presentation_jobs_changed_of_user
    ON presentation_jobs (user_id, changed_at DESC);
-- What has ended of a user's, in order.
CREATE INDEX IF NOT EXISTS presentation_jobs_ended_of_user
    ON presentation_jobs (user_id, ended_at, id) WHERE ended_at IS NOT NULL;
-- One presentation for each key of a teacher.
CREATE UNIQUE INDEX IF NOT EXISTS presentation_jobs_idempotency
    ON presentation_jobs (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
-- Everybody's, newest first.
CREATE INDEX IF NOT EXISTS presentation_jobs_newest
    ON presentation_jobs (created_at DESC, id DESC) WHERE status <> 'deleted';
-- Everybody's finished ones of a subject.
CREATE INDEX IF NOT EXISTS presentation_jobs_by_subject
    ON presentation_jobs (subject, created_at DESC) WHERE status = 'complete';
-- What is going on now, by teacher: each time that one asks, theirs are counted.
CREATE INDEX IF NOT EXISTS presentation_jobs_live
    ON presentation_jobs (user_id, created_at) WHERE status IN ('pending', 'processing');
-- What has ended since a moment, for those who want to be told.
CREATE INDEX IF NOT EXISTS presentation_jobs_ended
    ON presentation_jobs (ended_at) WHERE ended_at IS NOT NULL;
-- Leases: expired ones for the dispatcher, one's own for the renewal.
CREATE INDEX IF NOT EXISTS presentation_jobs_lease_until
    ON presentation_jobs (lease_until) WHERE status = 'processing';
CREATE INDEX IF NOT EXISTS presentation_jobs_lease_owner
    ON presentation_jobs (lease_owner) WHERE status = 'processing';
-- Whose turn it is: those who wait, and those who stand in line already.
CREATE INDEX IF NOT EXISTS presentation_jobs_waiting
    ON presentation_jobs (user_id, asked_at, id)
    WHERE status = 'pending' AND queued_at IS NULL AND awaits_teacher_since IS NULL;
-- Outlines that nobody answers.
CREATE INDEX IF NOT EXISTS presentation_jobs_awaiting
    ON presentation_jobs (awaits_teacher_since) WHERE status = 'pending' AND awaits_teacher_since IS NOT NULL;
-- A teacher's presentations for a grade.
CREATE INDEX IF NOT EXISTS presentation_jobs_grade ON presentation_jobs (user_id, grade) WHERE grade IS NOT NULL;
CREATE INDEX IF NOT EXISTS presentation_jobs_in_line
    ON presentation_jobs (queued_at) WHERE queued_at IS NOT NULL;
-- Which decks of Presenton are spoken for.
CREATE INDEX IF NOT EXISTS presentation_jobs_presenton_id
    ON presentation_jobs (presenton_id) WHERE presenton_id IS NOT NULL;
-- How long the newest ones took, for presentations/jobs/estimates.py.
CREATE INDEX IF NOT EXISTS presentation_jobs_completed
    ON presentation_jobs (completed_at DESC) WHERE status = 'complete' AND started_at < completed_at;
-- What was deleted long ago, for presentations/operations/purge.py.
CREATE INDEX IF NOT EXISTS presentation_jobs_deleted_at
    ON presentation_jobs (deleted_at) WHERE status = 'deleted';

CREATE OR REPLACE FUNCTION presentation_jobs_set_changed_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_at := clock_timestamp();
    RETURN NEW;
END $$;

-- A lease is renewed every few seconds, which is no news; nor is what follows from the topic and the title.
CREATE OR REPLACE TRIGGER presentation_jobs_changed BEFORE UPDATE ON presentation_jobs FOR EACH ROW
    WHEN (to_jsonb(OLD) - '{lease_until,changed_at,search_text}'::text[] IS DISTINCT FROM
          to_jsonb(NEW) - '{lease_until,changed_at,search_text}'::text[])
    EXECUTE FUNCTION presentation_jobs_set_changed_at();

CREATE OR REPLACE FUNCTION presentation_jobs_set_search_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.search_text := concat_ws(chr(10), presentation_search_text(NEW.title), presentation_search_text(NEW.topic));
    RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER presentation_jobs_search BEFORE INSERT OR UPDATE OF title, topic ON presentation_jobs
    FOR EACH ROW EXECUTE FUNCTION presentation_jobs_set_search_text();


-- ---- Decks: what is kept of each presentation ----

-- A row is worked on by presentations/keeping/, on the queue `pictures`.
CREATE TABLE IF NOT EXISTS presentation_decks (
    id               uuid PRIMARY KEY REFERENCES presentation_jobs ON DELETE CASCADE,
    user_id          text NOT NULL,
    due_at           timestamptz DEFAULT now(),
    attempts         integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    failing_since    timestamptz,
    problem          text,
    looked_at        timestamptz,
    presenton_state  text,
    gone_at          timestamptz,

    queued_at        timestamptz,
    line_entry       integer NOT NULL DEFAULT 0 CHECK (line_entry >= 0),
    claimed_by       uuid,
    claimed_until    timestamptz,

    CONSTRAINT presentation_decks_line CHECK (queued_at IS NULL OR due_at IS NOT NULL),
    CONSTRAINT presentation_decks_claim CHECK ((claimed_by IS NULL) = (claimed_until IS NULL))
);

COMMENT ON TABLE presentation_decks IS 'What is to be done for the deck of each presentation that has been complete.';
COMMENT ON COLUMN presentation_decks.id IS 'The presentation''s.';
COMMENT ON COLUMN presentation_decks.user_id IS 'The presentation''s: one of each user is worked on at a time.';
COMMENT ON COLUMN presentation_decks.due_at IS 'When it is looked at next; NULL: all is there.';
COMMENT ON COLUMN presentation_decks.attempts IS 'Looks in vain since the last that was not.';
COMMENT ON COLUMN presentation_decks.failing_since IS 'Since when something could not be had.';
COMMENT ON COLUMN presentation_decks.problem IS 'What could not be had, as a sentence for its teacher.';
COMMENT ON COLUMN presentation_decks.looked_at IS 'When Presenton last said how the deck stands there.';
COMMENT ON COLUMN presentation_decks.presenton_state IS
    'Presenton''s updated_at, as it was given, of the newest version from there: another one means a change.';
COMMENT ON COLUMN presentation_decks.gone_at IS 'Since when Presenton does not know the deck any more.';
COMMENT ON COLUMN presentation_decks.queued_at IS 'When it was put in the line in Redis; NULL: it is not in line.';
COMMENT ON COLUMN presentation_decks.line_entry IS 'How often it has entered the line; part of the RQ job''s id.';
COMMENT ON COLUMN presentation_decks.claimed_by IS 'The attempt that may write this row; new for each.';
COMMENT ON COLUMN presentation_decks.claimed_until IS 'After this its worker counts as dead.';

-- What is to be looked at, and who has something in line or being worked on.
CREATE INDEX IF NOT EXISTS presentation_decks_due ON presentation_decks (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS presentation_decks_due_of_user
    ON presentation_decks (user_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS presentation_decks_in_line ON presentation_decks (user_id) WHERE queued_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS presentation_decks_claimed ON presentation_decks (user_id) WHERE claimed_by IS NOT NULL;

CREATE TABLE IF NOT EXISTS presentation_versions (
    presentation_id   uuid NOT NULL REFERENCES presentation_jobs ON DELETE CASCADE,
    number            integer NOT NULL CHECK (number >= 1),
    origin            text NOT NULL CHECK (origin IN ('generated', 'edited', 'uploaded', 'restored')),
    restored_from     integer,
    made_at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    slides            integer CHECK (slides >= 0),
    words_problem     text,
    pdf_problem       text,
    pictures_problem  text,
    prepared_at       timestamptz,
    PRIMARY KEY (presentation_id, number),

    CONSTRAINT presentation_versions_restored CHECK ((origin = 'restored') = (restored_from IS NOT NULL))
);

COMMENT ON TABLE presentation_versions IS 'The states of each deck, the newest ten.';
COMMENT ON COLUMN presentation_versions.origin IS
    'generated: as it was made; edited: as Presenton had it later; uploaded: by its teacher; restored: an older one again.';
COMMENT ON COLUMN presentation_versions.restored_from IS 'The number of the version that it is again.';
COMMENT ON COLUMN presentation_versions.made_at IS 'When its file was fetched or uploaded.';
COMMENT ON COLUMN presentation_versions.slides IS 'How many it has; NULL: not read yet, or it could not be.';
COMMENT ON COLUMN presentation_versions.words_problem IS 'Why its words could not be read, as a sentence for its teacher.';
COMMENT ON COLUMN presentation_versions.pdf_problem IS 'Why there is no PDF of it, as a sentence for its teacher.';
COMMENT ON COLUMN presentation_versions.pictures_problem IS 'Why slides have no picture, as a sentence for its teacher.';
COMMENT ON COLUMN presentation_versions.prepared_at IS 'When PDF, words and pictures were made, as far as they could be.';

CREATE TABLE IF NOT EXISTS presentation_files (
    presentation_id  uuid NOT NULL,
    version          integer NOT NULL,
    kind             text NOT NULL CHECK (kind IN ('pptx', 'pdf')),
    size             bigint NOT NULL CHECK (size > 0),
    sha256           text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    origin           text NOT NULL CHECK (origin IN ('presenton', 'upload', 'office')),
    made_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (presentation_id, version, kind),
    FOREIGN KEY (presentation_id, version) REFERENCES presentation_versions ON DELETE CASCADE
);

COMMENT ON TABLE presentation_files IS 'The files of each version; they are in the store, by presentation and hash.';
COMMENT ON COLUMN presentation_files.size IS 'In bytes.';
COMMENT ON COLUMN presentation_files.origin IS 'presenton: it exported it; upload: its teacher; office: made by LibreOffice.';

CREATE TABLE IF NOT EXISTS presentation_slides (
    presentation_id  uuid NOT NULL,
    version          integer NOT NULL,
    number           integer NOT NULL CHECK (number >= 1),
    title            text NOT NULL DEFAULT '',
    text             text NOT NULL DEFAULT '',
    notes            text NOT NULL DEFAULT '',
    search_text      text NOT NULL DEFAULT '',
    small_sha256     text CHECK (small_sha256 ~ '^[0-9a-f]{64}$'),
    small_size       integer CHECK (small_size > 0),
    large_sha256     text CHECK (large_sha256 ~ '^[0-9a-f]{64}$'),
    large_size       integer CHECK (large_size > 0),
    width            integer CHECK (width > 0),
    height           integer CHECK (height > 0),
    PRIMARY KEY (presentation_id, version, number),
    FOREIGN KEY (presentation_id, version) REFERENCES presentation_versions ON DELETE CASCADE
);

COMMENT ON TABLE presentation_slides IS 'What stands on each slide of a version, and its pictures.';
COMMENT ON COLUMN presentation_slides.text IS 'Paragraphs, rows of tables and descriptions of pictures, a line each, in reading order.';
COMMENT ON COLUMN presentation_slides.search_text IS 'Title, text and notes, as presentation_search_text() makes them.';
COMMENT ON COLUMN presentation_slides.small_sha256 IS 'Of the picture that is about 480 pixels wide; NULL: there is none.';
COMMENT ON COLUMN presentation_slides.large_sha256 IS 'Of the picture that is about 1600 pixels wide.';
COMMENT ON COLUMN presentation_slides.width IS 'Of the large picture, in pixels.';

CREATE OR REPLACE FUNCTION presentation_slides_set_search_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.search_text := concat_ws(chr(10), presentation_search_text(NEW.title), presentation_search_text(NEW.text),
                                 presentation_search_text(NEW.notes));
    RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER presentation_slides_search BEFORE INSERT OR UPDATE OF title, text, notes
    ON presentation_slides FOR EACH ROW EXECUTE FUNCTION presentation_slides_set_search_text();

CREATE OR REPLACE FUNCTION presentation_jobs_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO presentation_decks (id, user_id) VALUES (NEW.id, NEW.user_id)
    ON CONFLICT (id) DO UPDATE SET due_at = now(), attempts = 0, failing_since = NULL;
    RETURN NULL;
END $$;

-- Whatever makes a presentation complete (its worker, an import, being restored): its deck is looked after.
CREATE OR REPLACE TRIGGER presentation_jobs_made AFTER INSERT ON presentation_jobs FOR EACH ROW
    WHEN (NEW.status = 'complete') EXECUTE FUNCTION presentation_jobs_keep();
CREATE OR REPLACE TRIGGER presentation_jobs_completed_keep AFTER UPDATE ON presentation_jobs FOR EACH ROW
    WHEN (NEW.status = 'complete' AND OLD.status <> 'complete') EXECUTE FUNCTION presentation_jobs_keep();


-- ---- Material: the files that presentations are made from ----

-- presentations/library/uploads.py writes and reads them; presentations/material knows the kinds.
CREATE TABLE IF NOT EXISTS presentation_uploads (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id     text NOT NULL CHECK (char_length(user_id) BETWEEN 1 AND 200),
    name        text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    kind        text NOT NULL CHECK (kind IN ('pdf', 'docx', 'pptx', 'txt', 'md')),
    size        bigint NOT NULL CHECK (size > 0),
    sha256      text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    pages       integer CHECK (pages >= 0),
    is_kept     boolean NOT NULL DEFAULT false,
    created_at  timestamptz NOT NULL DEFAULT now(),
    deleted_at  timestamptz
);

COMMENT ON TABLE presentation_uploads IS 'A teacher''s material; the files are in the store, by upload and hash.';
COMMENT ON COLUMN presentation_uploads.name IS 'As its teacher called it, without a path.';
COMMENT ON COLUMN presentation_uploads.size IS 'In bytes.';
COMMENT ON COLUMN presentation_uploads.pages IS 'Pages, or slides; NULL: they are not counted for this kind.';
COMMENT ON COLUMN presentation_uploads.is_kept IS 'Whether it stays for as long as what was made from it.';
COMMENT ON COLUMN presentation_uploads.deleted_at IS
    'When its file was deleted; the row stays for as long as a presentation names it. NULL: it is there.';

-- A teacher's material, newest first, and how much that is.
CREATE INDEX IF NOT EXISTS presentation_uploads_user ON presentation_uploads (user_id, created_at DESC);
-- What may be old enough to go.
CREATE INDEX IF NOT EXISTS presentation_uploads_age ON presentation_uploads (created_at) WHERE deleted_at IS NULL;

CREATE TABLE IF NOT EXISTS presentation_materials (
    presentation_id  uuid NOT NULL REFERENCES presentation_jobs ON DELETE CASCADE,
    position         integer NOT NULL CHECK (position BETWEEN 1 AND 5),
    upload_id        uuid NOT NULL REFERENCES presentation_uploads ON DELETE CASCADE,
    PRIMARY KEY (presentation_id, position),
    UNIQUE (upload_id, presentation_id)
);

COMMENT ON TABLE presentation_materials IS 'Which uploads each presentation is made from, in their order.';


-- ---- The story of each presentation ----

-- presentations/web/wording.py has words for each kind.
CREATE TABLE IF NOT EXISTS presentation_events (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    presentation_id  uuid NOT NULL REFERENCES presentation_jobs ON DELETE CASCADE,
    at               timestamptz NOT NULL DEFAULT clock_timestamp(),
    kind             text NOT NULL CHECK (kind IN ('asked', 'started', 'submitted', 'outlined', 'accepted', 'complete',
                                                   'error', 'cancelled', 'deleted', 'restored')),
    detail           text
);

COMMENT ON TABLE presentation_events IS 'What became of a presentation, step by step; only the trigger writes it.';
COMMENT ON COLUMN presentation_events.kind IS
    'asked: for the first time or again; started: a worker took it; submitted: Presenton was asked; outlined: its outline '
    'was proposed; accepted: it is to be made from its outline; else its status.';
COMMENT ON COLUMN presentation_events.detail IS
    'submitted: which attempt it was, since it was last asked for; error: the sentence for its teacher.';

-- What became of a presentation.
CREATE INDEX IF NOT EXISTS presentation_events_of_presentation ON presentation_events (presentation_id, id);
-- How presentations ended of late.
CREATE INDEX IF NOT EXISTS presentation_events_ended
    ON presentation_events (at) WHERE kind IN ('complete', 'error', 'cancelled');

-- A hand-back to another worker is no event. An attempt that Presenton would not take does not count, nor stay.
CREATE OR REPLACE FUNCTION presentation_jobs_note_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    happened text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        happened := 'asked';
    ELSIF OLD.status = 'deleted' AND NEW.status <> 'deleted' THEN
        happened := 'restored';
    ELSIF NEW.status <> OLD.status AND NEW.status NOT IN ('pending', 'processing') THEN
        happened := NEW.status;
    ELSIF OLD.status = 'processing' AND NEW.awaits_teacher_since IS NOT NULL THEN
        happened := 'outlined';
    ELSIF OLD.status = 'pending' AND OLD.awaits_teacher_since IS NOT NULL AND NEW.awaits_teacher_since IS NULL THEN
        happened := 'accepted';
    ELSIF NEW.status = 'pending' AND NEW.asked_at <> OLD.asked_at THEN
        happened := 'asked';
    ELSIF OLD.started_at IS NULL AND NEW.started_at IS NOT NULL THEN
        happened := 'started';
    ELSIF NEW.attempts > OLD.attempts THEN
        happened := 'submitted';
    ELSIF NEW.attempts < OLD.attempts THEN
        DELETE FROM presentation_events WHERE id = (
            SELECT max(id) FROM presentation_events WHERE presentation_id = NEW.id AND kind = 'submitted');
    END IF;
    IF happened IS NOT NULL THEN
        INSERT INTO presentation_events (presentation_id, kind, detail)
        VALUES (NEW.id, happened, CASE happened WHEN 'submitted' THEN NEW.attempts::text WHEN 'error' THEN NEW.error END);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER presentation_jobs_inserted AFTER INSERT ON presentation_jobs
    FOR EACH ROW EXECUTE FUNCTION presentation_jobs_note_event();
CREATE OR REPLACE TRIGGER presentation_jobs_updated AFTER UPDATE ON presentation_jobs FOR EACH ROW
    WHEN (ROW(OLD.status, OLD.asked_at, OLD.started_at, OLD.attempts, OLD.awaits_teacher_since) IS DISTINCT FROM
          ROW(NEW.status, NEW.asked_at, NEW.started_at, NEW.attempts, NEW.awaits_teacher_since))
    EXECUTE FUNCTION presentation_jobs_note_event();


-- ---- What teachers arrange ----

-- presentations/library/subjects.py makes the key of a name.
CREATE TABLE IF NOT EXISTS presentation_subjects (
    user_id     text NOT NULL CHECK (char_length(user_id) BETWEEN 1 AND 200),
    key         text NOT NULL CHECK (key <> '' AND key <> 'default'),
    name        text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 80),
    created_at  timestamptz NOT NULL DEFAULT now(),
    defaults    jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (user_id, key)
);

COMMENT ON TABLE presentation_subjects IS 'The names under which a teacher''s subjects are shown.';
COMMENT ON COLUMN presentation_subjects.key IS 'What presentation_jobs.subject holds.';
COMMENT ON COLUMN presentation_subjects.name IS 'As its teacher first typed it.';
COMMENT ON COLUMN presentation_subjects.defaults IS 'What its teacher wants for each new one under it, by option.';

-- The steps are written and read by presentations/library/undo.py.
CREATE TABLE IF NOT EXISTS presentation_undos (
    id       uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id  text NOT NULL,
    made_at  timestamptz NOT NULL DEFAULT now(),
    steps    jsonb NOT NULL
);

COMMENT ON TABLE presentation_undos IS 'What a teacher changed of late, so that it can be put back once.';
COMMENT ON COLUMN presentation_undos.steps IS 'What was where before, and what the change made of it.';


-- ---- Accounts ----

-- presentations/accounts has the same limits in users.py and tokens.py.
CREATE TABLE IF NOT EXISTS presentation_users (
    id             text PRIMARY KEY CHECK (char_length(id) BETWEEN 1 AND 200),
    name           text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    email          text NOT NULL CHECK (char_length(email) BETWEEN 3 AND 254),
    password_hash  text,
    role           text NOT NULL DEFAULT 'teacher' CHECK (role IN ('teacher', 'admin')),
    is_active      boolean NOT NULL DEFAULT true,
    session_key    uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    created_at     timestamptz NOT NULL DEFAULT now(),
    signed_in_at   timestamptz,
    form_choices   jsonb NOT NULL DEFAULT '{}',
    oidc_subject   text UNIQUE,
    form_draft     jsonb
);

COMMENT ON TABLE presentation_users IS 'Who may sign in.';
COMMENT ON COLUMN presentation_users.id IS 'What presentation_jobs.user_id holds, which may also name somebody without an account.';
COMMENT ON COLUMN presentation_users.password_hash IS 'By argon2; NULL: only a link signs this one in.';
COMMENT ON COLUMN presentation_users.session_key IS
    'What a session needs to have noted: a new one, with each new password and each deactivation, ends all sessions.';
COMMENT ON COLUMN presentation_users.form_choices IS 'What they last chose where a presentation is asked for.';
COMMENT ON COLUMN presentation_users.form_draft IS 'What they have typed where a presentation is asked for, and not sent.';
COMMENT ON COLUMN presentation_users.oidc_subject IS
    'Issuer and subject, with a space between, of the account at an OpenID Connect provider that signs this one in.';

-- One account for each e-mail. Only the letters A to Z are the same as their small ones: with others, two addresses
-- may look alike and be two people's. presentations/accounts/emails.py has the same rule.
CREATE UNIQUE INDEX IF NOT EXISTS presentation_users_email ON presentation_users (lower(email COLLATE "C"));

CREATE TABLE IF NOT EXISTS presentation_sessions (
    key_hash     text PRIMARY KEY,
    user_id      text NOT NULL REFERENCES presentation_users ON DELETE CASCADE,
    session_key  uuid NOT NULL,
    started_at   timestamptz NOT NULL DEFAULT now(),
    used_at      timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE presentation_sessions IS 'Who is signed in, in which browser.';
COMMENT ON COLUMN presentation_sessions.key_hash IS 'SHA-256 of what the browser''s cookie holds, in hexadecimal.';
COMMENT ON COLUMN presentation_sessions.session_key IS 'That of the user when it began; when they differ, it has ended.';
COMMENT ON COLUMN presentation_sessions.used_at IS 'Written at most once an hour.';

-- A user's sessions.
CREATE INDEX IF NOT EXISTS presentation_sessions_user ON presentation_sessions (user_id);

CREATE TABLE IF NOT EXISTS presentation_sign_in_links (
    token_hash  text PRIMARY KEY,
    user_id     text NOT NULL REFERENCES presentation_users ON DELETE CASCADE,
    expires_at  timestamptz NOT NULL,
    used_at     timestamptz,
    made_by     text REFERENCES presentation_users ON DELETE CASCADE
);

COMMENT ON TABLE presentation_sign_in_links IS 'Links that sign somebody in once, without a password.';
COMMENT ON COLUMN presentation_sign_in_links.token_hash IS 'SHA-256 of what stands in the link, in hexadecimal.';
COMMENT ON COLUMN presentation_sign_in_links.made_by IS
    'The admin who made it: it works for as long as they are one; NULL: the command line.';

-- A user's links.
CREATE INDEX IF NOT EXISTS presentation_sign_in_links_user ON presentation_sign_in_links (user_id);

CREATE TABLE IF NOT EXISTS presentation_tokens (
    id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id       text NOT NULL REFERENCES presentation_users ON DELETE CASCADE,
    name          text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    token_hash    text NOT NULL UNIQUE,
    made_by       text REFERENCES presentation_users ON DELETE CASCADE,
    scopes        text NOT NULL CHECK (scopes IN ('read', 'write', 'read write')),
    acts_for_all  boolean NOT NULL DEFAULT false,
    created_at    timestamptz NOT NULL DEFAULT now(),
    last_used_at  timestamptz
);

COMMENT ON TABLE presentation_tokens IS 'What programs show instead of signing in.';
COMMENT ON COLUMN presentation_tokens.user_id IS 'Whose it is; it works for as long as that account is active.';
COMMENT ON COLUMN presentation_tokens.made_by IS
    'Whose being an admin it stands on, if it acts for everybody or is another''s; NULL: the command line''s.';
COMMENT ON COLUMN presentation_tokens.token_hash IS 'SHA-256 of the secret, in hexadecimal.';
COMMENT ON COLUMN presentation_tokens.acts_for_all IS 'Whether it may act for any user_id, as a service does.';
COMMENT ON COLUMN presentation_tokens.last_used_at IS 'Written at most once a minute.';

-- A user's tokens.
CREATE INDEX IF NOT EXISTS presentation_tokens_user ON presentation_tokens (user_id);

-- What somebody may do is asked of these at each use, and stands nowhere. presentations/accounts/powers.py asks them, too.

CREATE OR REPLACE FUNCTION presentation_is_admin(account text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM presentation_users WHERE id = account AND is_active AND role = 'admin')
$$;

-- For whom a token acts now: 'all', its 'own' account only, or NULL: nobody.
CREATE OR REPLACE FUNCTION presentation_token_reach(token uuid) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN t.made_by <> t.user_id AND NOT presentation_is_admin(t.made_by) THEN NULL
                WHEN t.acts_for_all AND (t.made_by IS NULL OR presentation_is_admin(t.made_by)) THEN 'all'
                ELSE 'own' END
    FROM presentation_tokens AS t JOIN presentation_users AS u ON u.id = t.user_id
    WHERE t.id = token AND u.is_active
$$;

CREATE OR REPLACE FUNCTION presentation_acts_for_all(account text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM presentation_tokens WHERE user_id = account AND presentation_token_reach(id) = 'all')
$$;

-- Whether a webhook with these columns may be told anything now.
CREATE OR REPLACE FUNCTION presentation_may_be_told(user_id text, made_by text, all_users boolean) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (SELECT FROM presentation_users AS owner WHERE owner.id = $1 AND NOT is_active)
           AND (all_users IS FALSE AND made_by IS NULL
                OR presentation_acts_for_all(CASE WHEN all_users THEN $1 ELSE made_by END))
$$;


-- ---- Webhooks ----

-- They are made and looked after by presentations/webhooks/subscriptions.py, which knows the same events.
CREATE TABLE IF NOT EXISTS presentation_webhooks (
    id                     uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id                text NOT NULL CHECK (char_length(user_id) BETWEEN 1 AND 200),
    all_users              boolean NOT NULL DEFAULT false,
    made_by                text,
    presentation_id        uuid,
    url                    text NOT NULL CHECK (url ~ '^https?://' AND char_length(url) <= 2000),
    events                 jsonb NOT NULL CHECK (
        events <> '[]' AND
        events <@ '["presentation.completed", "presentation.failed", "presentation.cancelled"]'),
    secret                 text NOT NULL CHECK (starts_with(secret, 'whsec_')),
    previous_secret        text,
    previous_secret_until  timestamptz,
    is_active              boolean NOT NULL DEFAULT true,
    failing_since          timestamptz,
    switched_off_at        timestamptz,
    switched_off_why       text,
    created_at             timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT presentation_webhooks_previous CHECK ((previous_secret IS NULL) = (previous_secret_until IS NULL)),
    CONSTRAINT presentation_webhooks_scope CHECK (NOT all_users OR presentation_id IS NULL),
    CONSTRAINT presentation_webhooks_off CHECK (switched_off_at IS NULL OR NOT is_active)
);

COMMENT ON TABLE presentation_webhooks IS 'Who wants to be told, at which URL, how presentations end.';
COMMENT ON COLUMN presentation_webhooks.user_id IS 'Whose it is, and whose presentations it tells of.';
COMMENT ON COLUMN presentation_webhooks.all_users IS 'Whether it tells of everybody''s presentations, as a service wants.';
COMMENT ON COLUMN presentation_webhooks.made_by IS
    'The account that made it by acting for its user: it is told for as long as that may; NULL: its user.';
COMMENT ON COLUMN presentation_webhooks.presentation_id IS 'The only one it tells of; NULL: all of its user''s.';
COMMENT ON COLUMN presentation_webhooks.secret IS
    'Signs what is sent. Kept in clear, since signing needs it; shown to its user once, by whoever made it.';
COMMENT ON COLUMN presentation_webhooks.previous_secret IS 'The one before; signs as well, for a day after the change.';
COMMENT ON COLUMN presentation_webhooks.failing_since IS 'The first failure after the last success.';
COMMENT ON COLUMN presentation_webhooks.switched_off_at IS 'When Lectern, not its user, switched it off.';

-- A user's webhooks; one for each URL that a single request gave.
CREATE INDEX IF NOT EXISTS presentation_webhooks_user ON presentation_webhooks (user_id, created_at);
CREATE UNIQUE INDEX IF NOT EXISTS presentation_webhooks_of_one
    ON presentation_webhooks (presentation_id, md5(url)) WHERE presentation_id IS NOT NULL;
-- Those that tell of everybody's.
CREATE INDEX IF NOT EXISTS presentation_webhooks_all ON presentation_webhooks (id) WHERE all_users;

-- A row is sent, and sent again, by presentations/webhooks/delivery.py.
CREATE TABLE IF NOT EXISTS presentation_deliveries (
    id               uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    number           bigint GENERATED ALWAYS AS IDENTITY,
    webhook_id       uuid NOT NULL REFERENCES presentation_webhooks ON DELETE CASCADE,
    user_id          text NOT NULL,
    presentation_id  uuid,
    event            text NOT NULL,
    payload          jsonb NOT NULL,
    status           text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'delivered', 'failed')),
    created_at       timestamptz NOT NULL DEFAULT now(),
    due_at           timestamptz NOT NULL DEFAULT now(),
    attempts         integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),

    queued_at        timestamptz,
    line_entry       integer NOT NULL DEFAULT 0 CHECK (line_entry >= 0),
    claimed_by       uuid,
    claimed_until    timestamptz,

    sent_at          timestamptz,
    request          jsonb,
    status_code      integer,
    answer           text,
    duration_ms      integer,
    problem          text,

    CONSTRAINT presentation_deliveries_line CHECK (queued_at IS NULL OR status = 'waiting'),
    CONSTRAINT presentation_deliveries_claim CHECK ((claimed_by IS NULL) = (claimed_until IS NULL))
);

COMMENT ON TABLE presentation_deliveries IS 'What a webhook is told, and how telling it went. Kept for 30 days.';
COMMENT ON COLUMN presentation_deliveries.id IS 'The header webhook-id: the same at every attempt.';
COMMENT ON COLUMN presentation_deliveries.number IS 'Grows with time; the events of a presentation are sent in this order.';
COMMENT ON COLUMN presentation_deliveries.user_id IS 'Its webhook''s: one of each user is sent at a time.';
COMMENT ON COLUMN presentation_deliveries.presentation_id IS 'NULL: a test.';
COMMENT ON COLUMN presentation_deliveries.status IS
    'waiting: to be sent, or sent again, when it is due; delivered: answered with 2xx; failed: given up.';
COMMENT ON COLUMN presentation_deliveries.attempts IS 'How often it was sent since it was made, or since Send again.';
COMMENT ON COLUMN presentation_deliveries.queued_at IS 'When it was put in the line in Redis; NULL: it is not in line.';
COMMENT ON COLUMN presentation_deliveries.line_entry IS 'How often it has entered the line; part of the RQ job''s id.';
COMMENT ON COLUMN presentation_deliveries.claimed_by IS 'The attempt that may write this row; new for each.';
COMMENT ON COLUMN presentation_deliveries.claimed_until IS 'After this its worker counts as dead, and it is sent again.';
COMMENT ON COLUMN presentation_deliveries.request IS 'Where the last attempt went, and its headers.';
COMMENT ON COLUMN presentation_deliveries.answer IS 'The first 2 KB of the last answer.';
COMMENT ON COLUMN presentation_deliveries.problem IS 'Why the last attempt failed, as a sentence for its user.';

-- A webhook's log, newest first.
CREATE INDEX IF NOT EXISTS presentation_deliveries_of_webhook ON presentation_deliveries (webhook_id, number DESC);
-- What is to be sent, what has to go before it, and who is being sent something.
CREATE INDEX IF NOT EXISTS presentation_deliveries_due ON presentation_deliveries (due_at) WHERE status = 'waiting';
CREATE INDEX IF NOT EXISTS presentation_deliveries_order
    ON presentation_deliveries (webhook_id, presentation_id, number) WHERE status = 'waiting';
CREATE INDEX IF NOT EXISTS presentation_deliveries_in_line
    ON presentation_deliveries (user_id) WHERE queued_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS presentation_deliveries_claimed
    ON presentation_deliveries (user_id) WHERE claimed_by IS NOT NULL;
-- What is old enough to go.
CREATE INDEX IF NOT EXISTS presentation_deliveries_age ON presentation_deliveries (created_at);

CREATE OR REPLACE FUNCTION presentation_time(moment timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

CREATE OR REPLACE FUNCTION presentation_event(status text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE status WHEN 'complete' THEN 'presentation.completed'
                       WHEN 'error' THEN 'presentation.failed'
                       WHEN 'cancelled' THEN 'presentation.cancelled' END
$$;

-- Writes down that the webhooks of a presentation (or the one given) are to be told how it ended. The payload is made
-- here and nowhere else; docs/webhooks.md describes it.
CREATE OR REPLACE FUNCTION presentation_tell(presentation uuid, webhook uuid DEFAULT NULL) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO presentation_deliveries (webhook_id, user_id, presentation_id, event, payload)
    SELECT w.id, w.user_id, job.id, presentation_event(job.status), jsonb_build_object(
        'type', presentation_event(job.status),
        'timestamp', presentation_time(now()),
        'data', jsonb_build_object(
            'job_id', job.id,
            'user_id', job.user_id,
            'topic', job.topic,
            'title', coalesce(job.title, job.topic),
            'subject', job.subject,
            'status', job.status,
            'presenton_url', job.presenton_url,
            'slides', CASE WHEN job.status = 'complete' THEN job.slides_total END,
            'file_url', CASE WHEN job.status = 'complete' THEN '/api/presentations/' || job.id || '/file' END,
            'pdf_url', CASE WHEN job.status = 'complete' THEN '/api/presentations/' || job.id || '/file?format=pdf' END,
            'slides_url', CASE WHEN job.status = 'complete' THEN '/api/presentations/' || job.id || '/slides' END,
            'error', CASE WHEN job.status = 'error' THEN job.error END,
            'created_at', presentation_time(job.created_at),
            'started_at', presentation_time(job.started_at),
            'completed_at', presentation_time(job.completed_at),
            'ended_at', presentation_time(job.ended_at)))
    FROM presentation_jobs AS job JOIN presentation_webhooks AS w ON w.user_id = job.user_id OR w.all_users
    WHERE job.id = presentation AND w.is_active AND presentation_may_be_told(w.user_id, w.made_by, w.all_users)
      AND w.events ? presentation_event(job.status)
      AND (w.presentation_id IS NULL OR w.presentation_id = job.id) AND (webhook IS NULL OR w.id = webhook)
$$;

CREATE OR REPLACE FUNCTION presentation_jobs_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM presentation_tell(NEW.id);
    RETURN NULL;
END $$;

-- In the transaction that ends a presentation: whatever code does that, and however its process dies, nobody is forgotten.
CREATE OR REPLACE TRIGGER presentation_jobs_ended AFTER UPDATE ON presentation_jobs FOR EACH ROW
    WHEN (OLD.status IN ('pending', 'processing') AND NEW.status IN ('complete', 'error', 'cancelled'))
    EXECUTE FUNCTION presentation_jobs_tell();


-- ---- Requests that are sent again ----

-- Written and read by presentations/library/idempotency.py.
CREATE TABLE IF NOT EXISTS presentation_answers (
    user_id   text NOT NULL CHECK (char_length(user_id) BETWEEN 1 AND 200),
    key       text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 200),
    request   text NOT NULL,
    began_at  timestamptz NOT NULL DEFAULT now(),
    status    integer,
    location  text,
    body      text,
    PRIMARY KEY (user_id, key)
);

COMMENT ON TABLE presentation_answers IS 'What requests with an Idempotency-Key were answered with; kept for a day.';
COMMENT ON COLUMN presentation_answers.request IS 'SHA-256 of what was asked: with the same key only the same is answered.';
COMMENT ON COLUMN presentation_answers.status IS 'Of the HTTP answer; NULL: not answered yet.';

-- First answers that are old enough to go.
CREATE INDEX IF NOT EXISTS presentation_answers_began ON presentation_answers (began_at);


-- ---- Admins ----

-- presentations/operations/controls.py has the same limits.
CREATE TABLE IF NOT EXISTS presentation_controls (
    is_only       boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    max_waiting   integer NOT NULL DEFAULT 20 CHECK (max_waiting BETWEEN 1 AND 10000),
    paused_at     timestamptz,
    pause_reason  text CHECK (char_length(pause_reason) BETWEEN 1 AND 300),
    notice        text CHECK (char_length(notice) BETWEEN 1 AND 300),
    refused_at    timestamptz,
    refusal       text,
    web_search    boolean NOT NULL DEFAULT false,

    CONSTRAINT presentation_controls_pause CHECK ((paused_at IS NULL) = (pause_reason IS NULL)),
    CONSTRAINT presentation_controls_refusal CHECK ((refused_at IS NULL) = (refusal IS NULL))
);

COMMENT ON TABLE presentation_controls IS 'What admins have set, and whether Presenton lets Lectern in; a single row.';
COMMENT ON COLUMN presentation_controls.max_waiting IS 'How many presentations of one teacher may wait at a time.';
COMMENT ON COLUMN presentation_controls.paused_at IS 'Since when nothing new is begun; NULL: it is.';
COMMENT ON COLUMN presentation_controls.pause_reason IS 'Why, as a sentence for teachers.';
COMMENT ON COLUMN presentation_controls.notice IS 'A sentence on top of every page.';
COMMENT ON COLUMN presentation_controls.refused_at IS
    'Since when Presenton lets nobody in, so that nothing is begun or looked at; NULL: it does. Workers write it.';
COMMENT ON COLUMN presentation_controls.refusal IS 'Why, in words for admins.';
COMMENT ON COLUMN presentation_controls.web_search IS 'Whether the language model can search the web, so that teachers may ask for it.';

INSERT INTO presentation_controls DEFAULT VALUES ON CONFLICT DO NOTHING;

-- Written and read by presentations/library/templates.py.
CREATE TABLE IF NOT EXISTS presentation_templates (
    is_only       boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    listed        jsonb NOT NULL,
    seen_at       timestamptz NOT NULL DEFAULT now(),
    has_outlines  boolean NOT NULL DEFAULT false
);

COMMENT ON TABLE presentation_templates IS 'What Presenton offers; a single row, once it was asked.';
COMMENT ON COLUMN presentation_templates.listed IS 'Id, name, description and thumbnail''s path of each, in its order; empty: it does not list them.';
COMMENT ON COLUMN presentation_templates.seen_at IS 'When it last said so; what is older refuses nothing.';
COMMENT ON COLUMN presentation_templates.has_outlines IS 'Whether it proposes outlines.';

CREATE TABLE IF NOT EXISTS presentation_template_pictures (
    template_id  text PRIMARY KEY,
    path         text NOT NULL,
    sha256       text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    media_type   text NOT NULL CHECK (media_type IN ('image/png', 'image/jpeg', 'image/webp')),
    content      bytea NOT NULL,
    seen_at      timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE presentation_template_pictures IS 'The thumbnails of Presenton''s templates, as workers fetched them.';
COMMENT ON COLUMN presentation_template_pictures.path IS 'Where it was fetched, below /app_data/ on Presenton.';
COMMENT ON COLUMN presentation_template_pictures.seen_at IS 'When it was fetched; after a day it is fetched anew.';

-- Written by presentations/database/audit.py.
CREATE TABLE IF NOT EXISTS presentation_audit (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz NOT NULL DEFAULT now(),
    actor   text NOT NULL,
    via     text NOT NULL CHECK (via IN ('page', 'api', 'command line')),
    action  text NOT NULL,
    whose   text,
    what    text
);

COMMENT ON TABLE presentation_audit IS 'Who did what to whose thing. Kept for a year.';
COMMENT ON COLUMN presentation_audit.actor IS 'The account''s id; on the command line, the name in the operating system.';
COMMENT ON COLUMN presentation_audit.whose IS 'The id of the user whose thing it is; NULL: nobody''s in particular.';
COMMENT ON COLUMN presentation_audit.what IS 'Kind and id of the thing; no words that a teacher wrote.';

-- What is old enough to go.
CREATE INDEX IF NOT EXISTS presentation_audit_at ON presentation_audit (at);


-- ---- The line ----

-- The rules of whose turn it is stand here, since each is asked where nobody else may come in between: a teacher asks, a
-- worker takes one, one ends. presentations/jobs/admission.py calls them, one trip each.

-- How many more of a teacher's may enter the line: two of each stand in it, or one while another is being made. None
-- while the line is paused or shut. One that Presenton may be at already takes up no place.
CREATE OR REPLACE FUNCTION presentation_free_places(teacher text) RETURNS integer LANGUAGE sql AS $$
    SELECT CASE WHEN paused_at IS NULL AND refused_at IS NULL THEN (
        SELECT greatest(0, 2 - (count(*) FILTER (WHERE status = 'processing') > 0)::integer - count(*) FILTER (
            WHERE queued_at IS NOT NULL AND presenton_task_id IS NULL AND unanswered_since IS NULL))::integer
        FROM presentation_jobs WHERE user_id = teacher AND status IN ('pending', 'processing'))
    ELSE 0 END FROM presentation_controls
$$;

-- Whether a teacher may have so many waiting, besides those that do. Outlines that wait for the teacher do not count.
CREATE OR REPLACE FUNCTION presentation_has_room(teacher text, more integer) RETURNS boolean LANGUAGE sql AS $$
    SELECT (SELECT count(*) FROM presentation_jobs
            WHERE user_id = teacher AND status = 'pending' AND awaits_teacher_since IS NULL) + more <= max_waiting
    FROM presentation_controls
$$;

-- Two of one teacher at once would both count the same free place, and the same room.
CREATE OR REPLACE FUNCTION presentation_lock_line(teacher text) RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(723601, hashtext(teacher))
$$;

-- Whether any of a teacher's wait outside the line, who may have a place in it once this transaction is over. True as
-- well while somebody else has the lock, who may be adding one just now: to be asked once more, then.
CREATE OR REPLACE FUNCTION presentation_others_wait(teacher text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF NOT pg_try_advisory_xact_lock(723601, hashtext(teacher)) THEN
        RETURN true;
    END IF;
    -- A statement of its own, since it is to see what was committed before the lock was free.
    RETURN EXISTS (SELECT FROM presentation_jobs WHERE user_id = teacher AND status = 'pending' AND queued_at IS NULL
                                                       AND awaits_teacher_since IS NULL);
END $$;

-- Lets those of a teacher's into the line whose turn it is now, longest waiting first: as many as places are free, and
-- those that Presenton may be at already. They are to be pushed to Redis once this is committed; begun ones to the front.
CREATE OR REPLACE FUNCTION presentation_admit(teacher text)
RETURNS TABLE (id uuid, line_entry integer, is_begun boolean) LANGUAGE plpgsql AS $$
DECLARE
    is_shut boolean;
    free integer;
BEGIN
    PERFORM presentation_lock_line(teacher);
    SELECT refused_at IS NOT NULL INTO is_shut FROM presentation_controls;
    IF is_shut THEN
        RETURN;
    END IF;
    free := presentation_free_places(teacher);
    RETURN QUERY WITH begun AS (
        SELECT job.id FROM presentation_jobs AS job
        WHERE user_id = teacher AND status = 'pending' AND queued_at IS NULL AND awaits_teacher_since IS NULL
          AND (presenton_task_id IS NOT NULL OR unanswered_since IS NOT NULL)
        FOR UPDATE SKIP LOCKED
    ), next AS (
        SELECT job.id FROM presentation_jobs AS job
        WHERE user_id = teacher AND status = 'pending' AND queued_at IS NULL AND awaits_teacher_since IS NULL
          AND presenton_task_id IS NULL AND unanswered_since IS NULL
        ORDER BY asked_at, job.id LIMIT free
        FOR UPDATE SKIP LOCKED
    ), entered AS (
        UPDATE presentation_jobs AS job SET queued_at = now(), line_entry = job.line_entry + 1
        WHERE job.id IN (SELECT begun.id FROM begun UNION ALL SELECT next.id FROM next)
        RETURNING job.id, job.line_entry, job.asked_at,
                  presenton_task_id IS NOT NULL OR unanswered_since IS NOT NULL AS is_begun
    )
    SELECT entered.id, entered.line_entry, entered.is_begun FROM entered ORDER BY entered.asked_at, entered.id;
END $$;

-- Somebody asks for a presentation, with these columns: the new row, in the line if a place is free for it; or the one of
-- the same idempotency key; or nothing, where there is no room for one more, or the account is deactivated.
CREATE OR REPLACE FUNCTION presentation_ask(asked jsonb, subject_name text) RETURNS SETOF presentation_jobs
LANGUAGE plpgsql AS $$
DECLARE
    job presentation_jobs;
BEGIN
    job := jsonb_populate_record(NULL::presentation_jobs, jsonb_build_object(
        'id', gen_random_uuid(), 'subject', 'default', 'status', 'pending', 'created_at', now(), 'asked_at', now(),
        'changed_at', clock_timestamp(), 'file_count', 0, 'line_entry', 0, 'claims', 0, 'attempts', 0) || asked);
    IF EXISTS (SELECT FROM presentation_users WHERE id = job.user_id AND NOT is_active) THEN
        RETURN;
    END IF;
    PERFORM presentation_lock_line(job.user_id);
    RETURN QUERY SELECT * FROM presentation_jobs WHERE user_id = job.user_id AND idempotency_key = job.idempotency_key;
    IF FOUND OR NOT presentation_has_room(job.user_id, 1) THEN
        RETURN;
    END IF;
    IF job.subject <> 'default' THEN
        -- Written again as it is, so that nobody can delete it before something is filed under it.
        INSERT INTO presentation_subjects (user_id, key, name) VALUES (job.user_id, job.subject, subject_name)
        ON CONFLICT (user_id, key) DO UPDATE SET name = presentation_subjects.name;
    END IF;
    IF presentation_free_places(job.user_id) > 0 AND NOT EXISTS (
        SELECT FROM presentation_jobs WHERE user_id = job.user_id AND status = 'pending' AND queued_at IS NULL
                                            AND awaits_teacher_since IS NULL) THEN
        job.queued_at := now();
        job.line_entry := 1;
    END IF;
    RETURN QUERY INSERT INTO presentation_jobs SELECT job.* RETURNING *;
END $$;


END $today$;


-- ====================================================================================================
-- 2. What only older installations need
-- ====================================================================================================

CREATE TABLE IF NOT EXISTS presentation_schema_steps (
    version     integer PRIMARY KEY,
    name        text NOT NULL,
    applied_at  timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE presentation_schema_steps IS 'The steps of schema.sql that this installation has behind it.';
COMMENT ON COLUMN presentation_schema_steps.version IS 'The version of the schema that the step led to.';
COMMENT ON COLUMN presentation_schema_steps.applied_at IS 'A new installation has all steps behind it from the start.';

-- Notes a step, and says whether it has to be run: once, and not in a new installation.
CREATE FUNCTION presentation_schema_step(version integer, name text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO presentation_schema_steps VALUES (version, name) ON CONFLICT DO NOTHING;
    RETURN FOUND AND to_regclass(format('%I.presentation_jobs', current_schema())) IS NOT NULL;
END $$;

-- Each step leads to a version from the one before, and finds tables, functions and triggers as that one had them. So
-- it makes what it needs of part 1, and drops a trigger that would take what it fills for somebody's change: part 1
-- comes afterwards, and makes it anew. A table that came later than presentation_jobs may not be there: IF EXISTS.
--
-- An example of a constraint that changes. Part 1 would say that n_slides is BETWEEN 1 AND 60, and this would be added:
--
--     IF presentation_schema_step(<next>, 'up to 60 slides') THEN
--         ALTER TABLE presentation_jobs
--             DROP CONSTRAINT presentation_jobs_n_slides_check,
--             ADD CONSTRAINT presentation_jobs_n_slides_check CHECK (n_slides BETWEEN 1 AND 60);
--     END IF;
DO $older$ BEGIN

-- Installations of version 7 and before have noted nothing: each of these steps may find that it was already made.

IF presentation_schema_step(2, 'when a presentation has changed') THEN
    ALTER TABLE presentation_jobs
        ADD COLUMN IF NOT EXISTS changed_at timestamptz NOT NULL DEFAULT clock_timestamp();
END IF;

IF presentation_schema_step(3, 'search, what was opened, and what was chosen last') THEN
    ALTER TABLE presentation_jobs
        ADD COLUMN IF NOT EXISTS search_text text,
        ADD COLUMN IF NOT EXISTS opened_at timestamptz;
    ALTER TABLE IF EXISTS presentation_users
        ADD COLUMN IF NOT EXISTS form_choices jsonb NOT NULL DEFAULT '{}';
    DROP TRIGGER IF EXISTS presentation_jobs_changed ON presentation_jobs;
    UPDATE presentation_jobs
    SET search_text = concat_ws(chr(10), presentation_search_text(title), presentation_search_text(topic))
    WHERE search_text IS NULL;
END IF;

IF presentation_schema_step(4, 'the story of older presentations, and how long the newest ones took') THEN
    CREATE TABLE IF NOT EXISTS presentation_events (
        id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        presentation_id  uuid NOT NULL REFERENCES presentation_jobs ON DELETE CASCADE,
        at               timestamptz NOT NULL DEFAULT clock_timestamp(),
        kind             text NOT NULL CHECK (
            kind IN ('asked', 'started', 'submitted', 'complete', 'error', 'cancelled', 'deleted', 'restored')),
        detail           text
    );
    INSERT INTO presentation_events (presentation_id, at, kind, detail)
    SELECT job.id, step.at, step.kind, step.detail
    FROM presentation_jobs AS job, LATERAL (VALUES
        (1, job.created_at, 'asked', NULL),
        (2, CASE WHEN job.asked_at > job.created_at THEN job.asked_at END, 'asked', NULL),
        (3, job.started_at, 'started', NULL),
        (4, CASE WHEN job.status IN ('complete', 'error', 'cancelled')
                 THEN coalesce(job.ended_at, job.completed_at) END,
         job.status, CASE WHEN job.status = 'error' THEN job.error END),
        (5, job.deleted_at, 'deleted', NULL)
    ) AS step (place, at, kind, detail)
    WHERE step.at IS NOT NULL AND NOT EXISTS (SELECT FROM presentation_events WHERE presentation_id = job.id)
    ORDER BY job.created_at, job.id, step.place;
    DROP INDEX IF EXISTS presentation_jobs_completed;  -- as it is in part 1, it leaves out more
END IF;

IF presentation_schema_step(5, 'webhooks that tell of everybody''s presentations') THEN
    ALTER TABLE IF EXISTS presentation_webhooks
        ADD COLUMN IF NOT EXISTS all_users boolean NOT NULL DEFAULT false,
        DROP CONSTRAINT IF EXISTS presentation_webhooks_scope,
        ADD CONSTRAINT presentation_webhooks_scope CHECK (NOT all_users OR presentation_id IS NULL);
END IF;

IF presentation_schema_step(6, 'the request that asked for a presentation') THEN
    ALTER TABLE presentation_jobs ADD COLUMN IF NOT EXISTS request_id text;
END IF;

IF presentation_schema_step(7, 'single sign-on') THEN
    ALTER TABLE IF EXISTS presentation_users ADD COLUMN IF NOT EXISTS oidc_subject text UNIQUE;
END IF;

IF presentation_schema_step(8, 'decks found by a mark; Presenton seen down') THEN
    ALTER TABLE presentation_jobs
        ADD COLUMN IF NOT EXISTS deck_mark text,
        ADD COLUMN IF NOT EXISTS presenton_down_at timestamptz;
END IF;

IF presentation_schema_step(9, 'causes of failures, and a line that waits until Presenton lets Lectern in') THEN
    ALTER TABLE presentation_jobs ADD COLUMN IF NOT EXISTS error_cause text;
    ALTER TABLE IF EXISTS presentation_controls
        ADD COLUMN IF NOT EXISTS refused_at timestamptz,
        ADD COLUMN IF NOT EXISTS refusal text,
        DROP CONSTRAINT IF EXISTS presentation_controls_refusal,
        ADD CONSTRAINT presentation_controls_refusal CHECK ((refused_at IS NULL) = (refusal IS NULL));
END IF;

IF presentation_schema_step(10, 'e-mail addresses that only look alike are two') THEN
    DROP INDEX IF EXISTS presentation_users_email;
END IF;

IF presentation_schema_step(11, 'on whose power tokens, links and webhooks stand') THEN
    ALTER TABLE IF EXISTS presentation_sign_in_links
        ADD COLUMN IF NOT EXISTS made_by text REFERENCES presentation_users ON DELETE CASCADE;
    ALTER TABLE IF EXISTS presentation_tokens
        ADD COLUMN IF NOT EXISTS made_by text REFERENCES presentation_users ON DELETE CASCADE;
    ALTER TABLE IF EXISTS presentation_webhooks ADD COLUMN IF NOT EXISTS made_by text;
    IF to_regclass(format('%I.presentation_tokens', current_schema())) IS NOT NULL THEN
        UPDATE presentation_tokens AS token SET made_by = user_id
        FROM presentation_users AS holder
        WHERE holder.id = token.user_id AND holder.role = 'admin' AND token.acts_for_all AND token.made_by IS NULL;
    END IF;
END IF;

IF presentation_schema_step(12, 'what is going on now, by teacher') THEN
    DROP INDEX IF EXISTS presentation_jobs_live;  -- as it is in part 1, it is by teacher
    DROP INDEX IF EXISTS presentation_jobs_in_line_of_user;
END IF;

IF presentation_schema_step(13, 'decks are kept') THEN
    ALTER TABLE presentation_jobs
        ADD COLUMN IF NOT EXISTS version integer CHECK (version >= 1),
        ADD COLUMN IF NOT EXISTS cover text,
        ADD COLUMN IF NOT EXISTS prepared_at timestamptz;
    CREATE TABLE IF NOT EXISTS presentation_decks (
        id               uuid PRIMARY KEY REFERENCES presentation_jobs ON DELETE CASCADE,
        user_id          text NOT NULL,
        due_at           timestamptz DEFAULT now(),
        attempts         integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
        failing_since    timestamptz,
        problem          text,
        looked_at        timestamptz,
        presenton_state  text,
        gone_at          timestamptz,
        queued_at        timestamptz,
        line_entry       integer NOT NULL DEFAULT 0 CHECK (line_entry >= 0),
        claimed_by       uuid,
        claimed_until    timestamptz,
        CONSTRAINT presentation_decks_line CHECK (queued_at IS NULL OR due_at IS NOT NULL),
        CONSTRAINT presentation_decks_claim CHECK ((claimed_by IS NULL) = (claimed_until IS NULL))
    );
    -- The newest first, since of each user's the latest is done first.
    INSERT INTO presentation_decks (id, user_id, due_at)
    SELECT id, user_id, now() - row_number() OVER (ORDER BY completed_at DESC NULLS LAST, id) * interval '1 second'
    FROM presentation_jobs WHERE status = 'complete'
    ON CONFLICT DO NOTHING;
END IF;

IF presentation_schema_step(14, 'asking from material, for a class, with an outline first') THEN
    ALTER TABLE presentation_jobs
        ADD COLUMN IF NOT EXISTS text text CHECK (char_length(text) <= 50000),
        ADD COLUMN IF NOT EXISTS keep_wording boolean,
        ADD COLUMN IF NOT EXISTS grade text,
        ADD COLUMN IF NOT EXISTS level text,
        ADD COLUMN IF NOT EXISTS minutes integer CHECK (minutes BETWEEN 5 AND 240),
        ADD COLUMN IF NOT EXISTS must_cover text,
        ADD COLUMN IF NOT EXISTS ends_with text
            CHECK (ends_with IN ('questions', 'exit_ticket', 'homework', 'summary')),
        ADD COLUMN IF NOT EXISTS avoid text,
        ADD COLUMN IF NOT EXISTS table_of_contents boolean,
        ADD COLUMN IF NOT EXISTS title_slide boolean,
        ADD COLUMN IF NOT EXISTS web_search boolean,
        ADD COLUMN IF NOT EXISTS outline_first boolean,
        ADD COLUMN IF NOT EXISTS file_count integer NOT NULL DEFAULT 0 CHECK (file_count BETWEEN 0 AND 5),
        ADD COLUMN IF NOT EXISTS outline jsonb,
        ADD COLUMN IF NOT EXISTS outlined_at timestamptz,
        ADD COLUMN IF NOT EXISTS awaits_teacher_since timestamptz,
        DROP CONSTRAINT IF EXISTS presentation_jobs_awaits,
        DROP CONSTRAINT IF EXISTS presentation_jobs_outlined,
        ADD CONSTRAINT presentation_jobs_awaits CHECK (
            awaits_teacher_since IS NULL
            OR (outline IS NOT NULL AND queued_at IS NULL AND status NOT IN ('processing', 'complete'))),
        ADD CONSTRAINT presentation_jobs_outlined CHECK ((outline IS NULL) = (outlined_at IS NULL));
    DROP INDEX IF EXISTS presentation_jobs_waiting;  -- as it is in part 1, it leaves out what waits for its teacher
    ALTER TABLE IF EXISTS presentation_events
        DROP CONSTRAINT IF EXISTS presentation_events_kind_check,
        ADD CONSTRAINT presentation_events_kind_check CHECK (
            kind IN ('asked', 'started', 'submitted', 'outlined', 'accepted', 'complete', 'error', 'cancelled',
                     'deleted', 'restored'));
    ALTER TABLE IF EXISTS presentation_subjects ADD COLUMN IF NOT EXISTS defaults jsonb NOT NULL DEFAULT '{}';
    ALTER TABLE IF EXISTS presentation_users ADD COLUMN IF NOT EXISTS form_draft jsonb;
    ALTER TABLE IF EXISTS presentation_controls ADD COLUMN IF NOT EXISTS web_search boolean NOT NULL DEFAULT false;
    ALTER TABLE IF EXISTS presentation_templates
        ADD COLUMN IF NOT EXISTS has_outlines boolean NOT NULL DEFAULT false;
END IF;

END $older$;


-- Now the schema of today.
DO $$ BEGIN PERFORM presentation_schema_of_today(); END $$;

DROP FUNCTION presentation_schema_of_today, presentation_schema_step;

COMMIT;
