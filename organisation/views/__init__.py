"""Pages of the ground floor."""

from organisation.views.audit import audit_export, audit_trail
from organisation.views.delegations import delegation_end, delegation_list, delegation_new
from organisation.views.governing import unit_governance
from organisation.views.groups import group_rule_end, group_rule_new, group_rules
from organisation.views.leaving import person_leave
from organisation.views.links import person_link, welcome
from organisation.views.people import (
    grant_decide,
    grant_give,
    grant_revoke,
    person_act,
    person_confirm,
    person_detail,
    person_invite,
    person_list,
    person_move,
    recovery_confirm,
    recovery_refuse,
)
from organisation.views.replacing import grant_replace
from organisation.views.reviews import (
    line_confirm,
    line_strike,
    review_call_off,
    review_detail,
    review_list,
    review_new,
)
from organisation.views.rights import my_rights, person_rights
from organisation.views.service_accounts import (
    key_new,
    key_renew,
    key_revoke,
    service_account_list,
    service_account_new,
)
from organisation.views.sessions import identity_unlink, my_sessions, session_end, sessions_end_others
from organisation.views.unsaved import unsaved, unsaved_discard
from organisation.views.working_time import (
    closure_add,
    closure_edit,
    closure_remove,
    unit_hours,
    unit_working_time,
    working_time,
)

__all__ = [
    "audit_export",
    "audit_trail",
    "closure_add",
    "closure_edit",
    "closure_remove",
    "delegation_end",
    "delegation_list",
    "delegation_new",
    "grant_decide",
    "grant_give",
    "grant_replace",
    "grant_revoke",
    "group_rule_end",
    "group_rule_new",
    "group_rules",
    "identity_unlink",
    "key_new",
    "key_renew",
    "key_revoke",
    "line_confirm",
    "line_strike",
    "my_rights",
    "my_sessions",
    "person_act",
    "person_confirm",
    "person_detail",
    "person_invite",
    "person_leave",
    "person_link",
    "person_list",
    "person_move",
    "person_rights",
    "recovery_confirm",
    "recovery_refuse",
    "review_call_off",
    "review_detail",
    "review_list",
    "review_new",
    "service_account_list",
    "service_account_new",
    "session_end",
    "sessions_end_others",
    "unit_governance",
    "unit_hours",
    "unit_working_time",
    "unsaved",
    "unsaved_discard",
    "welcome",
    "working_time",
]
