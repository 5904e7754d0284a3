"""Pages of the ground floor."""

from organisation.views.audit import audit_export, audit_trail
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
    recovery_confirm,
    recovery_refuse,
)
from organisation.views.rights import my_rights, person_rights
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
    "grant_decide",
    "grant_give",
    "grant_revoke",
    "my_rights",
    "person_act",
    "person_confirm",
    "person_detail",
    "person_invite",
    "person_link",
    "person_list",
    "person_rights",
    "recovery_confirm",
    "recovery_refuse",
    "unit_hours",
    "unit_working_time",
    "unsaved",
    "unsaved_discard",
    "welcome",
    "working_time",
]
