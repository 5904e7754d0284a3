"""Verbs of the registry."""

from accounts_registry.actions.abuse import (
    confirm_abuse,
    declare_none,
    dismiss_abuse,
    notify_network,
    reopen_abuse,
    take_down,
)
from accounts_registry.actions.accounts import open_account, reactivate_account, suspend_account
from accounts_registry.actions.advising import give_advice
from accounts_registry.actions.audits import begin_audit, close_audit
from accounts_registry.actions.changing import change_account
from accounts_registry.actions.closing import begin_closing, close_account, tick_exit_step, untick_exit_step
from accounts_registry.actions.commenting import (
    comment_on_dossier,
    reopen_comment,
    resolve_comment,
    withdraw_comment,
)
from accounts_registry.actions.conditions import (
    confirm_condition,
    hold_account,
    hold_overdue,
    report_condition,
    send_condition_back,
)
from accounts_registry.actions.connection import (
    connect_account,
    disconnect_account,
    mark_connection_broken,
    note_reached,
    note_unreachable,
)
from accounts_registry.actions.consenting import Visit, begin_consent, claim_consent, finish_consent
from accounts_registry.actions.consulting import consult_services, give_opinion
from accounts_registry.actions.dossiers import (
    accept_dossier,
    appeal_dossier,
    create_dossier,
    defer_dossier,
    resume_dossier,
    return_dossier,
    submit_dossier,
    update_dossier,
    withdraw_dossier,
)
from accounts_registry.actions.exporting import export_dossier
from accounts_registry.actions.findings import assign_finding, dismiss_finding, examine_audit, settle_finding
from accounts_registry.actions.handing_over import confirm_account, hand_over_account
from accounts_registry.actions.imitations import begin_search, end_search, look_now, search_imitations
from accounts_registry.actions.list_imports import check_list, drop_list, take_over_list, undo_import
from accounts_registry.actions.listening import subscribe_due
from accounts_registry.actions.lists import read_lists, send_list
from accounts_registry.actions.looking_up import ASKED_TOO_OFTEN, PAID_LOOKUPS, answer_lookups, look_up
from accounts_registry.actions.minutes import approve_minutes, export_minutes, write_minutes
from accounts_registry.actions.renewing import keep_fresh, renew_due
from accounts_registry.actions.requesting import request_about
from accounts_registry.actions.resealing import rotate
from accounts_registry.actions.reviewing import expire_accounts, renew_account
from accounts_registry.actions.revoking import revoke_pending
from accounts_registry.actions.security import (
    accept_exception,
    ask_exception,
    attest_security,
    check_security,
    end_exception,
    expire_exceptions,
    note_security,
    refuse_exception,
)
from accounts_registry.actions.servers import ask_servers
from accounts_registry.actions.sessions import (
    cancel_session,
    change_session,
    close_session,
    discuss_item,
    note_attendance,
    open_session,
    plan_session,
    set_agenda,
)
from accounts_registry.actions.sightings import (
    close_sighting,
    contact_sighting,
    explain_sighting,
    merge_sighting,
    purge_sightings,
    register_sighting,
    regularise_sighting,
    reopen_sighting,
    report_sighting,
    update_sighting,
)
from accounts_registry.actions.spending import (
    LOOK_AGAIN,
    PAID_LOOKS,
    OutOfBudget,
    count_reading,
    count_spending,
    pay,
    require_reading,
    set_budget,
)
from accounts_registry.actions.third_parties import list_third_party_app, see_third_party_app, strike_third_party_app
from accounts_registry.actions.votes import cast_vote, decide
from accounts_registry.actions.written import begin_written, end_written, halt_written

__all__ = [
    "ASKED_TOO_OFTEN",
    "LOOK_AGAIN",
    "PAID_LOOKS",
    "PAID_LOOKUPS",
    "OutOfBudget",
    "Visit",
    "accept_dossier",
    "accept_exception",
    "answer_lookups",
    "appeal_dossier",
    "approve_minutes",
    "ask_exception",
    "ask_servers",
    "assign_finding",
    "attest_security",
    "begin_audit",
    "begin_closing",
    "begin_consent",
    "begin_search",
    "begin_written",
    "cancel_session",
    "cast_vote",
    "change_account",
    "change_session",
    "check_list",
    "check_security",
    "claim_consent",
    "close_account",
    "close_audit",
    "close_session",
    "close_sighting",
    "comment_on_dossier",
    "confirm_abuse",
    "confirm_account",
    "confirm_condition",
    "connect_account",
    "consult_services",
    "contact_sighting",
    "count_reading",
    "count_spending",
    "create_dossier",
    "decide",
    "declare_none",
    "defer_dossier",
    "disconnect_account",
    "discuss_item",
    "dismiss_abuse",
    "dismiss_finding",
    "drop_list",
    "end_exception",
    "end_search",
    "end_written",
    "examine_audit",
    "expire_accounts",
    "expire_exceptions",
    "explain_sighting",
    "export_dossier",
    "export_minutes",
    "finish_consent",
    "give_advice",
    "give_opinion",
    "halt_written",
    "hand_over_account",
    "hold_account",
    "hold_overdue",
    "keep_fresh",
    "list_third_party_app",
    "look_now",
    "look_up",
    "mark_connection_broken",
    "merge_sighting",
    "note_attendance",
    "note_reached",
    "note_security",
    "note_unreachable",
    "notify_network",
    "open_account",
    "open_session",
    "pay",
    "plan_session",
    "purge_sightings",
    "reactivate_account",
    "read_lists",
    "refuse_exception",
    "register_sighting",
    "regularise_sighting",
    "renew_account",
    "renew_due",
    "reopen_abuse",
    "reopen_comment",
    "reopen_sighting",
    "report_condition",
    "report_sighting",
    "request_about",
    "require_reading",
    "resolve_comment",
    "resume_dossier",
    "return_dossier",
    "revoke_pending",
    "rotate",
    "search_imitations",
    "see_third_party_app",
    "send_condition_back",
    "send_list",
    "set_agenda",
    "set_budget",
    "settle_finding",
    "strike_third_party_app",
    "submit_dossier",
    "subscribe_due",
    "suspend_account",
    "take_down",
    "take_over_list",
    "tick_exit_step",
    "undo_import",
    "untick_exit_step",
    "update_dossier",
    "update_sighting",
    "withdraw_comment",
    "withdraw_dossier",
    "write_minutes",
]
