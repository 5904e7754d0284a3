"""Verbs of the ground floor."""

from organisation.actions.closures import add_closure, change_closure, remove_closure, set_office_hours
from organisation.actions.delegating import delegate_right, require_ending, revoke_delegation
from organisation.actions.exporting import export_trail, verify_trail, zipped
from organisation.actions.factors import reseal_factors, reset_second_factor
from organisation.actions.forgotten import ask_for_password, send_passwords
from organisation.actions.form_pages import (
    begin_call,
    call_answered,
    discard_unsaved,
    forget_form_pages,
    forget_saved_words,
    forget_unsaved,
    keep_unsaved,
    page_led_to,
    send_page,
    wait_for_alike,
)
from organisation.actions.gates import require_cleared, set_gate
from organisation.actions.governing import change_governance
from organisation.actions.grants import confirm_grant, give_grant, refuse_grant, revoke_grant
from organisation.actions.groups import end_group_rule, follow_groups, make_group_rule
from organisation.actions.house_policy import (
    answer_policy,
    attest_policy,
    consult_policy,
    publish_policy,
    start_policy,
    withdraw_policy,
    write_policy,
)
from organisation.actions.identities import come_in, link_identity, take_identity, unlink_identity
from organisation.actions.keeping import keep_checkpoints
from organisation.actions.keys import add_service_account, make_key, renew_key, revoke_key
from organisation.actions.leaving import end_work
from organisation.actions.links import make_link, use_link
from organisation.actions.moving import move_unit
from organisation.actions.people import (
    change_language,
    confirm_person,
    invite_person,
    move_person,
    reinstate_person,
    suspend_person,
)
from organisation.actions.recovering import confirm_recovery, propose_recovery, refuse_recovery
from organisation.actions.replacing import advance_grant, prolong_grant
from organisation.actions.reviewing import call_off_review, confirm_line, end_reviews, start_review, strike_line
from organisation.actions.sealing import Forged, seal, seal_all
from organisation.actions.sessions import (
    end_other_sessions,
    end_session,
    forget_sessions,
    keep_session,
    session_used,
)
from organisation.actions.sign_ins import tell_failed_sign_ins
from organisation.actions.training import (
    call_off_session,
    change_training,
    end_training,
    forget_training,
    join_session,
    leave_session,
    make_training,
    plan_session,
    record_attendance,
    take_training,
)
from organisation.actions.transition import offered, perform
from organisation.actions.units import create_unit, update_unit

__all__ = [
    "Forged",
    "add_closure",
    "add_service_account",
    "advance_grant",
    "answer_policy",
    "ask_for_password",
    "attest_policy",
    "begin_call",
    "call_answered",
    "call_off_review",
    "call_off_session",
    "change_closure",
    "change_governance",
    "change_language",
    "change_training",
    "come_in",
    "confirm_grant",
    "confirm_line",
    "confirm_person",
    "confirm_recovery",
    "consult_policy",
    "create_unit",
    "delegate_right",
    "discard_unsaved",
    "end_group_rule",
    "end_other_sessions",
    "end_reviews",
    "end_session",
    "end_training",
    "end_work",
    "export_trail",
    "follow_groups",
    "forget_form_pages",
    "forget_saved_words",
    "forget_sessions",
    "forget_training",
    "forget_unsaved",
    "give_grant",
    "invite_person",
    "join_session",
    "keep_checkpoints",
    "keep_session",
    "keep_unsaved",
    "leave_session",
    "link_identity",
    "make_group_rule",
    "make_key",
    "make_link",
    "make_training",
    "move_person",
    "move_unit",
    "offered",
    "page_led_to",
    "perform",
    "plan_session",
    "prolong_grant",
    "propose_recovery",
    "publish_policy",
    "record_attendance",
    "refuse_grant",
    "refuse_recovery",
    "reinstate_person",
    "remove_closure",
    "renew_key",
    "require_cleared",
    "require_ending",
    "reseal_factors",
    "reset_second_factor",
    "revoke_delegation",
    "revoke_grant",
    "revoke_key",
    "seal",
    "seal_all",
    "send_page",
    "send_passwords",
    "session_used",
    "set_gate",
    "set_office_hours",
    "start_policy",
    "start_review",
    "strike_line",
    "suspend_person",
    "take_identity",
    "take_training",
    "tell_failed_sign_ins",
    "unlink_identity",
    "update_unit",
    "use_link",
    "verify_trail",
    "wait_for_alike",
    "withdraw_policy",
    "write_policy",
    "zipped",
]
