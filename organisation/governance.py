"""The three governance models as data: who decides on a new account, gives rights, approves content, and sees.

A unit is governed by its own model, or by that of the nearest unit above that has one. `organisation.policy` and the
reads ask here what a model means; no other place knows. What stands in `AWAITED` is decided, and no room does it yet:
the room that comes to do it reads it here, and until then no page promises it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from organisation.enums import GovernanceModel
from organisation.enums import Permission as P
from organisation.roles import ROLES


class Accounts(Enum):
    """Who decides on a new account: the committee at the root, always; what it does besides."""

    COMMITTEE = "the committee"
    COMMITTEE_CONSULTS_SERVICES = "the committee, which hears the services concerned"
    COMMITTEE_MAY_DELEGATE = "the committee, which may delegate classes of accounts in writing"


class Rights(Enum):
    """Who gives a role. The centre gives any role anywhere: somebody has to seat the first administrator."""

    CENTRE = "the centre alone"
    SERVICE_BELOW_CEILING = "the service what lies below the ceiling, the centre the rest"
    SERVICE = "the service; the centre reads along"


class Approval(Enum):
    """Who approves content: an approver of the unit or above; what is asked for besides."""

    CENTRE_BEFORE = "the centre before, where content is sensitive or pre-review is on"
    PEER_COSIGNS = "a peer unit for shared content, the centre for sensitive content"
    CENTRE_AFTERWARDS = "the centre reads it afterwards"


class Sight(Enum):
    """Who sees what a unit does, besides those with a role in it or above."""

    NOBODY_ELSE = "nobody else"
    ALL_SERVICES = "all services that are governed so, of the same organisation"


@dataclass(frozen=True)
class Governance:
    accounts: Accounts
    rights: Rights
    approval: Approval
    sight: Sight


MODELS: dict[GovernanceModel, Governance] = {
    GovernanceModel.CENTRALISED: Governance(
        Accounts.COMMITTEE, Rights.CENTRE, Approval.CENTRE_BEFORE, Sight.NOBODY_ELSE
    ),
    GovernanceModel.HUB_AND_SPOKE: Governance(
        Accounts.COMMITTEE_CONSULTS_SERVICES,
        Rights.SERVICE_BELOW_CEILING,
        Approval.PEER_COSIGNS,
        Sight.ALL_SERVICES,
    ),
    GovernanceModel.AUTONOMY: Governance(
        Accounts.COMMITTEE_MAY_DELEGATE, Rights.SERVICE, Approval.CENTRE_AFTERWARDS, Sight.NOBODY_ELSE
    ),
}

AWAITED = frozenset(
    {
        Accounts.COMMITTEE_MAY_DELEGATE,
        Approval.CENTRE_BEFORE,
        Approval.PEER_COSIGNS,
        Approval.CENTRE_AFTERWARDS,
    }
)

# Who works where, and who did what, concerns a service alone: all else that may be read is shared where services share.
SHARED = frozenset(permission for permission in P if permission.reads) - {P.PERSON_VIEW, P.AUDIT_VIEW, P.TRAINING_VIEW}

# A role with one of these lies above the ceiling: it governs people, the committee or a crisis, or reads on others.
_ABOVE_THE_CEILING = frozenset(
    {
        *(P.PERSON_VIEW, P.PERSON_MANAGE, P.UNIT_MANAGE, P.ADMIN_SITE, P.AUDIT_VIEW),
        *(P.DOSSIER_VOTE, P.DOSSIER_ADVISE, P.DOSSIER_CHECK, P.DOSSIER_DECIDE, P.SECURITY_MANAGE),
        *(P.POLICY_WRITE, P.TRAINING_MANAGE),
        *(P.CRISIS_LEAD, P.PLAYBOOK_WRITE, P.HOLD_PLACE, P.HOLD_LIFT),
    }
)


def shares(model: GovernanceModel) -> bool:
    """True where services see each other."""
    return MODELS[model].sight is Sight.ALL_SERVICES


def roles_given(model: GovernanceModel, *, by_the_centre: bool) -> frozenset[str]:
    """Keys of the roles that an administrator gives in a unit of this model: one of the centre, or one below it."""
    rights = MODELS[model].rights
    if by_the_centre or rights is Rights.SERVICE:
        return frozenset(ROLES)
    if rights is Rights.CENTRE:
        return frozenset()
    return frozenset(key for key, role in ROLES.items() if not role.permissions & _ABOVE_THE_CEILING)
