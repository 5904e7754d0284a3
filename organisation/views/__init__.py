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
from organisation.views.unsaved import unsaved, unsaved_discard

__all__ = [
    "audit_export",
    "audit_trail",
    "grant_decide",
    "grant_give",
    "grant_revoke",
    "person_act",
    "person_confirm",
    "person_detail",
    "person_invite",
    "person_link",
    "person_list",
    "recovery_confirm",
    "recovery_refuse",
    "unsaved",
    "unsaved_discard",
    "welcome",
]
