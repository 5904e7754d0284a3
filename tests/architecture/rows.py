"""A row of the table of addresses (access.py), and the roles of which its rows are made."""

from __future__ import annotations

from dataclasses import dataclass

GET, POST, PATCH, PUT, DELETE = "GET", "POST", "PATCH", "PUT", "DELETE"

NEWCOMER, CELL, CONVERSATIONS = "newcomer", "communication_cell", "conversation_manager"
MEMBER, CHAIR, ACCOUNTS = "committee_member", "committee_chair", "account_manager"
SPOKESPERSON, CRISIS, AUDITOR, ADMINISTRATOR = "spokesperson", "crisis_cell", "auditor", "administrator"
ICT, COMMUNITY = "ict_security", "community_manager"
# A data protection officer may what an auditor may (test_roles.py), and has no line of their own.
EVERYONE = frozenset(
    {NEWCOMER, CELL, CONVERSATIONS, MEMBER, CHAIR, ACCOUNTS, SPOKESPERSON, CRISIS, AUDITOR, ADMINISTRATOR}
    | {ICT, COMMUNITY}
)
PUBLIC = frozenset({"*"})
SIGNED_IN = EVERYONE

# In sight.
DOSSIERS = frozenset({CELL, MEMBER, CHAIR, ICT, ACCOUNTS, AUDITOR})
PEOPLE = frozenset({AUDITOR, ADMINISTRATOR})
POSTS = EVERYONE - {ADMINISTRATOR}
MENTIONS = POSTS - {MEMBER, CHAIR, ICT}
CRISES = MENTIONS
WATCHES = frozenset({CELL, CONVERSATIONS, COMMUNITY, SPOKESPERSON, AUDITOR})
# Those who act.
APPLICANTS = frozenset({CELL, ACCOUNTS})
SPEAKERS = DOSSIERS - {AUDITOR}  # on a dossier: whoever only reads has no say
REPORTERS = EVERYONE - {AUDITOR}
KEEPERS = frozenset({CELL, ICT, ACCOUNTS, COMMUNITY, SPOKESPERSON})  # of the abuse register
WRITERS = frozenset({NEWCOMER, CELL, COMMUNITY, SPOKESPERSON})
SENIORS = frozenset({CELL, SPOKESPERSON})
ANSWERERS = frozenset({CONVERSATIONS, COMMUNITY, SPOKESPERSON})
LEADERS = frozenset({SPOKESPERSON, CRISIS})
FREEZERS = frozenset({SPOKESPERSON, CRISIS, ADMINISTRATOR})


@dataclass(frozen=True)
class Row:
    """One address and method. `thing` names what of the world fills the address.

    `anywhere`: whoever holds the permission in some other unit is let in too, since what they make stands there.
    """

    url: str
    method: str
    may: frozenset[str]
    sees: frozenset[str] = EVERYONE
    thing: str = ""
    anywhere: bool = False
    form: bool = False  # the API takes it as a form, with a file

    def __str__(self) -> str:
        return f"{self.method} {self.url}"


def roles(*names: str) -> frozenset[str]:
    return frozenset(names)


def rows(
    names: str,
    methods: str,
    may: frozenset[str],
    *,
    sees: frozenset[str] = EVERYONE,
    thing: str = "",
    room: str = "",
    anywhere: bool = False,
) -> list[Row]:
    """Several names and methods, each a word, that are alike in everything else."""
    room = f"{room}:" if room else ""
    return [
        Row(f"{room}{name}", method, may, sees, thing, anywhere) for name in names.split() for method in methods.split()
    ]
