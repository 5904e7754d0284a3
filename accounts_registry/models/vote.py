from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import Outcome, VoteChoice
from organisation.choices import known


class Vote(models.Model):
    """A committee member's vote on a dossier as submitted in one round; it may change until the decision."""

    dossier = models.ForeignKey("accounts_registry.JustificationDossier", models.PROTECT, related_name="votes")
    round = models.PositiveSmallIntegerField()
    member = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("member"))
    choice = models.CharField(_("vote"), max_length=10, choices=VoteChoice)
    reason = models.TextField(_("reason"))
    cast_at = models.DateTimeField(_("when"), db_default=Now())
    # In which session it was cast; none: in writing, or between sessions.
    session = models.ForeignKey("accounts_registry.CommitteeSession", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        ordering = ["cast_at", "pk"]
        constraints = [
            known("choice", VoteChoice),
            models.UniqueConstraint(fields=["dossier", "round", "member"], name="one_vote_a_member"),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.choice}"


class Decision(models.Model):
    """What the committee decided in one round, with the figures it rested on; after an appeal there is a second one."""

    dossier = models.ForeignKey("accounts_registry.JustificationDossier", models.PROTECT, related_name="decisions")
    round = models.PositiveSmallIntegerField(db_default=0)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    reasons = models.TextField(_("reasons"))
    decided_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("chair"))
    decided_at = models.DateTimeField(_("when"), db_default=Now())
    votes_for = models.PositiveSmallIntegerField()
    votes_against = models.PositiveSmallIntegerField()
    abstentions = models.PositiveSmallIntegerField()
    quorum = models.PositiveSmallIntegerField()
    voting_members = models.PositiveSmallIntegerField()
    # Its frame: a session, and who of those who vote was there at that moment; or a written procedure; or neither.
    session = models.ForeignKey(
        "accounts_registry.CommitteeSession", models.PROTECT, null=True, related_name="decisions"
    )
    present = models.ManyToManyField("organisation.Person", related_name="+", verbose_name=_("present"))
    procedure = models.ForeignKey("accounts_registry.WrittenProcedure", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            known("outcome", Outcome),
            models.UniqueConstraint(fields=["dossier", "round"], name="one_decision_a_round"),
            models.CheckConstraint(
                condition=models.Q(session__isnull=True) | models.Q(procedure__isnull=True),
                name="decision_has_one_frame",
            ),
        ]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")

    def __str__(self) -> str:
        return f"{self.dossier}: {self.outcome}"
