from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from networks.catalogue import NETWORKS
from networks.types import Audience
from organisation.choices import known


class ItemAudience(models.TextChoices):
    """The port's audiences, with their words; nothing where nobody could say who sees a message."""

    PUBLIC = Audience.PUBLIC.value, _("Public")
    UNLISTED = Audience.UNLISTED.value, _("Public, in no list")
    FOLLOWERS = Audience.FOLLOWERS.value, _("For the author’s followers")
    DIRECT = Audience.DIRECT.value, _("For the people named")


def for_few(audience: str, network: str) -> str:
    """Who sees a message, in words; empty where everybody does."""
    if audience:
        return "" if audience == ItemAudience.PUBLIC else str(ItemAudience(audience).label)
    about = NETWORKS.get(network)
    narrows = about is not None and len(about.capabilities.audiences) > 1
    return str(_("Nobody knows yet who sees this")) if narrows else ""


UNTOLD = "?"  # what no network's id begins with


def untold(message: str) -> str:
    """The id of whoever wrote `message`, where its network does not tell who that was: of nobody else's."""
    return f"{UNTOLD}{message}"[: Item._meta.get_field("remote_id").max_length]


def is_untold(author: str) -> bool:
    return author.startswith(UNTOLD)


class Item(models.Model):
    """What somebody said: a message on a network, an entry of a feed, a change of a page. It stands here once, whoever
    of us heard it (`Mention`, `Entry`), and goes when the last of these goes.

    `server` is the place where `remote_id` means one thing: the network's server, the source's address, or nothing
    where ids mean the same everywhere. `audience` is who sees it; an answer is for no more people than that.
    `attachments` are mappings with `kind`, `url` and `alt`, and what else the network told of each; `choices` are what
    a poll lets people choose from, with the `votes` for each and when it ends. `sent_at` is the network's or the
    source's own time.
    """

    network = models.CharField(max_length=20)
    server = models.CharField(max_length=500, blank=True)
    remote_id = models.CharField(max_length=300)
    cid = models.CharField(max_length=200, blank=True, default="")
    url = models.URLField(_("public address"), max_length=500, blank=True, default="")
    title = models.CharField(_("title"), max_length=300, blank=True, default="")
    text = models.TextField(_("text"), blank=True)
    language = models.CharField(max_length=10, blank=True, default="")
    audience = models.CharField(
        _("who sees it"), max_length=20, choices=ItemAudience, blank=True, default="", db_default=""
    )
    warning = models.TextField(_("content warning"), blank=True, default="", db_default="")
    attachments = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    choices = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    votes = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    poll_ends_at = models.DateTimeField(null=True)
    parent_id = models.CharField(max_length=300, blank=True, default="")
    root_id = models.CharField(max_length=300, blank=True, default="")
    root_url = models.CharField(max_length=500, blank=True, default="")
    root_cid = models.CharField(max_length=200, blank=True, default="")
    sent_at = models.DateTimeField(_("written"))
    received_at = models.DateTimeField(_("received"), db_default=Now())
    edited_at = models.DateTimeField(_("change seen"), null=True)

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ["sent_at", "pk"]
        constraints = [
            known("audience", ItemAudience, blank=True),
            models.UniqueConstraint(fields=["remote_id", "network", "server"], name="one_item_a_network"),
        ]

    def __str__(self) -> str:
        """Never a citizen's words: this is what logs and the audit trail may show."""
        return f"{_('Item')} {self.pk}"

    @property
    def seen_by(self) -> Audience | None:
        """Who sees it on the network; None where that was never told."""
        return Audience(self.audience) if self.audience else None
