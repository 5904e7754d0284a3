from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from delivery.content import freeze
from networks.catalogue import NETWORKS
from organisation.choices import known
from organisation.enums import Language
from publishing.models.card import Card, frozen_card, tells_cards


class Variant(models.Model):
    """A post as one account says it in one language. Empty text or link: the post's own, in the post's language."""

    post = models.ForeignKey("publishing.Post", models.CASCADE, related_name="variants", verbose_name=_("post"))
    account = models.ForeignKey(
        "accounts_registry.Account", models.PROTECT, related_name="variants", verbose_name=_("account")
    )
    language = models.CharField(_("language"), max_length=2, choices=Language)
    text = models.TextField(_("text"), max_length=10_000, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    title = models.CharField(
        _("title"), max_length=300, blank=True, db_default=""
    )  # where the network's messages have one

    class Meta:
        verbose_name = _("variant")
        verbose_name_plural = _("variants")
        ordering = ["account_id", "language"]
        constraints = [
            known("language", Language),
            models.UniqueConstraint(
                fields=["post", "account", "language"], name="one_variant_per_account_and_language"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account.label} · {self.get_language_display()}"

    @property
    def said(self) -> str:
        """The text that goes out: its own, or the core text where that is in the same language."""
        return self.text or (self.post.core_text if self.language == self.post.language else "")

    @property
    def said_link(self) -> str:
        return self.link or self.post.link

    @property
    def said_title(self) -> str:
        """Its title, where the network's messages have one."""
        network = NETWORKS.get(self.account.network)
        return self.title.strip() if network and network.capabilities.title_limit is not None else ""

    @property
    def has_card(self) -> bool:
        """Whether its network shows, below its text, what we tell of the page behind its link."""
        return bool(self.said_link) and tells_cards(self.account.network) and not self.post.media.all()

    @property
    def card(self) -> Card | None:
        """What is known of the page behind its link, for its card; None where it has none, or nobody asked."""
        return self.post.cards.get(self.said_link) if self.has_card else None

    def draft(self) -> dict[str, Any]:
        """What would be sent, as `delivery.content` describes it. Media are named by the hash of their bytes."""
        return {
            "text": self.said,
            "language": self.language,
            "link": self.said_link,
            "title": self.said_title,
            "media": [one.described(self.language, self.account.network) for one in self.post.media.all()],
            "reply_to": None,
            "reply_root": None,
            "card": frozen_card(self.card, with_picture=not self.post.bare_cards),
        }

    def frozen(self) -> tuple[dict[str, Any], str]:
        """The content and its hash, as the delivery of this variant holds them; reads the bytes of every file."""
        return freeze(self.draft())
