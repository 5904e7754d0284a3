"""Who may ask what of which address: the whole house in one table, a module for each room (addresses/).

An address that is not here fails the suite.

`sees`: roles for whom the thing is in sight (others: 404, or 403 where there is no thing). `may`: those who are let in.
`PUBLIC` addresses answer everybody, `SIGNED_IN` ones everybody who works here. The technical administration, which
makes its own addresses, is held to rules instead of rows (test_administration.py).
"""

from __future__ import annotations

from tests.architecture.addresses import (
    accounts_registry,
    approvals,
    conversations,
    crisis,
    delivery,
    monitoring,
    notices,
    organisation,
    project,
    publishing,
)

ROOMS = (
    project,
    organisation,
    accounts_registry,
    approvals,
    notices,
    delivery,
    publishing,
    conversations,
    monitoring,
    crisis,
)
TABLE = [row for room in ROOMS for row in room.ROWS]
from functools import partial

from tests.architecture.rows import (
    ACCOUNTS,
    ADMINISTRATOR,
    ANSWERERS,
    APPLICANTS,
    AUDITOR,
    CELL,
    CHAIR,
    COMMUNITY,
    CONVERSATIONS,
    CRISES,
    CRISIS,
    DOSSIERS,
    EVERYONE,
    FREEZERS,
    KEEPERS,
    LEADERS,
    MEMBER,
    MENTIONS,
    PEOPLE,
    POST,
    POSTS,
    PUBLIC,
    PUT,
    REPORTERS,
    SENIORS,
    SIGNED_IN,
    SPOKESPERSON,
    WATCHES,
    WRITERS,
    Row,
    roles,
    rows,
)

PROJECT = [
    *rows("components", "GET", PUBLIC),
    *rows("choose_theme choose_language", "POST", PUBLIC),
    *rows("choose_unit session-end-others", "POST", SIGNED_IN),
    Row("organisation:unsaved", PUT, SIGNED_IN),
    *rows("unsaved_discard sessions_end_others identity_unlink", "POST", SIGNED_IN, room="organisation"),
    *rows("today search api_docs", "GET", SIGNED_IN),
]

SIGN_IN = [
    *rows("account_login account_logout account_signup account_reset_password mfa_authenticate", "GET POST", PUBLIC),
    *rows("account_inactive account_reset_password_done account_reset_password_from_key_done", "GET", PUBLIC),
    *rows("provider_begin provider_again provider_back", "GET", PUBLIC),  # where none is set up: to the sign-in
    *rows("account_reset_password_from_key", "GET POST", PUBLIC, thing="reset_key"),
    *rows("welcome", "GET POST", PUBLIC, room="organisation", thing="link"),
    *rows("account_reauthenticate account_change_password account_set_password", "GET POST", SIGNED_IN),
    *rows("mfa_index", "GET", SIGNED_IN),
    *rows(
        "mfa_reauthenticate mfa_activate_totp mfa_deactivate_totp mfa_generate_recovery_codes", "GET POST", SIGNED_IN
    ),
    *rows("mfa_add_webauthn mfa_reauthenticate_webauthn", "GET POST", SIGNED_IN),
    *rows("mfa_list_webauthn", "GET", SIGNED_IN),
    *rows("mfa_edit_webauthn mfa_remove_webauthn", "GET POST", SIGNED_IN, thing="security_key"),
    # In this world everybody has the app on their phone, and nobody has codes for a lost one.
    *rows("mfa_view_recovery_codes mfa_download_recovery_codes", "GET", roles(), sees=roles(), thing="second_step"),
]


def _org(names: str, methods: str, thing: str) -> list[Row]:
    """What administrators do to somebody, or something of theirs, in the sight of whoever sees people."""
    return rows(names, methods, roles(ADMINISTRATOR), sees=PEOPLE, thing=thing, room="organisation")


ORGANISATION = [
    *rows("person_list service_account_list audit group_rules review_list", "GET", PEOPLE, room="organisation"),
    *rows("audit_export", "POST", PEOPLE, room="organisation"),
    *rows("my_rights my_sessions", "GET", SIGNED_IN, room="organisation"),
    *rows("session_end", "POST", roles(), sees=roles(), thing="session", room="organisation"),
    *_org("person_rights", "GET", "person"),
    *_org("person_leave", "GET POST", "person"),
    *rows("person_invite group_rule_new service_account_new", "GET POST", roles(ADMINISTRATOR), room="organisation"),
    *rows("person_detail", "GET", PEOPLE, sees=PEOPLE, thing="person", room="organisation"),
    *_org("person_suspend person_reinstate person_move person_link person_factor grant_give", "POST", "person"),
    *rows("group_rule_end", "POST", roles(ADMINISTRATOR), sees=PEOPLE, thing="group_rule", room="organisation"),
    *_org("grant_revoke grant_prolong grant_advance", "POST", "grant"),
    *_org("grant_confirm grant_refuse", "POST", "proposal"),
    *_org("recovery_confirm recovery_refuse", "POST", "recovery"),
    *rows("person_confirm", "POST", roles(ADMINISTRATOR), sees=PEOPLE, thing="newcomer", room="organisation"),
    *rows("review_new", "GET POST", roles(ADMINISTRATOR), room="organisation"),
    *rows("review_detail", "GET", PEOPLE, sees=PEOPLE, thing="review", room="organisation"),
    *rows("review_call_off", "POST", roles(ADMINISTRATOR), sees=PEOPLE, thing="review", room="organisation"),
    *rows("line_confirm line_strike", "POST", roles(ADMINISTRATOR), sees=PEOPLE, thing="line", room="organisation"),
    *_org("key_new", "GET POST", "machine"),
    *_org("key_renew key_revoke", "POST", "key"),
    *rows("working_time", "GET", SIGNED_IN, room="organisation"),
    *rows("unit_working_time", "GET", EVERYONE, thing="unit", room="organisation"),
    *rows("unit_governance", "GET POST", roles(ADMINISTRATOR), thing="unit", room="organisation"),
    *rows("closure_add unit_hours", "POST", roles(ADMINISTRATOR), thing="unit", room="organisation"),
    *rows("closure_edit", "GET POST", roles(ADMINISTRATOR), thing="closure", room="organisation"),
    *rows("closure_remove", "POST", roles(ADMINISTRATOR), thing="closure", room="organisation"),
]


def _registry(names: str, methods: str, may: frozenset[str], thing: str = "") -> list[Row]:
    sees = DOSSIERS if thing.startswith("dossier") else EVERYONE
    return rows(names, methods, may, sees=sees, thing=thing, room="accounts_registry")


def _audits(names: str, methods: str, may: frozenset[str], thing: str) -> list[Row]:
    """Lists name people: who sees dossiers sees them."""
    return rows(names, methods, may, sees=DOSSIERS, thing=thing, room="accounts_registry")


REGISTRY = [
    *_registry("public_home public_json well_known public_csv public_schema public_check_json", "GET", PUBLIC),
    *_registry("public_list public_check public_changes", "GET", PUBLIC, "public"),
    *_registry("public_account", "GET", PUBLIC, "public_account"),
    *_registry("account_list", "GET", EVERYONE),
    *_registry("account_detail", "GET", EVERYONE, "account"),
    *_registry("account_connect", "GET POST", roles(ACCOUNTS), "account"),
    *_registry("consent_begin app_list", "POST", roles(ACCOUNTS), "account"),
    *_registry("consent_back", "GET", roles(ACCOUNTS)),
    *_registry("app_seen app_strike", "POST", roles(ACCOUNTS), "third_party_app"),
    *_registry("account_disconnect account_suspend account_reactivate", "POST", roles(ACCOUNTS), "account"),
    *_registry("account_edit account_hand_over account_renew account_close", "GET POST", roles(ACCOUNTS), "account"),
    # Only the two who answer for it, whatever their roles (tests/accounts_registry/test_handover.py).
    *_registry("account_confirm", "POST", roles(), "account"),
    *_registry("account_budget", "POST", roles(ACCOUNTS), "account"),
    *_registry("audit_list", "GET", DOSSIERS),
    *_registry("audit_new", "GET POST", roles(ACCOUNTS)),
    *_audits("audit_detail listed_list", "GET", DOSSIERS, "account_audit"),
    *_audits("audit_questions finding_list", "GET", DOSSIERS, "account_audit"),
    *_audits("audit_examine", "POST", roles(ACCOUNTS), "account_audit"),
    *_audits("finding_detail", "GET", DOSSIERS, "finding"),
    *_audits("finding_assign finding_settle finding_dismiss", "POST", roles(ACCOUNTS), "finding"),
    *_audits("audit_close", "POST", roles(ACCOUNTS), "account_audit"),
    *_audits("list_send", "GET POST", roles(ACCOUNTS), "account_audit"),
    *_audits("import_detail", "GET", DOSSIERS, "list_import"),
    *_audits("import_columns", "GET POST", roles(ACCOUNTS), "list_import"),
    *_audits("import_take_over import_drop", "POST", roles(ACCOUNTS), "list_import"),
    *_audits("import_undo", "POST", roles(ACCOUNTS), "list_import"),
    *_registry("dossier_list", "GET", DOSSIERS),
    *_registry("dossier_new", "GET POST", APPLICANTS),
    *_registry("dossier_similar", "GET", APPLICANTS),
    *_registry("dossier_detail", "GET", DOSSIERS, "dossier_submitted"),
    *_registry("dossier_file", "POST", DOSSIERS, "dossier_submitted"),
    *_registry("dossier_changes", "GET", DOSSIERS, "dossier_submitted_twice"),
    *_registry("dossier_edit", "GET POST", APPLICANTS, "dossier_step"),
    *_registry("dossier_submit dossier_appeal dossier_withdraw", "POST", APPLICANTS, "dossier_submitted"),
    *_registry("condition_report", "POST", APPLICANTS, "dossier_condition"),
    *_registry("condition_confirm condition_send_back", "POST", roles(CHAIR), "dossier_condition"),
    *_registry("dossier_vote", "POST", roles(MEMBER, CHAIR), "dossier_in_review"),
    *_registry("dossier_decide dossier_defer", "POST", roles(CHAIR), "dossier_in_review"),
    *_registry("dossier_accept dossier_return dossier_resume", "POST", roles(CHAIR), "dossier_submitted"),
    *_registry("sighting_list abuse_register", "GET", EVERYONE),
    *_registry("sighting_new", "GET POST", REPORTERS),
    *_registry("sighting_detail", "GET", EVERYONE, "sighting"),
    *_registry("sighting_edit", "GET POST", KEEPERS, "sighting"),
    *_registry("sighting_contact sighting_explain sighting_merge sighting_register", "POST", KEEPERS, "sighting"),
    *_registry("sighting_close sighting_reopen", "POST", KEEPERS, "sighting"),
    *_registry("sighting_regularise", "POST", APPLICANTS, "sighting_explained"),
    *_registry("nil_return_new", "GET POST", KEEPERS),
    *_registry("abuse_confirm abuse_notify abuse_take_down abuse_dismiss abuse_reopen", "POST", KEEPERS, "abuse_case"),
]

APPROVALS = [
    *rows("route_list", "GET", PEOPLE, room="approvals"),
    *rows("route_new", "GET POST", roles(ADMINISTRATOR), room="approvals"),
    *rows("route_end", "POST", roles(ADMINISTRATOR), sees=PEOPLE, thing="route", room="approvals"),
]

NOTICES = [
    *rows("list", "GET", SIGNED_IN, room="notices"),
    *rows("seen", "POST", SIGNED_IN, room="notices"),
    *rows("choices", "GET POST", SIGNED_IN, room="notices"),
    *rows("letters targets", "GET", PEOPLE, room="notices"),
    *rows("letter_again", "POST", roles(ADMINISTRATOR), sees=PEOPLE, thing="failed_letter", room="notices"),
    *rows("target_new", "GET POST", roles(ADMINISTRATOR), room="notices"),
    *rows("target_detail", "GET", PEOPLE, sees=PEOPLE, thing="webhook_target", room="notices"),
    *rows("target_test target_end", "POST", roles(ADMINISTRATOR), sees=PEOPLE, thing="webhook_target", room="notices"),
    *rows("off", "GET POST", PUBLIC, thing="off", room="notices"),
    # Told to nobody here: what somebody was told is theirs alone (tests/notices/test_pages.py).
    *rows("open", "GET", roles(), sees=roles(), thing="notice", room="notices"),
]

DELIVERY = [
    *rows("unresolved", "GET", POSTS, room="delivery"),
    *rows("delivery_detail", "GET", POSTS, sees=POSTS, thing="delivery", room="delivery"),
    *rows("delivery_decide", "POST", roles(CELL, SPOKESPERSON), sees=POSTS, thing="delivery", room="delivery"),
    *rows("delivery_complete", "POST", SENIORS, sees=POSTS, thing="delivery_incomplete", room="delivery"),
    *rows("delivery_reconfirm", "POST", SENIORS, sees=POSTS, thing="delivery", room="delivery"),
    *rows("outgoing", "GET", PUBLIC, thing="outgoing", room="delivery"),
    *rows("hold_list", "GET", EVERYONE, room="delivery"),
    *rows("hold_new", "GET POST", FREEZERS, room="delivery"),
    *rows("hold_lift", "POST", FREEZERS, thing="hold", room="delivery"),
]


def _post(names: str, methods: str, may: frozenset[str], thing: str = "") -> list[Row]:
    return rows(names, methods, may, sees=POSTS if thing else EVERYONE, thing=thing, room="publishing")


PUBLISHING = [
    *_post("calendar post_list", "GET", POSTS),
    *rows("calendar_month", "GET", POSTS, thing="month", room="publishing"),
    *rows("calendar_day", "GET", POSTS, thing="day", room="publishing"),
    *_post("approvals", "GET", SENIORS),
    *_post("post_new", "GET POST", WRITERS),
    *_post("image", "GET", POSTS, "image"),
    *_post("video", "GET", POSTS, "video"),
    *_post("captions", "GET", POSTS, "captions"),
    *_post("post_detail", "GET", POSTS, "post"),
    *_post("post_edit", "GET POST", WRITERS, "post"),
    *_post("cards", "GET", POSTS, "post"),
    *_post("card_picture", "GET", POSTS, "card"),
    *_post("upload", "GET", POSTS, "upload"),
    *_post("dismiss_upload", "POST", WRITERS, "upload"),
    *_post("submit withdraw", "POST", WRITERS, "post"),
    *_post("approval", "GET", SENIORS, "post_in_review"),
    *_post("approve request_changes reject", "POST", SENIORS, "post_in_review"),
    *_post("schedule time_seen", "POST", SENIORS, "post_approved"),
    *_post("move", "GET", SENIORS, "post_scheduled"),
    *_post("reschedule reconfirm unschedule", "POST", SENIORS, "post_scheduled"),
]


def _inbox(
    names: str,
    methods: str,
    may: frozenset[str],
    thing: str = "",
    sees: frozenset[str] = MENTIONS,
    room: str = "monitoring",
) -> list[Row]:
    return rows(names, methods, may, sees=sees if thing else EVERYONE, thing=thing, room=room)


_conversations = partial(_inbox, room="conversations")
CONVERSATION_ROOM = [
    *_conversations("inbox", "GET", MENTIONS),
    *_conversations("conversation", "GET", MENTIONS, "conversation"),
    *_conversations("message_parts", "GET", MENTIONS, "mention"),
    *_conversations("picture", "GET", MENTIONS, "picture"),
    *_conversations("take answer", "POST", ANSWERERS, "conversation"),
    *_conversations("withdraw_answer send_again", "POST", ANSWERERS, "answer"),
    *_conversations("assign categorise close reopen", "POST", roles(CONVERSATIONS, COMMUNITY), "conversation"),
    *_conversations("report_author", "GET POST", MENTIONS - {AUDITOR}, "conversation_of_abuse"),
]


MONITORING = [
    *_inbox("stream_list", "GET", MENTIONS),
    *_inbox("watch_list", "GET", WATCHES),
    *_inbox("watch_new", "GET POST", roles(CONVERSATIONS, COMMUNITY)),
    *_inbox("watch_detail", "GET", WATCHES, "watch", WATCHES),
    *_inbox("watch_edit", "GET POST", roles(CONVERSATIONS, COMMUNITY), "watch", WATCHES),
    *_inbox("watch_activate watch_end", "POST", roles(CONVERSATIONS, COMMUNITY), "watch", WATCHES),
    *_inbox("source_list entry_list", "GET", WATCHES),
    *_inbox("source_new", "GET POST", roles(CONVERSATIONS, COMMUNITY)),
    *_inbox("source_detail", "GET", WATCHES, "source", WATCHES),
    *_inbox("source_edit", "GET POST", roles(CONVERSATIONS, COMMUNITY), "source", WATCHES),
    *_inbox("source_pause source_resume source_end", "POST", roles(CONVERSATIONS, COMMUNITY), "source", WATCHES),
    *rows("webhook", "GET POST", PUBLIC, thing="webhook", room="monitoring"),
]


def _crisis(names: str, methods: str, may: frozenset[str], thing: str = "", anywhere: bool = False) -> list[Row]:
    sees = CRISES if thing else EVERYONE
    return rows(names, methods, may, sees=sees, thing=thing, room="crisis", anywhere=anywhere)


CRISIS_ROOM = [
    *_crisis("home", "GET", CRISES),
    *_crisis("playbook_new", "GET POST", roles(CRISIS)),
    *_crisis("playbook_detail", "GET", CRISES, "playbook"),
    *_crisis("playbook_edit", "GET POST", roles(CRISIS), "playbook"),
    *_crisis("declare", "GET POST", LEADERS, "playbook", anywhere=True),
    *_crisis("crisis_detail", "GET", CRISES, "crisis"),
    *_crisis("note freeze thaw end", "POST", LEADERS, "crisis"),
    *_crisis("tick untick", "POST", LEADERS, "step"),
]

API = [
    *rows("schema me-list me-rights session-list", "GET", SIGNED_IN),
    *rows("session-end", "POST", roles(), sees=roles(), thing="session"),
    *rows("grant-list", "GET", PEOPLE),
    *rows("grant-list", "POST", roles(ADMINISTRATOR)),
    *rows("grant-detail", "GET", PEOPLE, sees=PEOPLE, thing="grant"),
    *rows("grant-end grant-prolong grant-advance", "POST", roles(ADMINISTRATOR), sees=PEOPLE, thing="grant"),
    *rows("grant-confirm grant-refuse", "POST", roles(ADMINISTRATOR), sees=PEOPLE, thing="proposal"),
    *rows("review-list reviewline-list", "GET", PEOPLE),
    *rows("review-list", "POST", roles(ADMINISTRATOR)),
    *rows("review-detail", "GET", PEOPLE, sees=PEOPLE, thing="review"),
    *rows("review-call-off", "POST", roles(ADMINISTRATOR), sees=PEOPLE, thing="review"),
    *rows("reviewline-detail", "GET", PEOPLE, sees=PEOPLE, thing="line"),
    *rows("reviewline-confirm reviewline-strike", "POST", roles(ADMINISTRATOR), sees=PEOPLE, thing="line"),
    *rows("notice-list", "GET", SIGNED_IN),
    # Told to one person: whatever one's role, somebody else's is not there.
    *rows("notice-detail", "GET", roles(), sees=roles(), thing="notice"),
    *rows("notice-seen", "POST", roles(), sees=roles(), thing="notice"),
    *rows("account-list", "GET", EVERYONE),
    *rows("account-detail", "GET", EVERYONE, thing="account"),
    *rows("account-detail", "PATCH", roles(ACCOUNTS), thing="account"),
    *rows("account-hand-over account-renew account-close", "POST", roles(ACCOUNTS), thing="account"),
    *rows("account-confirm", "POST", roles(), thing="account"),
    *rows("dossier-list", "GET", DOSSIERS),
    *rows("dossier-list", "POST", APPLICANTS),
    *rows("dossier-detail", "GET", DOSSIERS, sees=DOSSIERS, thing="dossier_submitted"),
    *rows("dossier-detail", "PATCH", APPLICANTS, sees=DOSSIERS, thing="dossier_submitted"),
    *rows("dossier-decide", "POST", roles(CHAIR), sees=DOSSIERS, thing="dossier_in_review"),
    *rows("dossier-submit dossier-appeal", "POST", APPLICANTS, sees=DOSSIERS, thing="dossier_submitted"),
    *rows("dossier-votes", "GET", DOSSIERS, sees=DOSSIERS, thing="dossier_in_review"),
    *rows("dossier-votes", "POST", roles(MEMBER, CHAIR), sees=DOSSIERS, thing="dossier_in_review"),
    *rows("sighting-list abuse-case-list nil-return-list", "GET", EVERYONE),
    *rows("sighting-list", "POST", REPORTERS),
    *rows("sighting-detail", "GET", EVERYONE, thing="sighting"),
    *rows("sighting-detail", "PATCH", KEEPERS, thing="sighting"),
    *rows("sighting-contact sighting-explain sighting-merge sighting-register", "POST", KEEPERS, thing="sighting"),
    *rows("sighting-close sighting-reopen", "POST", KEEPERS, thing="sighting"),
    *rows("sighting-regularise", "POST", APPLICANTS, thing="sighting_explained"),
    *rows("abuse-case-detail", "GET", EVERYONE, thing="abuse_case"),
    *rows("abuse-case-confirm abuse-case-notify abuse-case-take-down", "POST", KEEPERS, thing="abuse_case"),
    *rows("abuse-case-dismiss abuse-case-reopen", "POST", KEEPERS, thing="abuse_case"),
    *rows("nil-return-list", "POST", KEEPERS),
    *rows("nil-return-detail", "GET", EVERYONE, thing="nil_return"),
    *rows("post-list", "GET", POSTS),
    *rows("post-list", "POST", WRITERS),
    *rows("post-detail", "GET", POSTS, sees=POSTS, thing="post"),
    *rows("post-detail", "PATCH", WRITERS, sees=POSTS, thing="post"),
    *(
        Row(f"post-{kind}", POST, WRITERS, sees=POSTS, thing="post", form=True)
        for kind in ("images", "videos", "captions")
    ),
    *rows("post-upload", "GET", POSTS, sees=POSTS, thing="upload"),
    *rows("post-submit post-withdraw", "POST", WRITERS, sees=POSTS, thing="post"),
    *rows("post-approve post-request-changes post-reject", "POST", SENIORS, sees=POSTS, thing="post_in_review"),
    *rows("post-schedule post-time-seen", "POST", SENIORS, sees=POSTS, thing="post_approved"),
    *rows("mention-list conversation-list", "GET", MENTIONS),
    *rows("mention-detail", "GET", MENTIONS, sees=MENTIONS, thing="mention"),
    *rows("conversation-detail", "GET", MENTIONS, sees=MENTIONS, thing="conversation"),
    *rows("conversation-take conversation-answer", "POST", ANSWERERS, sees=MENTIONS, thing="conversation"),
    *rows(
        "conversation-assign conversation-categorise conversation-close",
        "POST",
        roles(CONVERSATIONS, COMMUNITY),
        sees=MENTIONS,
        thing="conversation",
    ),
]

TABLE = [
    *PROJECT,
    *SIGN_IN,
    *ORGANISATION,
    *REGISTRY,
    *APPROVALS,
    *NOTICES,
    *DELIVERY,
    *PUBLISHING,
    *MONITORING,
    *CONVERSATION_ROOM,
    *CRISIS_ROOM,
    *API,
]
# What the address is filled with, without being anybody's thing: out of sight does not apply.
NOBODYS = frozenset(
    {
        "link",
        "security_key",
        "month",
        "day",
        "outgoing",
        "reset_key",
        "second_step",
        "off",
        "webhook",
        "public",
        "public_account",
    }
)
# Called by programs that have no page of ours: they prove themselves by a signature, or are refused.
SIGNED = frozenset({"monitoring:webhook"})
