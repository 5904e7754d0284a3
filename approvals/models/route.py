from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from approvals.enums import Place
from organisation.choices import known
from organisation.roles import ROLES, role_choices

MOST_HANDS = 5


class Route(models.Model):
    """The steps that things of one kind take in a unit and, where nothing nearer is set, in all below it.

    A route is never changed: another one takes its place, and what began on this one keeps its steps. Something that
    speaks for several units takes the steps of all of them: its route is made for it alone, and ends as it begins.
    """

    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    kind = models.CharField(_("kind"), max_length=30)
    made_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("set by"))
    made_at = models.DateTimeField(_("set at"), db_default=Now())
    ended_by = models.ForeignKey("organisation.Person", models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        verbose_name = _("route of approval")
        verbose_name_plural = _("routes of approval")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "kind"], condition=models.Q(ended_at__isnull=True), name="one_route_per_unit_and_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.kind}"


class Step(models.Model):
    """One step of a route: so many people, each of whom may approve such things in that place, and are nobody else's
    hand in this request."""

    route = models.ForeignKey(Route, models.CASCADE, related_name="steps", verbose_name=_("route of approval"))
    position = models.PositiveSmallIntegerField(_("position"))
    place = models.CharField(_("who"), max_length=10, choices=Place)
    unit = models.ForeignKey(
        "organisation.Unit", models.PROTECT, null=True, related_name="+", verbose_name=_("the other unit")
    )
    role = models.CharField(_("role"), max_length=40, choices=role_choices, blank=True)
    hands = models.PositiveSmallIntegerField(_("how many people"), default=1)

    class Meta:
        verbose_name = _("step of approval")
        verbose_name_plural = _("steps of approval")
        ordering = ["position"]
        constraints = [
            known("place", Place),
            models.CheckConstraint(condition=models.Q(role__in=["", *ROLES]), name="step_role_is_known"),
            models.UniqueConstraint(fields=["route", "position"], name="one_step_per_position"),
            models.CheckConstraint(
                condition=models.Q(place=Place.PEER, unit__isnull=False)
                | (~models.Q(place=Place.PEER) & models.Q(unit__isnull=True)),
                name="step_of_another_unit_names_it",
            ),
            models.CheckConstraint(
                condition=models.Q(hands__gte=1, hands__lte=MOST_HANDS), name="step_asks_for_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.unit or self.get_place_display()}"

    @property
    def role_label(self) -> str:
        """Of the role that it asks for; empty where any that may approve will do."""
        return str(ROLES[self.role].label) if self.role in ROLES else ""
