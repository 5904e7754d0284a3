"""The minutes of a session as a document: who was there, what stood on the agenda, what was decided and why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_registry.enums.session import HERE, ItemResult
from accounts_registry.models import Advice, AgendaItem, CommitteeSession, Decision, JustificationDossier, Minutes, Vote
from accounts_registry.queries.committee import Tally, tally
from accounts_registry.queries.evidence import evidence
from accounts_registry.queries.sessions import agenda, attending, fate_of, next_session
from organisation.dates import dated
from organisation.documents import Block, Document, Facts, Heading, Items, Paragraph, Table
from organisation.enums import Language

KINDS = {kind.kind: kind for kind in (Heading, Paragraph, Items, Facts, Table)}
IN_SHORT = ("objective", "audiences", "why_not_existing", "audience_evidence", "risks", "exit_plan")


def content_of(minutes: Minutes) -> dict[str, Any]:
    """The document in every language of the unit, as JSON holds it. A draft: as its session stands."""
    spoken = [one.value for one in Language if one.value in minutes.session.unit.languages]
    return {language: _written(minutes, language).as_data() for language in spoken}


def hash_of(content: dict[str, Any]) -> str:
    told = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(told.encode()).hexdigest()


def document_of(minutes: Minutes, language: str) -> Document:
    """In `language`: of approved minutes what was approved, with who did and its hash; of a draft what it says now."""
    if minutes.content is None:
        return _written(minutes, language, is_draft=True)
    kept = _read(minutes.content[language])
    with translation.override(language):
        approved = (
            (_("Approved by"), minutes.approved_by.name if minutes.approved_by else ""),
            (_("Approved on"), _moment(minutes.session, minutes.approved_at)),
            (_("SHA-256 of what was approved"), minutes.content_hash),
        )
        return replace(kept, blocks=(*kept.blocks, Heading(_("Approval")), Facts(approved)))


def _read(data: dict[str, Any]) -> Document:
    """A document back from `as_data`."""
    blocks = [KINDS[one["kind"]](**{key: _tuples(told) for key, told in one.items() if key != "kind"}) for one in
              data["blocks"]]  # fmt: skip
    return Document(data["title"], data["language"], data["author"], date.fromisoformat(data["day"]), tuple(blocks))


def _tuples(told: Any) -> Any:
    return tuple(_tuples(one) for one in told) if isinstance(told, list) else told


def _moment(session: CommitteeSession, moment: datetime | None) -> str:
    return dated(moment.astimezone(session.local_start.tzinfo), "j F Y, H:i") if moment else ""


def _written(minutes: Minutes, language: str, *, is_draft: bool = False) -> Document:
    session = minutes.session
    with translation.override(language):
        day = dated(session.day, "j F Y")
        title = _("Steering committee: minutes of %(day)s") % {"day": day}
        if is_draft:
            title = _("Draft: %(title)s") % {"title": title}
        return Document(title, language, session.unit.name, session.day, tuple(_blocks(minutes)))


def _blocks(minutes: Minutes) -> Iterator[Block]:
    session, items = minutes.session, agenda(minutes.session)
    members = attending(session)
    facts = [
        (_("Day and hour"), dated(session.local_start, "l j F Y, H:i")),
        (_("Place"), session.where),
        (_("Opened by"), session.opened_by.name if session.opened_by else ""),
        (_("Opened and closed"), f"{_hour(session, session.opened_at)} – {_hour(session, session.closed_at)}"),
        (_("Minutes written by"), minutes.written_by.name),
    ]
    yield Facts(tuple(facts))
    yield Heading(_("Presence"))
    rows = tuple((_named(one.person.name, one.is_chair), str(one.label)) for one in members)
    yield Table(_("Who attended"), (_("Member"), _("Presence")), rows)
    here = sum(one.presence in HERE for one in members)
    yield Paragraph(
        ngettext("One of the %(all)d members was there.", "%(here)d of the %(all)d members were there.", here)
        % {"here": here, "all": len(members)}
    )
    if minutes.remarks:
        yield Heading(_("Remarks"))
        yield Paragraph(minutes.remarks)
    for number, item in enumerate(items, start=1):
        yield from _item(session, item, number)
    following = next_session(session)
    if following is not None:
        yield Heading(_("Next session"))
        yield Paragraph(f"{dated(following.local_start, 'l j F Y, H:i')} · {following.where}")


def _hour(session: CommitteeSession, moment: datetime | None) -> str:
    return dated(moment.astimezone(session.local_start.tzinfo), "H:i") if moment else "–"


def _named(name: str, is_chair: bool) -> str:
    return _("%(name)s (chair)") % {"name": name} if is_chair else name


def _item(session: CommitteeSession, item: AgendaItem, number: int) -> Iterator[Block]:
    yield Heading(f"{number}. {item}")
    if item.dossier is None:
        yield Paragraph(item.note or str(fate_of(item)))
        return
    dossier = item.dossier
    yield Facts(tuple(_asked(dossier)))
    decision = _decision(session, dossier)
    if decision is not None:
        yield from _decided(session, dossier, decision)
    elif item.result == ItemResult.DEFERRED:
        yield Paragraph(f"{_put_off(item)} {item.note}".strip())
    else:
        yield Paragraph(_("Result: %(result)s.") % {"result": fate_of(item)})


def _asked(dossier: JustificationDossier) -> Iterator[tuple[str, str]]:
    """The evidence in short."""
    yield _("Asked for by"), f"{dossier.unit.name} · {dossier.requested_by.name}"
    yield _("What is asked for"), str(dossier.get_request_type_display())
    for section in evidence(dossier):
        for one in section.answers:
            if one.question.key in IN_SHORT and one.as_text:
                yield one.label, one.as_text
    if advice := Advice.objects.filter(dossier=dossier).order_by("-round").first():
        said = " ".join([f"{advice.get_opinion_display()}.", advice.reasons, *advice.points])
        yield capfirst(str(Advice._meta.verbose_name)), said


def _decision(session: CommitteeSession, dossier: JustificationDossier) -> Decision | None:
    return Decision.objects.filter(session=session, dossier=dossier).select_related("decided_by").first()


def _put_off(item: AgendaItem) -> str:
    if item.deferred_to is None:
        return _("Put off, to no session yet.")
    return _("Put off to the session of %(day)s.") % {"day": dated(item.deferred_to.day, "j F Y")}


def _decided(session: CommitteeSession, dossier: JustificationDossier, made: Decision) -> Iterator[Block]:
    figures = {"for": made.votes_for, "against": made.votes_against, "abstain": made.abstentions}
    needed = {"quorum": made.quorum, "members": made.voting_members, "present": made.present.count()}
    yield Facts(
        (
            (_("Decision"), str(made.get_outcome_display())),
            (_("Votes"), _("%(for)d for, %(against)d against, %(abstain)d abstaining") % figures),
            (_("Quorum"), _("%(quorum)d of %(members)d voting members needed, %(present)d there") % needed),
            (_("Recorded by"), made.decided_by.name),
            (_("Reasons"), made.reasons),
        )
    )
    votes = _votes_at(dossier, made)
    if aside := [seat.member.name for seat in votes.seats if seat.stands_aside]:
        names = {"names": ", ".join(aside), "unit": dossier.unit.name}
        yield Paragraph(_("Stood aside, being of %(unit)s or having a stake in it: %(names)s.") % names)
    if session.names_votes and votes.present:
        head = (_("Member"), capfirst(str(Vote._meta.verbose_name)), _("Why"))
        yield Table(_("Who voted how, and why"), head, tuple(_rows(votes, made)))
    if conditions := list(made.conditions.select_related("owner")):
        rows = tuple((one.text, one.owner.name, dated(one.due_on, "j F Y")) for one in conditions)
        yield Table(_("Conditions of the committee"), (_("Condition"), _("Who answers for it"), _("Due on")), rows)


def _votes_at(dossier: JustificationDossier, made: Decision) -> Tally:
    """Of the round that was decided: an appeal may have opened another one since."""
    then = JustificationDossier(pk=dossier.pk, unit=dossier.unit, round=made.round, quorum=made.quorum)
    return tally(then)


def _rows(votes: Tally, made: Decision) -> Iterator[tuple[str, ...]]:
    for seat in votes.voting:
        if seat.counted is not None:
            said = str(seat.counted.get_choice_display())
            if seat.counted.session_id != made.session_id:
                said = _("%(vote)s (cast beforehand)") % {"vote": said}
            yield _named(seat.member.name, seat.is_chair), said, seat.counted.reason
        elif not seat.is_away:
            yield _named(seat.member.name, seat.is_chair), _("no vote"), ""
