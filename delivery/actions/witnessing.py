"""Whether this database is the one that may act: it counts each act, and the witness outside it must follow.

The count commits in the database first, then the witness moves, and only then a network is called. So the witness is
never ahead of the database that it stands for, and lags only by what has not reached a network. No lock is held over
any of it: whoever moves the witness compares it with what they saw, and looks again where they lost.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from delivery.enums import COPIES, OWN, HoldCause, HoldScope, Outcome, Trouble
from delivery.models import Attempt, Delivery, Hold, Identity, Mark
from delivery.witness import Away, Counted, Seen, Stand, the_witness
from organisation import audit
from organisation.audit import action

log = logging.getLogger(__name__)

# How an attempt ends that had certainly moved the witness before.
MOVED = Q(outcome__in=(Outcome.PUBLISHED, Outcome.LATER, Outcome.REFUSED, Outcome.LATE))
MOVED |= Q(outcome=Outcome.UNKNOWN) & ~Q(detail=Trouble.WORKER_LOST)
LOOKS = 200
PLACED = audit.tell("hold.placed", _("%(actor)s froze publishing"))
LIFTED = audit.tell("hold.lifted", _("%(actor)s lifted this freeze"))

BEGIN = """
WITH counted AS (
    UPDATE delivery_identity SET number = number + %(many)s, before = token, token = %(token)s WHERE token <> ''
    RETURNING number, token, before
), marked AS (INSERT INTO delivery_mark (number, token) SELECT number, token FROM counted),
begun AS (
    INSERT INTO delivery_attempt (delivery_id, epoch, started_at, cost, outcome, detail, claim)
    SELECT one.id, one.epoch, %(started)s, one.cost, '', '', number - %(many)s + place
    FROM counted, unnest(%(ids)s::bigint[], %(epochs)s::int[], %(costs)s::bigint[])
        WITH ORDINALITY AS one (id, epoch, cost, place)
)
SELECT number, token, before FROM counted
"""
COUNT = """
WITH counted AS (
    UPDATE delivery_identity SET number = number + %(many)s, before = token, token = %(token)s WHERE token <> ''
    RETURNING number, token, before
), marked AS (INSERT INTO delivery_mark (number, token) SELECT number, token FROM counted)
SELECT number, token, before FROM counted
"""


class Elsewhere(Exception):
    """The witness stands for another database, or does not stand as this one left it."""


def begin_attempts(*, deliveries: Sequence[Delivery], costs: Sequence[int], started_at: datetime) -> Counted:
    """Writes the attempts, each with its number, and counts them, in one statement: the count's row stays locked to the
    end of the transaction, so that numbers are committed in their order. The witness is to stand at the last one."""
    values = {
        "ids": [one.pk for one in deliveries],
        "epochs": [one.epoch for one in deliveries],
        "costs": list(costs),
        "started": started_at,
    }
    return _counted(BEGIN, len(deliveries), values)


def _counted(statement: str, many: int, values: Mapping[str, Any] | None = None) -> Counted:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"many": many, "token": new_token(), **(values or {})})
        row = cursor.fetchone()
    if row is None:
        raise Elsewhere
    number, token, before = row
    return Counted(Stand(number, token), Stand(number - many, before))


def new_token() -> str:
    return secrets.token_hex(16)


def move(counted: Counted) -> None:
    """The witness stands at this act or at a later one of ours when this returns. `Elsewhere` or `Away` where it does
    not: then nothing may be done, and where it is away everybody is told."""
    try:
        _move(counted)
    except Away as error:
        log.warning("the witness cannot be moved: %s", error)
        _freeze(HoldCause.AWAY)
        raise


def _move(counted: Counted) -> None:
    witness = the_witness()
    for _look in range(LOOKS):
        seen = witness.read()
        if seen.stand is None or (seen.stand != counted.before and _against(seen.stand)):
            if witness.read() == seen:
                raise Elsewhere
        elif seen.stand.number >= counted.stand.number or witness.write(counted.stand, over=seen):
            return
    raise Away("it never stands still")


def agrees() -> bool:
    """Whether this system may act outward at all. Where the witness speaks against it, all is frozen until a person
    lifts that; where the witness is away, until it is back."""
    try:
        cause = _disagreement()
    except Away as error:
        log.warning("the witness cannot be asked: %s", error)
        _freeze(HoldCause.AWAY)
        return False
    if cause and _freeze(cause):
        return False
    own = set(Hold.objects.in_force().filter(cause__in=OWN).values_list("cause", flat=True))
    if HoldCause.AWAY in own:
        if not _can_be_moved():
            return False
        _end_absence()
    return not own & set(COPIES)


def count_act() -> bool:
    """Counts an act other than a send that a copy must not do beside its original; False where it may not be done.

    Outside every transaction: the count has to be committed before the witness moves.
    """
    if not agrees():
        return False
    try:
        with transaction.atomic():
            counted = _counted(COUNT, 1)
        move(counted)
    except Elsewhere:
        return agrees()
    except Away:
        return False
    return True


def is_copy() -> bool:
    """Whether the witness stands where this database has never been. Freezes nothing: a witness that is missing or away
    says nothing of copies here, since whoever takes it away must not stop the proof of the trail with it."""
    try:
        stand = the_witness().read().stand
    except Away:
        return False
    return stand is not None and not Mark.objects.filter(number=stand.number, token=stand.token).exists()


@transaction.atomic
def bind() -> None:
    """From now on this database is the one that may act. `Away` where the witness cannot be told.

    The witness moves before this commits: cut off in between, it stands where no database does, and a person is asked
    again.
    """
    Identity.objects.get_or_create(only=True)
    identity = Identity.objects.select_for_update().get()
    witness = the_witness()
    for _look in range(LOOKS):
        seen = witness.read()
        stand = Stand(max(identity.number, seen.stand.number if seen.stand else 0) + 1, new_token())
        if witness.write(stand, over=seen):
            break
    else:
        raise Away("it never stands still")
    Identity.objects.update(number=stand.number, token=stand.token, before=stand.token)
    Mark.objects.create(number=stand.number, token=stand.token)


def _can_be_moved() -> bool:
    """Whether a witness that was away takes a word again: one that can only be read keeps every send back."""
    witness = the_witness()
    try:
        seen = witness.read()
        return seen.stand is None or witness.write(seen.stand, over=seen) or witness.read() != seen
    except Away:
        return False


def _disagreement() -> str:
    """Why this database is not the one that may act; empty where it is.

    The witness is read first: what it says then, its database has committed. And once more before it is held against
    us, since it may have moved while we asked the database.
    """
    witness = the_witness()
    seen = witness.read()
    for _look in range(LOOKS):
        cause = _lost_or_against(seen)
        again = witness.read() if cause else seen
        if again == seen:
            return cause
        seen = again
    raise Away("it never stands still")


def _lost_or_against(seen: Seen) -> str:
    identity = Identity.objects.first()
    if identity is None or not identity.token:
        return _unbound(seen)
    return HoldCause.LOST if seen.stand is None else _against(seen.stand)


def _unbound(seen: Seen) -> str:
    """A database that has never met a witness takes one by itself only where it is new, and frozen as such: one that
    has sent before might be an old copy, and only a person can say."""
    if seen.stand is not None:
        return HoldCause.RESTORED
    new = Hold.objects.in_force().filter(cause=HoldCause.NEW_SYSTEM).exists() or not Identity.objects.exists()
    if not new or Attempt.objects.exists():
        return HoldCause.UNWITNESSED
    bind()
    return ""


def _against(stand: Stand) -> str:
    """What speaks against this database where the witness stands at `stand`. One statement."""
    passed = Attempt.objects.filter(MOVED, claim__gt=stand.number)
    mark = Mark.objects.filter(number=stand.number, token=stand.token)
    known, older = Identity.objects.values_list(Exists(mark), Exists(passed)).get()
    if not known:
        return HoldCause.RESTORED
    return HoldCause.LOST if older else ""


@action
def _freeze(cause: str) -> bool:
    """False where nothing speaks against this database any more: somebody bound it just now."""
    Identity.objects.get_or_create(only=True)
    list(Identity.objects.select_for_update())  # behind whoever binds it just now
    if cause in COPIES and not _disagreement():
        return False
    alike = (HoldCause.AWAY,) if cause == HoldCause.AWAY else COPIES
    if Hold.objects.in_force().filter(cause__in=alike).exists():
        return True
    facts = {"scope": HoldScope.ORGANISATION, "unit": None, "account": None, "until": None}
    hold, new = Hold.objects.get_or_create(cause=cause, lifted_at=None, defaults=facts)
    if new:
        log.warning("everything is frozen: %s", cause)
        audit.record(verb=PLACED, thing=hold, by=None, scope=hold.scope, cause=hold.cause)
    return True


@action
def _end_absence() -> None:
    """The witness is back and agrees: nobody has to say so."""
    hold = Hold.objects.select_for_update().filter(cause=HoldCause.AWAY, lifted_at=None).first()
    if hold is not None:
        Hold.objects.filter(pk=hold.pk).update(lifted_at=Now())
        audit.record(verb=LIFTED, thing=hold, by=None, scope=hold.scope, reason="")
