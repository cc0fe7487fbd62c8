"""What becomes of each column when a person is erased: decided for each, and tried by test_erasing.py."""

from __future__ import annotations

# Her rows go. These columns of them hold her id, or words that she or Presenton wrote about what is hers.
WORDS = "goes: names her, or holds her words"
# These say nothing about her once the row is gone, or are ids, which are looked for apart.
GOES = "goes with its row"

# What stays, and why it may.
NAME_REPLACED = "stays for a year, so that what was done can be accounted for; her id is replaced"
IDS_REPLACED = "stays, without the ids of what was hers"
FIXED = "stays: one of a few fixed words, or a number or time, about what was done and not about her"
INSTITUTION = "stays: what admins tell everybody or set for all; it is not kept whose it was"
PRESENTONS = "stays: what Presenton said about itself"
LECTERNS = "stays: Lectern's own steps"


def _row(words: str, rest: str) -> dict[str, str]:
    return dict.fromkeys(words.split(), WORDS) | dict.fromkeys(rest.split(), GOES)


DECISIONS: dict[str, dict[str, str]] = {
    "presentation_jobs": _row(
        "user_id topic title search_text subject language template instructions text grade level must_cover avoid "
        "outline idempotency_key request_id "
        "presenton_id presenton_url presenton_path presenton_task_id message progress_mark error error_detail "
        "error_cause deck_mark",
        "id status n_slides tone verbosity export_as keep_wording minutes ends_with table_of_contents title_slide "
        "web_search outline_first file_count outlined_at awaits_teacher_since created_at asked_at started_at "
        "completed_at ended_at opened_at deleted_at deleted_from changed_at slides_done slides_total progress_at "
        "queued_at line_entry lease_owner "
        "lease_until claims attempts submit_started_at unanswered_since fault_since presenton_down_at version cover "
        "prepared_at",
    ),
    "presentation_decks": _row(
        "user_id problem presenton_state",
        "id due_at attempts failing_since looked_at gone_at queued_at line_entry claimed_by claimed_until",
    ),
    "presentation_versions": _row(
        "words_problem pdf_problem pictures_problem",
        "presentation_id number origin restored_from made_at slides prepared_at",
    ),
    # What they name in the store goes as well.
    "presentation_files": _row("", "presentation_id version kind size sha256 origin made_at"),
    "presentation_slides": _row(
        "title text notes search_text",
        "presentation_id version number small_sha256 small_size large_sha256 large_size width height",
    ),
    # The file in the store goes as well.
    "presentation_uploads": _row("user_id name", "id kind size sha256 pages is_kept created_at deleted_at"),
    "presentation_materials": _row("", "presentation_id position upload_id"),
    "presentation_events": _row("detail", "id presentation_id at kind"),
    "presentation_subjects": _row("user_id key name defaults", "created_at"),
    "presentation_undos": _row("user_id steps", "id made_at"),
    "presentation_users": _row(
        "id name email password_hash form_choices oidc_subject form_draft",
        "role is_active session_key created_at signed_in_at",
    ),
    "presentation_sessions": _row("user_id key_hash", "session_key started_at used_at"),
    "presentation_sign_in_links": _row("token_hash user_id made_by", "expires_at used_at"),
    "presentation_tokens": _row("user_id made_by name token_hash", "id scopes acts_for_all created_at last_used_at"),
    "presentation_webhooks": _row(
        "user_id made_by url secret previous_secret switched_off_why",
        "id all_users presentation_id events previous_secret_until is_active failing_since switched_off_at created_at",
    ),
    # Of her webhooks, and of others' as far as they tell of her.
    "presentation_deliveries": _row(
        "user_id payload request answer problem",
        "id number webhook_id presentation_id event status created_at due_at attempts queued_at line_entry "
        "claimed_by claimed_until sent_at status_code duration_ms",
    ),
    # Hers, and others' as far as they hold a delivery that tells of her.
    "presentation_answers": _row("user_id key request location body", "began_at status"),
    "presentation_controls": dict.fromkeys(
        ["is_only", "max_waiting", "paused_at", "pause_reason", "notice", "web_search"], INSTITUTION
    )
    | dict.fromkeys(["refused_at", "refusal"], PRESENTONS),
    "presentation_templates": dict.fromkeys(["is_only", "listed", "seen_at", "has_outlines"], PRESENTONS),
    "presentation_template_pictures": dict.fromkeys(
        ["template_id", "path", "sha256", "media_type", "content", "seen_at"], PRESENTONS
    ),
    "presentation_audit": dict.fromkeys(["actor", "whose"], NAME_REPLACED)
    | {"what": IDS_REPLACED}
    | dict.fromkeys(["id", "at", "via", "action"], FIXED),
    "presentation_schema_steps": dict.fromkeys(["version", "name", "applied_at"], LECTERNS),
}

# What the dump is searched for, before and after.
WITH_HER_WORDS = {
    (table, column)
    for table, columns in DECISIONS.items()
    for column, decision in columns.items()
    if decision in (WORDS, NAME_REPLACED)
}
