"""The steering committee and its votes, counted.

The committee of an organisation is whoever holds the vote at its root. Who works in the unit that asks, or wrote the
dossier, stands aside. Quorum: half of the voting members, rounded up, the chair among them; the majority of the votes
for and against decides; the chair's own vote breaks a tie.
"""

from __future__ import annotations

from dataclasses import dataclass

from accounts_registry.enums import Outcome, VoteChoice
from accounts_registry.models import JustificationDossier, Vote
from organisation.enums import Permission
from organisation.models import Grant, Person, Unit
from organisation.roles import holding


@dataclass(frozen=True)
class Seat:
    """One member, whether they stand aside here, and how they voted in this round (None: not yet)."""

    member: Person
    stands_aside: bool
    vote: Vote | None
    is_chair: bool


@dataclass(frozen=True)
class Tally:
    seats: tuple[Seat, ...]

    @property
    def voting(self) -> list[Seat]:
        return [seat for seat in self.seats if not seat.stands_aside]

    @property
    def voting_members(self) -> int:
        return len(self.voting)

    @property
    def quorum(self) -> int:
        """Votes that must be cast; at least one, so that nobody's silence decides."""
        return max(1, (self.voting_members + 1) // 2)

    @property
    def cast(self) -> int:
        return sum(seat.vote is not None for seat in self.voting)

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
        """What the votes say when `chair` records them; None without quorum, or in a tie that the chair left open."""
        if not self.is_quorate:
            return None
        balance = self.votes_for - self.votes_against
        if balance == 0 and chair is not None:
            own = {seat.vote.choice for seat in self.voting if seat.vote and seat.member.pk == chair.pk}
            balance = (VoteChoice.FOR in own) - (VoteChoice.AGAINST in own)
        if balance == 0:
            return None
        return Outcome.APPROVE if balance > 0 else Outcome.REFUSE

    def _count(self, choice: VoteChoice) -> int:
        return sum(seat.vote is not None and seat.vote.choice == choice for seat in self.voting)


def writers_of(dossier: JustificationDossier) -> set[int]:
    """Ids of who asked, and of all who ever changed an answer."""
    return {dossier.requested_by_id, *dossier.editors.values_list("pk", flat=True)}


def stands_aside(person: Person, dossier: JustificationDossier) -> bool:
    return dossier.unit_id == person.unit_id or person.pk in writers_of(dossier)


def root_path(unit: Unit) -> str:
    return str(unit.path[: Unit.steplen])


def tally(dossier: JustificationDossier) -> Tally:
    """Every member of the committee by name, with the votes of the dossier's present round. Three queries."""
    chairs: set[int] = set()
    members: dict[int, Person] = {}
    grants = Grant.objects.in_force().filter(unit__path=root_path(dossier.unit), person__is_active=True)
    deciding = holding(Permission.DOSSIER_DECIDE)
    for grant in grants.filter(role__in=holding(Permission.DOSSIER_VOTE)).select_related("person"):
        members[grant.person_id] = grant.person
        if grant.role in deciding:
            chairs.add(grant.person_id)
    votes = {vote.member_id: vote for vote in Vote.objects.filter(dossier=dossier, round=dossier.round)}
    writers = writers_of(dossier)
    return Tally(
        tuple(
            Seat(
                member,
                member.unit_id == dossier.unit_id or member.pk in writers,
                votes.get(member.pk),
                member.pk in chairs,
            )
            for member in sorted(members.values(), key=lambda one: one.name)
        )
    )
