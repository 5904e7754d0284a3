"""The ground floor: people, roles, units, service accounts."""

from __future__ import annotations

from tests.architecture.rows import (
    ADMINISTRATOR,
    AUDITOR,
    CELL,
    CHAIR,
    COMMUNITY,
    EVERYONE,
    MEMBER,
    PEOPLE,
    SIGNED_IN,
    Row,
    roles,
    rows,
)


def _org(names: str, methods: str, thing: str) -> list[Row]:
    """What administrators do to somebody, or something of theirs, in the sight of whoever sees people."""
    return rows(names, methods, roles(ADMINISTRATOR), sees=PEOPLE, thing=thing, room="organisation")


_PAGES = [
    *rows("person_list service_account_list audit group_rules review_list", "GET", PEOPLE, room="organisation"),
    *rows("audit_export", "POST", PEOPLE, room="organisation"),
    *rows("my_rights my_sessions", "GET", SIGNED_IN, room="organisation"),
    *rows("session_end", "POST", roles(), sees=roles(), thing="session", room="organisation"),
    *rows("delegation_list", "GET", SIGNED_IN, room="organisation"),
    *rows("delegation_new", "GET POST", SIGNED_IN, room="organisation"),
    *_org("delegation_end", "POST", "delegation"),
    *_org("person_rights", "GET", "person"),
    *_org("person_leave", "GET POST", "person"),
    *rows("person_invite group_rule_new service_account_new", "GET POST", roles(ADMINISTRATOR), room="organisation"),
    *rows("person_detail", "GET", PEOPLE, sees=PEOPLE, thing="person", room="organisation"),
    *_org(
        "person_suspend person_reinstate person_move person_link person_factor grant_give",
        "POST",
        "person",
    ),
    *rows("group_rule_end", "POST", roles(ADMINISTRATOR), sees=PEOPLE, thing="group_rule", room="organisation"),
    *_org("person_unlink", "POST", "person"),
    *rows("unit_move", "GET POST", roles(ADMINISTRATOR), thing="unit", room="organisation"),
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

# Whoever writes house policies, sets up trainings, and sees who took which.
_POLICIES = roles(CHAIR, COMMUNITY)
_TRAINERS = roles(ADMINISTRATOR, COMMUNITY)
_FIGURES = roles(CHAIR, COMMUNITY, ADMINISTRATOR, AUDITOR)
_DRAFTS = _POLICIES | roles(CELL, MEMBER)


def _policy(names: str, methods: str, may: frozenset[str], thing: str) -> list[Row]:
    sees = _DRAFTS if thing == "policy_draft" else EVERYONE
    return rows(names, methods, may, sees=sees, thing=thing, room="organisation")


_HOUSE_RULES = [
    *rows("policy_list training_list my_certificates", "GET", SIGNED_IN, room="organisation"),
    *rows("policy_new", "GET POST", _POLICIES, room="organisation"),
    *_policy("policy_edit", "GET POST", _POLICIES, "policy_draft"),
    *_policy("policy_consult policy_withdraw", "POST", _POLICIES, "policy_draft"),
    *_policy("policy_answer", "POST", EVERYONE, "policy_asked"),
    *_policy("policy_publish", "POST", _POLICIES, "policy_asked"),
    *_policy("policy_detail policy_changes", "GET", EVERYONE, "policy"),
    *_policy("policy_attest", "POST", EVERYONE, "policy"),
    *_policy("policy_attestations", "GET", _FIGURES, "policy"),
    *rows("training_new", "GET POST", _TRAINERS, room="organisation"),
    *rows("training_detail", "GET", EVERYONE, thing="training", room="organisation"),
    *rows("training_take", "POST", EVERYONE, thing="training", room="organisation"),
    *rows("training_edit", "GET POST", _TRAINERS, thing="training", room="organisation"),
    *rows("training_end", "POST", _TRAINERS, thing="training", room="organisation"),
    *rows("training_completion", "GET", _FIGURES, thing="training", room="organisation"),
    *rows("session_new", "GET POST", _TRAINERS, thing="training_in_sessions", room="organisation"),
    *rows("session_detail", "GET", EVERYONE, thing="training_session", room="organisation"),
    *rows("session_join session_leave", "POST", EVERYONE, thing="training_session", room="organisation"),
    *rows("session_record session_call_off", "POST", _TRAINERS, thing="training_session", room="organisation"),
    *rows("unit_gates", "GET POST", roles(ADMINISTRATOR), thing="unit", room="organisation"),
]

_API = [
    *rows("person-list service-account-list key-list recovery-list", "GET", PEOPLE),
    *rows("person-list service-account-list", "POST", roles(ADMINISTRATOR)),
    *rows("person-detail", "GET", PEOPLE, sees=PEOPLE, thing="person"),
    *rows("person-in-hand", "GET", roles(ADMINISTRATOR), sees=PEOPLE, thing="person"),
    *rows("person-suspend person-reinstate person-move", "POST", roles(ADMINISTRATOR), sees=PEOPLE, thing="person"),
    *rows("person-leave", "POST", roles(ADMINISTRATOR), sees=PEOPLE, thing="person"),
    *rows("person-confirm", "POST", roles(ADMINISTRATOR), sees=PEOPLE, thing="newcomer"),
    *rows("recovery-detail", "GET", PEOPLE, sees=PEOPLE, thing="recovery"),
    *rows("recovery-refuse", "POST", roles(ADMINISTRATOR), sees=PEOPLE, thing="recovery"),
    *rows("service-account-detail", "GET", PEOPLE, sees=PEOPLE, thing="machine"),
    *rows("service-account-keys", "POST", roles(ADMINISTRATOR), sees=PEOPLE, thing="machine"),
    *rows("key-detail", "GET", PEOPLE, sees=PEOPLE, thing="key"),
    *rows("key-renew key-revoke", "POST", roles(ADMINISTRATOR), sees=PEOPLE, thing="key"),
    *rows("audit-event-list", "GET", PEOPLE),
    *rows("audit-event-detail", "GET", PEOPLE, sees=PEOPLE, thing="event"),
    *rows("unit-list closure-list", "GET", SIGNED_IN),
    *rows("unit-detail", "GET", EVERYONE, thing="unit"),
    *rows("unit-effects", "GET", roles(ADMINISTRATOR), thing="unit"),
    *rows("unit-move-effects", "GET", roles(ADMINISTRATOR), thing="unit"),
    *rows("unit-move", "POST", roles(ADMINISTRATOR), thing="unit"),
    *rows("unit-govern", "POST", roles(ADMINISTRATOR), thing="unit"),
    *rows("unit-hours", "PUT", roles(ADMINISTRATOR), thing="unit"),
    *rows("closure-list", "POST", roles(ADMINISTRATOR)),
    *rows("closure-detail", "GET", EVERYONE, thing="closure"),
    *rows("closure-detail", "PATCH", roles(ADMINISTRATOR), thing="closure"),
    *rows("closure-remove", "POST", roles(ADMINISTRATOR), thing="closure"),
    *rows("me-list me-rights session-list", "GET", SIGNED_IN),
    *rows("session-end-others", "POST", SIGNED_IN),
    *rows("session-end", "POST", roles(), sees=roles(), thing="session"),
    *rows("policy-list certificate-list", "GET", SIGNED_IN),
    *rows("policy-detail", "GET", EVERYONE, thing="policy"),
    *rows("policy-attest", "POST", EVERYONE, thing="policy"),
    *rows("policy-attestations", "GET", _FIGURES, thing="policy"),
    *rows("grant-list", "GET", PEOPLE),
    *rows("grant-list", "POST", roles(ADMINISTRATOR)),
    *rows("grant-detail", "GET", PEOPLE, sees=PEOPLE, thing="grant"),
    *rows("grant-end grant-prolong grant-advance", "POST", roles(ADMINISTRATOR), sees=PEOPLE, thing="grant"),
    *rows("grant-confirm grant-refuse", "POST", roles(ADMINISTRATOR), sees=PEOPLE, thing="proposal"),
    *rows("identity-list grouprule-list", "GET", PEOPLE),
    *rows("identity-end", "POST", roles(ADMINISTRATOR), sees=PEOPLE, thing="identity"),
    *rows("grouprule-list", "POST", roles(ADMINISTRATOR)),
    *rows("grouprule-detail", "GET", PEOPLE, sees=PEOPLE, thing="group_rule"),
    *rows("grouprule-end", "POST", roles(ADMINISTRATOR), sees=PEOPLE, thing="group_rule"),
    *rows("delegation-list", "GET POST", SIGNED_IN),
    *rows("delegation-detail", "GET", PEOPLE, sees=PEOPLE, thing="delegation"),
    *rows("delegation-end", "POST", roles(ADMINISTRATOR), sees=PEOPLE, thing="delegation"),
    *rows("review-list reviewline-list", "GET", PEOPLE),
    *rows("review-list", "POST", roles(ADMINISTRATOR)),
    *rows("review-detail", "GET", PEOPLE, sees=PEOPLE, thing="review"),
    *rows("review-call-off", "POST", roles(ADMINISTRATOR), sees=PEOPLE, thing="review"),
    *rows("reviewline-detail", "GET", PEOPLE, sees=PEOPLE, thing="line"),
    *rows("reviewline-confirm reviewline-strike", "POST", roles(ADMINISTRATOR), sees=PEOPLE, thing="line"),
]

ROWS = [*_PAGES, *_HOUSE_RULES, *_API]
