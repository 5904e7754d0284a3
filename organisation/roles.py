"""Roles are code: a change of who may do what is a reviewed change of this page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisation.enums import Permission as P


@dataclass(frozen=True)
class Role:
    """A name for a set of permissions; `key` is what a grant stores."""

    key: str
    label: str | Promise
    description: str | Promise
    permissions: frozenset[P]


# Who holds one of these signs in with a second factor: administrators, approvers, crisis cell, account managers.
_ASKS_SECOND_FACTOR = {
    *(P.PERSON_MANAGE, P.UNIT_MANAGE, P.ADMIN_SITE),
    P.POST_APPROVE,
    *(P.CRISIS_LEAD, P.PLAYBOOK_WRITE, P.HOLD_PLACE, P.HOLD_LIFT),
    *(P.ACCOUNT_CONNECT, P.ACCOUNT_MANAGE),
    *(P.SIGHTING_MANAGE, P.DOSSIER_ADVISE, P.SECURITY_MANAGE),
}
_WATCHES_ALONG = {P.ACCOUNT_VIEW, P.POST_VIEW, P.MENTION_VIEW, P.CRISIS_VIEW, P.HOLD_VIEW}
_READS_ALL = {permission for permission in P if permission.reads}

ROLES: dict[str, Role] = {
    role.key: role
    for role in (
        Role(
            "newcomer",
            _("Newcomer"),
            _("Reads along and drafts; somebody experienced approves and publishes."),
            frozenset(_WATCHES_ALONG | {P.POST_WRITE, P.SIGHTING_REPORT}),
        ),
        Role(
            "communication_cell",
            _("Communication cell"),
            _("Writes, approves the texts of others, schedules, and asks for accounts."),
            frozenset(
                _WATCHES_ALONG
                | {P.POST_WRITE, P.POST_APPROVE, P.POST_SCHEDULE, P.DELIVERY_RESOLVE}
                | {P.DOSSIER_VIEW, P.DOSSIER_WRITE, P.WATCH_VIEW, P.SIGHTING_REPORT, P.SIGHTING_MANAGE}
                | {P.POLICY_APPROVE}
            ),
        ),
        Role(
            "conversation_manager",
            _("Conversation manager"),
            _("Keeps the inbox: assigns, answers, closes."),
            frozenset(
                _WATCHES_ALONG
                | {P.MENTION_ASSIGN, P.ANSWER_WRITE, P.WATCH_VIEW, P.WATCH_MANAGE, P.DELIVERY_RESOLVE}
                | {P.SIGHTING_REPORT}
            ),
        ),
        Role(
            "committee_member",
            _("Steering committee member"),
            _("Reads every dossier and votes."),
            frozenset(
                {P.ACCOUNT_VIEW, P.DOSSIER_VIEW, P.DOSSIER_VOTE, P.POST_VIEW, P.HOLD_VIEW, P.SIGHTING_REPORT}
                | {P.POLICY_APPROVE}
            ),
        ),
        Role(
            "committee_chair",
            _("Steering committee chair"),
            _("Checks dossiers, votes, and records the decision with its reasons."),
            frozenset(
                {
                    P.ACCOUNT_VIEW,
                    P.DOSSIER_VIEW,
                    P.DOSSIER_VOTE,
                    P.DOSSIER_CHECK,
                    P.DOSSIER_DECIDE,
                    P.POST_VIEW,
                    P.HOLD_VIEW,
                    P.SIGHTING_REPORT,
                    P.POLICY_WRITE,
                    P.POLICY_APPROVE,
                    P.TRAINING_VIEW,
                }
            ),
        ),
        Role(
            "ict_security",
            _("ICT and security"),
            _("Advises on dossiers, keeps the security records, follows up impersonation."),
            frozenset(
                {P.ACCOUNT_VIEW, P.DOSSIER_VIEW, P.DOSSIER_ADVISE, P.SECURITY_MANAGE, P.POST_VIEW, P.HOLD_VIEW}
                | {P.SIGHTING_REPORT, P.SIGHTING_MANAGE}
            ),
        ),
        Role(
            "account_manager",
            _("Account manager"),
            _("Connects accounts and keeps the registry true."),
            frozenset(
                _WATCHES_ALONG
                | {P.DOSSIER_VIEW, P.DOSSIER_WRITE, P.ACCOUNT_CONNECT, P.ACCOUNT_MANAGE}
                | {P.SIGHTING_REPORT, P.SIGHTING_MANAGE}
            ),
        ),
        Role(
            "spokesperson",
            _("Spokesperson"),
            _("Follows everything that is said, and leads in a crisis."),
            frozenset(
                _WATCHES_ALONG
                | {P.POST_WRITE, P.POST_APPROVE, P.POST_SCHEDULE, P.ANSWER_WRITE, P.DELIVERY_RESOLVE, P.WATCH_VIEW}
                | {P.CRISIS_LEAD, P.HOLD_PLACE, P.HOLD_LIFT, P.SIGHTING_REPORT, P.SIGHTING_MANAGE}
            ),
        ),
        Role(
            "crisis_cell",
            _("Crisis cell"),
            _("Works the playbook, freezes and thaws publishing."),
            frozenset(_WATCHES_ALONG | {P.CRISIS_LEAD, P.PLAYBOOK_WRITE, P.HOLD_PLACE, P.HOLD_LIFT, P.SIGHTING_REPORT}),
        ),
        Role(
            "community_manager",
            _("Community manager"),
            _("One view across all units: drafts, keeps the inbox, trains."),
            frozenset(
                _WATCHES_ALONG
                | {P.POST_WRITE, P.MENTION_ASSIGN, P.ANSWER_WRITE, P.WATCH_VIEW, P.DELIVERY_RESOLVE}
                | {P.SIGHTING_REPORT, P.SIGHTING_MANAGE, P.POLICY_WRITE, P.TRAINING_VIEW, P.TRAINING_MANAGE}
            ),
        ),
        Role(
            "auditor",
            _("Auditor"),
            _("Reads everything, changes nothing."),
            frozenset(_READS_ALL),
        ),
        Role(
            "data_protection_officer",
            _("Data protection officer"),
            _("Reads everything, to see what happens with personal data; changes nothing."),
            frozenset(_READS_ALL),
        ),
        Role(
            "administrator",
            _("Administrator"),
            _("Keeps units, people and grants; has no say over content."),
            frozenset(
                {P.PERSON_VIEW, P.PERSON_MANAGE, P.UNIT_MANAGE, P.ADMIN_SITE, P.AUDIT_VIEW, P.ACCOUNT_VIEW, P.HOLD_VIEW}
                | {P.HOLD_PLACE, P.HOLD_LIFT, P.SIGHTING_REPORT, P.TRAINING_VIEW, P.TRAINING_MANAGE}
            ),
        ),
    )
}


# A role with one of these is in force once a second person has confirmed it.
_WEIGHTY = {P.PERSON_MANAGE, P.UNIT_MANAGE, P.POST_APPROVE, P.CRISIS_LEAD, P.HOLD_LIFT} | {
    *(P.DOSSIER_VOTE, P.DOSSIER_ADVISE, P.DOSSIER_CHECK, P.DOSSIER_DECIDE),
}


# All that a service account may ever do: what is not named here is for people, who give a yes, lead and decide.
MACHINES_MAY = frozenset(permission for permission in P if permission.reads) | {
    *(P.DOSSIER_WRITE, P.POST_WRITE, P.POST_SCHEDULE, P.ANSWER_WRITE, P.MENTION_ASSIGN),
    *(P.WATCH_MANAGE, P.ACCOUNT_MANAGE, P.PLAYBOOK_WRITE, P.HOLD_PLACE),
}


# By these people are counted: as a seat, as the second person, as who administers or leads. Never a service account.
_PEOPLES = _WEIGHTY - {P.POST_APPROVE}


def needs_confirmation(key: str, *, of_machine: bool = False) -> bool:
    """True for administrators, approvers, the committee and its adviser, and who leads in a crisis; for a service
    account, by what it may do of the role (docs/adr/0050-programs-schedule.md)."""
    return bool(_WEIGHTY & permissions_of([narrowed(key, MACHINES_MAY) if of_machine else key]))


def is_peoples_alone(key: str) -> bool:
    """True for roles that no service account holds, not even as far as it might."""
    return bool(_PEOPLES & permissions_of([key]))


# Whoever is new becomes experienced by an act of somebody responsible, never by time.
_NEXT = {"newcomer": "communication_cell"}


def next_step(key: str) -> str | None:
    """The role that takes the place of `key` once its holder is experienced; None where there is no such step."""
    return _NEXT.get(key)


def holding(permission: P) -> list[str]:
    """Keys of the roles that allow `permission`."""
    return [role.key for role in ROLES.values() if permission in role.permissions]


def permissions_of(keys: Iterable[str]) -> frozenset[P]:
    """What the roles `keys` allow together; a key that no longer exists allows nothing."""
    return frozenset[P]().union(*(_permissions_of(key) for key in keys))


def narrowed(key: str, permissions: frozenset[P]) -> str:
    """The role `key` as far as `permissions` go: a key of its own, that `permissions_of` reads and no grant stores."""
    return f"{key}{_AS_FAR_AS}{','.join(sorted(permissions))}"


_AS_FAR_AS = "&"


@lru_cache(maxsize=1024)
def _permissions_of(key: str) -> frozenset[P]:
    role, is_narrowed, kept = key.partition(_AS_FAR_AS)
    whole = ROLES[role].permissions if role in ROLES else frozenset[P]()
    return whole & frozenset(kept.split(",")) if is_narrowed else whole


def asking_second_factor(keys: Iterable[str]) -> list[str | Promise]:
    """Labels of those of the roles `keys` that ask for a second factor."""
    held = [ROLES[key] for key in dict.fromkeys(keys) if key in ROLES]
    return [role.label for role in held if role.permissions & _ASKS_SECOND_FACTOR]


def role_choices() -> list[tuple[str, str | Promise]]:
    return [(role.key, role.label) for role in ROLES.values()]
