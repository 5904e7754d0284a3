from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organisation.models import Unit


class Entry(models.Model):
    """That a source said something: an entry of a feed, a change of a page. Purged at `purge_after`.

    What it said is its `item`: two units that read one feed keep it once. `published_at` is the item's time of writing.
    A page's change that only takes words away has no text. `words` is what it is found by, folded (`networks.folding`).
    """

    source = models.ForeignKey("monitoring.Source", models.CASCADE, related_name="entries", verbose_name=_("source"))
    item = models.ForeignKey("monitoring.Item", models.PROTECT, related_name="entries")
    published_at = models.DateTimeField(_("written"))
    first_seen_at = models.DateTimeField(_("first seen"), db_default=Now())
    purge_after = models.DateField(_("kept until"))
    words = SearchVectorField(null=True)

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ["-published_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["source", "item"], name="one_entry_a_source")]
        indexes = [
            models.Index(fields=["purge_after"], name="entry_purge"),
            models.Index(fields=["source", "-published_at", "-id"], name="entry_newest"),
            GinIndex(fields=["words"], name="entry_words"),
        ]

    def __str__(self) -> str:
        return self.item.title or f"{_('Entry')} {self.pk}"

    @property
    def unit(self) -> Unit:
        return self.source.unit
