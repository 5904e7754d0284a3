from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import STANDING, AbuseState, Discovery, SightingKind, SightingState
from networks.catalogue import NETWORKS
from organisation.choices import known, label_of
from organisation.models import Unit


class Sighting(models.Model):
    """An account that bears our name and does not stand in the registry: of colleagues, or of somebody who poses as us.

    Which account it is never changes: what was confirmed of it holds for no other one. `key` tells it from others
    (`networks.profiles.keys`). The facts from `shown_name` to `asks` weigh in its score, unknown where nobody looked.
    What is kept of a person stays until `kept_until`, and of an account that stands in the abuse register its name
    longer: until it is gone.
    """

    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    kind = models.CharField(_("kind"), max_length=20, choices=SightingKind)
    state = models.CharField(_("state"), max_length=20, choices=SightingState, default=SightingState.DETECTED)
    network = models.CharField(_("network"), max_length=30, blank=True)
    server = models.CharField(_("server"), max_length=253, blank=True)
    handle = models.CharField(_("name on the network"), max_length=200, blank=True)
    remote_id = models.CharField(max_length=200, blank=True)
    address = models.CharField(_("public address"), max_length=500, blank=True)
    key = models.CharField(max_length=700, blank=True)
    found = models.CharField(_("found"), max_length=20, choices=Discovery, default=Discovery.HAND)
    note = models.TextField(_("note"), blank=True)
    words_seen = models.TextField(_("words seen there"), blank=True)
    imitates = models.ForeignKey(
        "accounts_registry.Account", models.SET_NULL, null=True, related_name="+", verbose_name=_("imitated account")
    )
    shown_name = models.CharField(_("name shown"), max_length=200, blank=True)
    uses_our_name = models.BooleanField(_("bears our name or logo"), null=True, blank=True)
    links_to_us = models.BooleanField(_("links to our site"), null=True, blank=True)
    asks = models.BooleanField(_("asks for money or data"), null=True, blank=True)
    created_on = models.DateField(_("on the network since"), null=True, blank=True)
    why_created = models.TextField(_("why it was created"), blank=True)
    merged_into = models.ForeignKey(
        "accounts_registry.Account", models.SET_NULL, null=True, related_name="+", verbose_name=_("merged into")
    )
    dossier = models.ForeignKey(
        "accounts_registry.JustificationDossier",
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("dossier"),
    )
    reported_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(_("reported"), db_default=Now())
    kept_until = models.DateField(_("kept until"))
    purged_at = models.DateTimeField(null=True)
    edition = models.PositiveIntegerField(default=1)
    get_kind_display = label_of("kind", SightingKind)
    get_state_display = label_of("state", SightingState)

    class Meta:
        verbose_name = _("sighting")
        verbose_name_plural = _("sightings")
        ordering = ["-id"]
        constraints = [
            known("kind", SightingKind),
            known("state", SightingState),
            known("found", Discovery),
            models.UniqueConstraint(
                fields=["unit", "key"],
                condition=~models.Q(key="") & models.Q(state__in=["detected", "contacted", "explained", "registered"]),
                name="sighting_stands_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(key="") | models.Q(purged_at__isnull=False), name="sighting_names_an_account"
            ),
        ]
        indexes = [models.Index(fields=["unit", "-id"], name="sighting_of_unit")]

    def __str__(self) -> str:
        """Never the account's name: it may be a citizen's."""
        return f"{_('Sighting')} {self.pk}"

    @property
    def label(self) -> str:
        """As people name it, for those who may see it."""
        if not self.key:
            return str(_("Name no longer kept"))
        shown = f"@{self.handle}" if self.handle else self.remote_id or self.address
        return f"{shown} · {self.network_name}" if self.network else shown

    @property
    def network_name(self) -> str:
        return NETWORKS[self.network].name if self.network in NETWORKS else str(_("Another network"))

    @property
    def is_wild(self) -> bool:
        return self.kind == SightingKind.WILD


class AbuseCase(models.Model):
    """That an account poses as us, from the report until it is gone. `reported_by` reported or reopened it: somebody
    else confirms it."""

    sighting = models.OneToOneField(Sighting, models.PROTECT, related_name="case")
    state = models.CharField(_("state"), max_length=20, choices=AbuseState, default=AbuseState.REPORTED)
    reported_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(_("reported"), db_default=Now())
    confirmed_by = models.ForeignKey("organisation.Person", models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    reference = models.CharField(_("the network's reference"), max_length=200, blank=True)
    notified_on = models.DateField(_("the network was told on"), null=True)
    get_state_display = label_of("state", AbuseState)

    class Meta:
        verbose_name = _("abuse case")
        verbose_name_plural = _("abuse cases")
        ordering = ["-id"]
        constraints = [
            known("state", AbuseState),
            models.CheckConstraint(
                condition=~models.Q(state__in=["confirmed", "notified"])
                | models.Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                & ~models.Q(confirmed_by=models.F("reported_by")),
                name="abuse_case_confirmed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{_('Abuse case')} {self.pk}"

    @property
    def unit(self) -> Unit:
        return self.sighting.unit

    @property
    def look(self) -> str:
        """As a pill shows it: that an abuse is confirmed is no good news."""
        return "impersonation" if self.state == AbuseState.CONFIRMED else self.state

    @property
    def stands(self) -> bool:
        return self.state in STANDING


class NilReturn(models.Model):
    """Somebody looked, and nobody posed as `unit` between `since` and `until`, both days included."""

    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    since = models.DateField(_("from"))
    until = models.DateField(_("until"))
    how = models.TextField(_("how it was looked for"))
    declared_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(_("declared"), db_default=Now())

    class Meta:
        verbose_name = _("declaration that there was none")
        verbose_name_plural = _("declarations that there was none")
        ordering = ["-until", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(since__lte=models.F("until")), name="nil_return_has_a_period")
        ]
        indexes = [models.Index(fields=["unit", "-until", "-id"], name="nil_return_latest")]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.since} – {self.until}"
