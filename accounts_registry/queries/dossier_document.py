"""A dossier as a document that leaves Parvis: what was asked, how the committee voted, what it decided."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from accounts_registry.models import Advice, Decision, JustificationDossier, Vote
from accounts_registry.queries.evidence import evidence
from organisation.clock import database_today
from organisation.dates import dated
from organisation.documents import Block, Document, Facts, Heading, Paragraph, Table

NOTHING = "–"


def document_of(dossier: JustificationDossier, language: str) -> Document:
    """In `language`, in the name of its unit, as it stands today there."""
    with translation.override(language):
        today = database_today(dossier.unit.zone)
        title = _("Dossier: %(title)s") % {"title": dossier.title}
        return Document(title, language, dossier.unit.name, today, tuple(_blocks(dossier)))


def _blocks(dossier: JustificationDossier) -> Iterator[Block]:
    facts = [
        (_("State"), str(dossier.get_state_display())),
        (_("Asked for by"), dossier.requested_by.name),
    ]
    if dossier.submitted_at:
        facts.append((_("Submitted on"), _day(dossier, dossier.submitted_at)))
    yield Facts(tuple(facts))
    for section in evidence(dossier):
        if section.answers:
            yield Heading(str(section.title))
            yield Facts(tuple((one.label, one.as_text or NOTHING) for one in section.answers))
    for advice in Advice.objects.filter(dossier=dossier).select_related("given_by") if dossier.round else ():
        yield from _advised(dossier, advice)
    if dossier.appeal:
        yield Heading(_("Appeal"))
        yield Paragraph(dossier.appeal)
    if dossier.round:
        for decision in Decision.objects.filter(dossier=dossier).select_related("decided_by").order_by("round"):
            yield from _decided(dossier, decision)
        if votes := list(Vote.objects.filter(dossier=dossier, round=dossier.round).select_related("member")):
            yield Heading(_("Votes of the committee"))
            rows = tuple((one.member.name, str(one.get_choice_display()), one.reason) for one in votes)
            yield Table(_("Who voted how, and why"), (_("Member"), _("Vote"), _("Why")), rows)


def _advised(dossier: JustificationDossier, advice: Advice) -> Iterator[Block]:
    yield Heading(_("Advice of ICT/security of %(day)s") % {"day": _day(dossier, advice.given_at)})
    facts = [
        (_("Advice"), str(advice.get_opinion_display())),
        (_("Given by"), advice.given_by.name),
        (_("Reasons"), advice.reasons),
    ]
    if advice.points:
        facts.append((_("Points to settle"), "\n".join(advice.points)))
    yield Facts(tuple(facts))


def _decided(dossier: JustificationDossier, decision: Decision) -> Iterator[Block]:
    yield Heading(_("Decision of %(day)s") % {"day": _day(dossier, decision.decided_at)})
    figures = {
        "for": decision.votes_for,
        "against": decision.votes_against,
        "abstain": decision.abstentions,
        "quorum": decision.quorum,
        "members": decision.voting_members,
    }
    yield Facts(
        (
            (_("Outcome"), str(decision.get_outcome_display())),
            (_("Votes"), _("%(for)d for, %(against)d against, %(abstain)d abstaining") % figures),
            (_("Quorum"), _("%(quorum)d of %(members)d voting members were needed") % figures),
            (_("Recorded by"), decision.decided_by.name),
            (_("Reasons"), decision.reasons),
        )
    )
    if conditions := list(decision.conditions.select_related("owner")):
        rows = tuple(
            (one.text, one.owner.name, dated(one.due_on, "j F Y"), str(one.get_state_display())) for one in conditions
        )
        head = (_("Condition"), _("Who answers for it"), _("Due on"), _("State"))
        yield Table(_("Conditions of the committee"), head, rows)


def _day(dossier: JustificationDossier, moment: datetime) -> str:
    return dated(moment.astimezone(dossier.unit.zone).date(), "j F Y")
