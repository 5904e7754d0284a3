from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from approvals.models import Decision, Request
from approvals.queries import approvals_of, requests_of
from organisation import wall_clock
from organisation.choices import known
from organisation.enums import Language
from organisation.fields import WallTimeField
from publishing.enums import CLOSED, STATE_ICONS, PostState
from publishing.models.card import card_note

SUBJECT = "post"  # as approvals knows posts


class Post(models.Model):
    """One message of a unit, whatever the number of accounts and languages it goes out in.

    `version` counts every change, so that of two people who write at once the second is told. `editors` are all who
    ever changed a word of it, sent or not: none of them approves it. `words` is what it is found by, folded
    (`networks.folding`): its title, which weighs most, and all that its variants say. `cards` is what is known of the
    pages behind its links (`publishing.models.card.Card`, by address); `bare_cards` whether their cards go
    without the page's picture.
    """

    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="posts", verbose_name=_("unit"))
    author = models.ForeignKey("organisation.Person", models.PROTECT, related_name="posts", verbose_name=_("author"))
    editors = models.ManyToManyField("organisation.Person", related_name="edited_posts", verbose_name=_("editors"))
    title = models.CharField(_("working title"), max_length=200)
    core_text = models.TextField(_("core text"), max_length=10_000, blank=True)
    language = models.CharField(_("language of the core text"), max_length=2, choices=Language)
    link = models.URLField(_("link"), max_length=500, blank=True)
    ad_hoc = models.BooleanField(_("outside the plan"), default=False)
    wall_time = WallTimeField(_("date and time"), null=True, blank=True)
    zone = models.CharField(_("time zone"), max_length=50, blank=True)
    fold = models.PositiveSmallIntegerField(_("which of the two"), default=0)
    due_at = models.DateTimeField(_("goes out at"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=PostState, default=PostState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("started at"), db_default=Now())
    changed_at = models.DateTimeField(_("last changed at"), db_default=Now())
    cards = models.JSONField(default=dict, blank=True, db_default=models.Value({}, models.JSONField()))
    bare_cards = models.BooleanField(_("cards without the page's picture"), default=False, db_default=False)
    words = SearchVectorField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            known("language", Language),
            known("state", PostState),
            models.CheckConstraint(
                condition=models.Q(wall_time__isnull=True, due_at__isnull=True)
                | (models.Q(wall_time__isnull=False, due_at__isnull=False) & ~models.Q(zone="")),
                name="post_time_is_whole",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[PostState.SCHEDULED, PostState.EXPIRED])
                | models.Q(due_at__isnull=False),
                name="scheduled_post_has_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-changed_at", "-id"], name="post_list"),
            models.Index(fields=["unit", "state", "-changed_at", "-id"], name="post_by_state"),
            models.Index(fields=["due_at"], name="post_due"),
            GinIndex(fields=["words"], name="post_words"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("publishing:post_detail", args=[self.pk])

    @property
    def approvals(self) -> QuerySet[Decision]:
        """Every yes that was ever given to it, the newest first."""
        return approvals_of(SUBJECT, self.pk)

    @property
    def submissions(self) -> QuerySet[Request]:
        """Every time it was put before an approver, the newest first."""
        return requests_of(SUBJECT, self.pk)

    @property
    def waits_for_cards(self) -> bool:
        """Whether a worker is still to read the page behind one of its links."""
        return any(card["waits"] for card in self.cards.values())

    def card_picture_url(self, link: str) -> str:
        """Where the picture of the card of `link` is to be seen; empty where it has none."""
        card = self.cards.get(link)
        picture = card and not self.bare_cards and card["picture"]
        return reverse("publishing:card_picture", args=[self.pk, Path(picture["path"]).name]) if picture else ""

    @property
    def cards_told(self) -> list[dict[str, Any]]:
        """What is known of the pages behind its links, in the reader's language."""
        return [
            {**card, "link": url, "has_picture": bool(card["picture"]), "note": str(card_note(card))}
            for url, card in self.cards.items()
        ]

    @property
    def local_due(self) -> datetime | None:
        """When it goes out, on the wall clock it was planned by; aware."""
        return self.due_at.astimezone(wall_clock.known_zone(self.zone)) if self.due_at else None

    @property
    def comes_twice(self) -> bool:
        """True where the planned wall time happens twice that night, so that one has to say which is meant."""
        return bool(self.wall_time and len(wall_clock.instants(self.wall_time, wall_clock.known_zone(self.zone))) > 1)

    @property
    def is_closed(self) -> bool:
        return self.state in CLOSED

    @property
    def icon(self) -> str:
        return STATE_ICONS[PostState(self.state)]

    def is_late(self, now: datetime) -> bool:
        return self.due_at is not None and self.due_at.astimezone(UTC) <= now
