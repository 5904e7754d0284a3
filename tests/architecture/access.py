"""Who may ask what of which address: the whole house in one table, a module for each room (addresses/).

An address that is not here fails the suite.

`sees`: roles for whom the thing is in sight (others: 404, or 403 where there is no thing). `may`: those who are let in.
`PUBLIC` addresses answer everybody, `SIGNED_IN` ones everybody who works here. The technical administration, which
makes its own addresses, is held to rules instead of rows (test_administration.py).
"""

from __future__ import annotations

from tests.architecture.addresses import (
    accounts_registry,
    approvals,
    conversations,
    crisis,
    delivery,
    monitoring,
    notices,
    organisation,
    project,
    publishing,
)

ROOMS = (
    project,
    organisation,
    accounts_registry,
    approvals,
    notices,
    delivery,
    publishing,
    conversations,
    monitoring,
    crisis,
)
TABLE = [row for room in ROOMS for row in room.ROWS]
# What the address is filled with, without being anybody's thing: out of sight does not apply.
NOBODYS = frozenset(
    {
        "link",
        "security_key",
        "month",
        "day",
        "outgoing",
        "reset_key",
        "second_step",
        "off",
        "webhook",
        "public",
        "public_account",
    }
)
# Called by programs that have no page of ours: they prove themselves by a signature, or are refused.
SIGNED = frozenset({"monitoring:webhook"})
