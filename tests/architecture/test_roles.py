"""Which role allows what, and what weighs: written by hand, never read from the code.

A change of `organisation.roles` is a change of what an administration may rely on: it is made here too, knowingly, or
the suite stops it. The edges of the lifecycles stand likewise in `test_edges`.
"""

from __future__ import annotations

from organisation.roles import ROLES as TABLE
from organisation.roles import asking_second_factor, needs_confirmation

# Roles, and all that they allow.
ROLES = """
newcomer
    account.view post.view mention.view crisis.view hold.view
    post.write

communication_cell
    account.view post.view mention.view crisis.view hold.view dossier.view watch.view
    post.write post.approve post.schedule delivery.resolve dossier.write

conversation_manager
    account.view post.view mention.view crisis.view hold.view watch.view
    mention.assign answer.write watch.manage delivery.resolve

committee_member
    account.view dossier.view post.view hold.view
    dossier.vote

committee_chair
    account.view dossier.view post.view hold.view
    dossier.vote dossier.check dossier.decide

account_manager
    account.view post.view mention.view crisis.view hold.view dossier.view
    dossier.write account.connect account.manage

spokesperson
    account.view post.view mention.view crisis.view hold.view watch.view
    post.write post.approve post.schedule answer.write delivery.resolve crisis.lead hold.place hold.lift

crisis_cell
    account.view post.view mention.view crisis.view hold.view
    crisis.lead playbook.write hold.place hold.lift

auditor
    account.view post.view mention.view crisis.view hold.view dossier.view watch.view audit.view person.view

administrator
    account.view hold.view audit.view person.view
    person.manage unit.manage admin.site hold.place hold.lift
"""

# A second person confirms these.
CONFIRMED = "communication_cell committee_member committee_chair spokesperson crisis_cell administrator"

# These sign in with a second factor.
SECOND_FACTOR = "communication_cell spokesperson crisis_cell account_manager administrator"


def blocks(text: str) -> dict[str, set[str]]:
    """The unindented lines of `text`, each with the words of the indented ones below it."""
    found: dict[str, set[str]] = {}
    for line in filter(str.strip, text.splitlines()):
        if line.startswith(" "):
            found[next(reversed(found))] |= set(line.split())
        else:
            found[line.strip()] = set()
    return found


def test_every_role_allows_what_the_table_says() -> None:
    assert {key: {str(permission) for permission in role.permissions} for key, role in TABLE.items()} == blocks(ROLES)


def test_what_a_second_person_confirms() -> None:
    assert {key for key in TABLE if needs_confirmation(key)} == set(CONFIRMED.split())


def test_what_asks_for_a_second_factor() -> None:
    assert {key for key in TABLE if asking_second_factor([key])} == set(SECOND_FACTOR.split())
