"""The registry: accounts, dossiers, audits, sightings, the public register."""

from __future__ import annotations

from tests.architecture.rows import (
    ACCOUNTS,
    APPLICANTS,
    CHAIR,
    DOSSIERS,
    EVERYONE,
    ICT,
    KEEPERS,
    MEMBER,
    PUBLIC,
    REPORTERS,
    SPEAKERS,
    Row,
    roles,
    rows,
)


def _registry(names: str, methods: str, may: frozenset[str], thing: str = "") -> list[Row]:
    sees = DOSSIERS if thing.startswith("dossier") else EVERYONE
    return rows(names, methods, may, sees=sees, thing=thing, room="accounts_registry")


def _audits(names: str, methods: str, may: frozenset[str], thing: str) -> list[Row]:
    """Lists name people: who sees dossiers sees them."""
    return rows(names, methods, may, sees=DOSSIERS, thing=thing, room="accounts_registry")


_PAGES = [
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
    *_registry("dossier_advise", "GET POST", roles(ICT), "dossier_in_review"),
    *_registry("dossier_comment", "POST", SPEAKERS, "dossier_submitted"),
    # What each of them may do with one says the comment itself (tests/accounts_registry/test_comments.py).
    *_registry("comment_resolve comment_reopen comment_withdraw", "POST", DOSSIERS, "dossier_comment"),
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

_API = [
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
    *rows("dossier-advice", "GET", DOSSIERS, sees=DOSSIERS, thing="dossier_in_review"),
    *rows("dossier-advice", "POST", roles(ICT), sees=DOSSIERS, thing="dossier_in_review"),
    *rows("dossier-comments", "GET", DOSSIERS, sees=DOSSIERS, thing="dossier_submitted"),
    *rows("dossier-comments", "POST", SPEAKERS, sees=DOSSIERS, thing="dossier_submitted"),
    *rows("comment-detail", "GET", DOSSIERS, sees=DOSSIERS, thing="dossier_comment"),
    *rows("comment-resolve comment-reopen comment-withdraw", "POST", DOSSIERS, sees=DOSSIERS, thing="dossier_comment"),
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
]

ROWS = [*_PAGES, *_API]
