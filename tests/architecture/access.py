"""Who may ask what of which address: the whole house in one table. An address that is not here fails the suite.

`sees`: roles for whom the thing is in sight (others: 404, or 403 where there is no thing). `may`: those who are let in.
`PUBLIC` addresses answer everybody, `SIGNED_IN` ones everybody who works here.
"""

from __future__ import annotations

from dataclasses import dataclass

GET, POST, PATCH, PUT, DELETE = "GET", "POST", "PATCH", "PUT", "DELETE"

NEWCOMER, CELL, CONVERSATIONS = "newcomer", "communication_cell", "conversation_manager"
MEMBER, CHAIR, ACCOUNTS = "committee_member", "committee_chair", "account_manager"
SPOKESPERSON, CRISIS, AUDITOR, ADMINISTRATOR = "spokesperson", "crisis_cell", "auditor", "administrator"
EVERYONE = frozenset(
    {NEWCOMER, CELL, CONVERSATIONS, MEMBER, CHAIR, ACCOUNTS, SPOKESPERSON, CRISIS, AUDITOR, ADMINISTRATOR}
)
PUBLIC = frozenset({"*"})
SIGNED_IN = EVERYONE

DOSSIERS = frozenset({CELL, MEMBER, CHAIR, ACCOUNTS, AUDITOR})
PEOPLE = frozenset({AUDITOR, ADMINISTRATOR})
HOLDS = EVERYONE
POSTS = EVERYONE - {ADMINISTRATOR}
MENTIONS = POSTS - {MEMBER, CHAIR}
CRISES = MENTIONS
WATCHES = frozenset({CELL, CONVERSATIONS, SPOKESPERSON, AUDITOR})


@dataclass(frozen=True)
class Row:
    """One address and method. `thing` names what of the world fills the address; `data` is what is sent."""

    url: str
    method: str
    may: frozenset[str]
    sees: frozenset[str] = EVERYONE
    thing: str = ""
    data: tuple[tuple[str, object], ...] = ()

    def __str__(self) -> str:
        return f"{self.method} {self.url}"


def roles(*names: str) -> frozenset[str]:
    return frozenset(names)


PROJECT = [
    Row("alive", GET, PUBLIC),
    Row("ready", GET, PUBLIC),
    Row("choose_theme", POST, PUBLIC),
    Row("choose_language", POST, PUBLIC),
    Row("choose_unit", POST, SIGNED_IN),
    Row("components", GET, PUBLIC),
    Row("today", GET, SIGNED_IN),
    Row("api:schema", GET, SIGNED_IN),
]

ORGANISATION = [
    Row("organisation:person_list", GET, PEOPLE),
    Row("organisation:person_invite", GET, roles(ADMINISTRATOR)),
    Row("organisation:person_invite", POST, roles(ADMINISTRATOR)),
    Row("organisation:person_detail", GET, PEOPLE, sees=PEOPLE, thing="person"),
    Row("organisation:person_suspend", POST, roles(ADMINISTRATOR), sees=PEOPLE, thing="person"),
    Row("organisation:person_reinstate", POST, roles(ADMINISTRATOR), sees=PEOPLE, thing="person"),
    Row("organisation:grant_give", POST, roles(ADMINISTRATOR), sees=PEOPLE, thing="person"),
    Row("organisation:grant_revoke", POST, roles(ADMINISTRATOR), sees=PEOPLE, thing="grant"),
    Row("organisation:audit", GET, roles(AUDITOR, ADMINISTRATOR)),
]

REGISTRY = [
    Row("accounts_registry:account_list", GET, EVERYONE),
    Row("accounts_registry:account_detail", GET, EVERYONE, thing="account"),
    Row("accounts_registry:account_connect", GET, roles(ACCOUNTS), thing="account"),
    Row("accounts_registry:account_connect", POST, roles(ACCOUNTS), thing="account"),
    Row("accounts_registry:account_disconnect", POST, roles(ACCOUNTS), thing="account"),
    Row("accounts_registry:account_suspend", POST, roles(ACCOUNTS), thing="account"),
    Row("accounts_registry:account_reactivate", POST, roles(ACCOUNTS), thing="account"),
    Row("accounts_registry:account_close", POST, roles(ACCOUNTS), thing="account"),
    Row("accounts_registry:dossier_list", GET, DOSSIERS),
    Row("accounts_registry:dossier_new", GET, roles(CELL, ACCOUNTS)),
    Row("accounts_registry:dossier_new", POST, roles(CELL, ACCOUNTS)),
    Row("accounts_registry:dossier_detail", GET, DOSSIERS, sees=DOSSIERS, thing="dossier"),
    Row("accounts_registry:dossier_edit", GET, roles(CELL, ACCOUNTS), sees=DOSSIERS, thing="dossier_step"),
    Row("accounts_registry:dossier_edit", POST, roles(CELL, ACCOUNTS), sees=DOSSIERS, thing="dossier_step"),
    Row("accounts_registry:dossier_submit", POST, roles(CELL, ACCOUNTS), sees=DOSSIERS, thing="dossier"),
    Row("accounts_registry:dossier_withdraw", POST, roles(CELL, ACCOUNTS), sees=DOSSIERS, thing="dossier"),
    Row("accounts_registry:dossier_vote", POST, roles(MEMBER, CHAIR), sees=DOSSIERS, thing="dossier_in_review"),
    Row("accounts_registry:dossier_decide", POST, roles(CHAIR), sees=DOSSIERS, thing="dossier_in_review"),
    Row("accounts_registry:dossier_accept", POST, roles(CHAIR), sees=DOSSIERS, thing="dossier"),
    Row("accounts_registry:dossier_return", POST, roles(CHAIR), sees=DOSSIERS, thing="dossier"),
    Row("accounts_registry:dossier_defer", POST, roles(CHAIR), sees=DOSSIERS, thing="dossier_in_review"),
    Row("accounts_registry:dossier_resume", POST, roles(CHAIR), sees=DOSSIERS, thing="dossier"),
]

DELIVERY = [
    Row("delivery:unresolved", GET, roles(CELL, CONVERSATIONS)),
    Row("delivery:delivery_detail", GET, POSTS, sees=POSTS, thing="delivery"),
    Row("delivery:delivery_decide", POST, roles(CELL, CONVERSATIONS), sees=POSTS, thing="delivery"),
    Row("delivery:delivery_reconfirm", POST, roles(CELL, SPOKESPERSON), sees=POSTS, thing="delivery"),
    Row("delivery:hold_list", GET, HOLDS),
    Row("delivery:hold_new", GET, roles(SPOKESPERSON, CRISIS, ADMINISTRATOR)),
    Row("delivery:hold_new", POST, roles(SPOKESPERSON, CRISIS, ADMINISTRATOR)),
    Row("delivery:hold_lift", POST, roles(SPOKESPERSON, CRISIS, ADMINISTRATOR), thing="hold"),
]

TABLE = [*PROJECT, *ORGANISATION, *REGISTRY, *DELIVERY]
