"""The steering committee and its votes, counted.

The committee of an organisation is whoever holds the vote at its root. Who works in the unit that asks, wrote the
dossier, would own or hold the account, or counts as who does, stands aside. All that is fixed when a dossier passes to
the committee: who comes later does not vote on it, and who goes leaves a seat that counts. Quorum: half of the voting
members, rounded up, the chair among them; the majority of the votes for and against decides; the chair's own vote
breaks a tie. Where the dossier is dealt with in a session (docs/adr/0044-committee-sessions.md), only the votes of
those count who are there at that moment.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from accounts_registry.enums import Outcome, VoteChoice
from accounts_registry.enums.session import HERE, ItemResult, SessionState
from accounts_registry.models import AgendaItem, Attendance, CommitteeSeat, Decision, JustificationDossier, Vote
from organisation.enums import Permission
from organisation.models import Grant, Person, Unit
from organisation.queries.authority import same_hand
from organisation.roles import holding


@dataclass(frozen=True)
class Seat:
    """One member, whether they stand aside here, and how they voted in this round (None: not yet).

    `is_away`: the dossier is dealt with in a session, and they are, or were, not there: their vote does not count.
    """

    member: Person
    stands_aside: bool
    vote: Vote | None
    is_chair: bool
    is_away: bool = False

    @property
    def counted(self) -> Vote | None:
        return None if self.is_away else self.vote


@dataclass(frozen=True)
class Tally:
    """`fixed_quorum` is the round's own, None before a dossier is with the committee."""

    seats: tuple[Seat, ...]
    fixed_quorum: int | None = None

    @property
    def voting(self) -> list[Seat]:
        return [seat for seat in self.seats if not seat.stands_aside]

    @property
    def voting_members(self) -> int:
        return len(self.voting)

    @property
    def quorum(self) -> int:
        """Votes that must be cast; at least one, so that nobody's silence decides."""
        return self.fixed_quorum or quorum_of(self.voting_members)

    @property
    def cast(self) -> int:
        return sum(seat.counted is not None for seat in self.voting)

    @property
    def present(self) -> list[Person]:
        """Who votes here and is not away."""
        return [seat.member for seat in self.voting if not seat.is_away]

    @property
    def is_quorate(self) -> bool:
        return self.cast >= self.quorum

    @property
    def votes_for(self) -> int:
        return self._count(VoteChoice.FOR)

    @property
    def votes_against(self) -> int:
        return self._count(VoteChoice.AGAINST)

    @property
    def abstentions(self) -> int:
        return self._count(VoteChoice.ABSTAIN)

    @property
    def is_tied(self) -> bool:
        return self.votes_for == self.votes_against

    def outcome(self, chair: Person | None) -> Outcome | None:
        """What the votes say when `chair` records them; None without quorum, or in a tie that the chair left open.

        Who became chair since the dossier passed to the committee breaks no tie of its votes.
        """
        if not self.is_quorate:
            return None
        balance = self.votes_for - self.votes_against
        if balance == 0 and chair is not None:
            chairs = [seat for seat in self.voting if seat.is_chair and seat.member.pk == chair.pk]
            own = {seat.counted.choice for seat in chairs if seat.counted}
            balance = (VoteChoice.FOR in own) - (VoteChoice.AGAINST in own)
        if balance == 0:
            return None
        return Outcome.APPROVE if balance > 0 else Outcome.REFUSE

    def _count(self, choice: VoteChoice) -> int:
        return sum(seat.counted is not None and seat.counted.choice == choice for seat in self.voting)


def writers_of(dossier: JustificationDossier) -> list[Person]:
    """Who asked, and all who ever changed an answer."""
    return [dossier.requested_by, *dossier.editors.all()]


def has_written(person: Person, dossier: JustificationDossier) -> bool:
    """True for who asked, for all who ever changed an answer, and for whoever counts as one of them."""
    return any(same_hand(person, writer) for writer in writers_of(dossier))


def stands_aside(person: Person, dossier: JustificationDossier) -> bool:
    """Works in the unit that asks, wrote the dossier, would hold the account, or counts as somebody who does."""
    concerned = [*writers_of(dossier), *dossier.holders]
    return dossier.unit_id == person.unit_id or any(same_hand(person, one) for one in concerned)


def root_path(unit: Unit) -> str:
    return str(unit.path[: Unit.steplen])


def quorum_of(voting_members: int) -> int:
    """Half of them, rounded up."""
    return max(1, (voting_members + 1) // 2)


def members_of(unit: Unit) -> list[tuple[Person, bool]]:
    """Who sits on the committee of the unit's organisation now, by name, and whether they chair it. One query."""
    chairs: set[int] = set()
    members: dict[int, Person] = {}
    grants = Grant.objects.in_force().filter(unit__path=root_path(unit), person__is_active=True)
    deciding = holding(Permission.DOSSIER_DECIDE)
    for grant in grants.filter(role__in=holding(Permission.DOSSIER_VOTE)).select_related("person"):
        members[grant.person_id] = grant.person
        if grant.role in deciding:
            chairs.add(grant.person_id)
    return [(member, member.pk in chairs) for member in sorted(members.values(), key=lambda one: one.name)]


def committee(dossier: JustificationDossier) -> list[CommitteeSeat]:
    """Who sits on the committee of the dossier's organisation now, by name, as seats of its present round, unsaved."""
    return [
        CommitteeSeat(
            dossier=dossier,
            round=dossier.round,
            member=member,
            is_chair=is_chair,
            stands_aside=stands_aside(member, dossier),
        )
        for member, is_chair in members_of(dossier.unit)
    ]


def tally(dossier: JustificationDossier) -> Tally:
    """Every seat of the dossier's present round by name, with the votes. Before it is with the committee: who would
    sit there now. Two queries.
    """
    fixed = dossier.quorum is not None
    votes = {vote.member_id: vote for vote in Vote.objects.filter(dossier=dossier, round=dossier.round)}
    return Tally(
        tuple(
            Seat(seat.member, seat.stands_aside, votes.get(seat.member_id), seat.is_chair, is_away)
            for seat, is_away in (_seats(dossier) if fixed else ((one, False) for one in committee(dossier)))
        ),
        dossier.quorum,
    )


def _seats(dossier: JustificationDossier) -> list[tuple[CommitteeSeat, bool]]:
    """With whether each is away: from the session in which the dossier is dealt with now, or was decided."""
    seats = CommitteeSeat.objects.filter(dossier=dossier, round=dossier.round).select_related("member")
    decided = Decision.objects.filter(dossier=OuterRef("dossier"), round=OuterRef("round"), session__isnull=False)
    told = seats.annotate(
        in_session=Exists(dealt_with_now(AgendaItem.objects.filter(dossier=OuterRef("dossier")))),
        is_here=Exists(
            Attendance.objects.filter(
                session__items__dossier=OuterRef("dossier"),
                session__items__result=ItemResult.PENDING,
                session__state=SessionState.OPEN,
                member=OuterRef("member"),
                presence__in=HERE,
            )
        ),
        was_decided_in_session=Exists(decided),
        was_here=Exists(decided.filter(present=OuterRef("member"))),
    )
    return [
        (one, (one.in_session and not one.is_here) or (one.was_decided_in_session and not one.was_here))
        for one in told.order_by("member__name", "pk")
    ]


def dealt_with_now(items: QuerySet[AgendaItem]) -> QuerySet[AgendaItem]:
    """Those of a session that is open, and that are not settled."""
    return items.filter(result=ItemResult.PENDING, session__state=SessionState.OPEN)


def votes_here(person: Person, dossier: JustificationDossier) -> bool:
    """True when `person` has a seat in this round, and does not stand aside."""
    seats = CommitteeSeat.objects.filter(dossier=dossier, round=dossier.round, member=person, stands_aside=False)
    return seats.exists()
