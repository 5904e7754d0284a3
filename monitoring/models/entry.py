from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organisation.models import Unit


class Entry(models.Model):
    """One thing that a source said: an entry of a feed, a change of a page. Purged at `purge_after`.

    `published_at` is the source's own time where it tells one. A page's change that only takes words away has no text.
    """

    source = models.ForeignKey("monitoring.Source", models.CASCADE, related_name="entries", verbose_name=_("source"))
    remote_id = models.CharField(max_length=300)
    url = models.URLField(_("address"), max_length=500, blank=True, default="")
    title = models.CharField(_("title"), max_length=300, blank=True, default="")
    text = models.TextField(_("text"), blank=True, default="")
    language = models.CharField(max_length=10, blank=True, default="")
    published_at = models.DateTimeField(_("written"))
    first_seen_at = models.DateTimeField(_("first seen"), db_default=Now())
    changed_at = models.DateTimeField(_("change seen"), null=True)
    purge_after = models.DateField(_("kept until"))

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ["-published_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["source", "remote_id"], name="one_entry_a_source")]
        indexes = [
            models.Index(fields=["purge_after"], name="entry_purge"),
            models.Index(fields=["source", "-published_at", "-id"], name="entry_newest"),
        ]

    def __str__(self) -> str:
        return self.title or f"{_('Entry')} {self.pk}"

    @property
    def unit(self) -> Unit:
        return self.source.unit
