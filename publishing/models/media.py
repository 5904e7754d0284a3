from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from networks.catalogue import NETWORKS
from organisation.choices import known
from organisation.enums import Language
from publishing.content import changes
from publishing.content.captions import SUBRIP, WEBVTT


class Media(models.Model):
    """An image of a post, re-encoded by us, or a video, bared of what tells of its making.

    The file of an image is named by the SHA-256 of its bytes, so a name is its content; that of a video by chance.
    `flat` is an image with transparent parts on a white ground, as JPEG. `changes` say what Parvis did to what was sent
    (`publishing.content.changes`), and `original` is that, kept as long as this row; no page serves it.
    """

    post = models.ForeignKey("publishing.Post", models.CASCADE, related_name="media", verbose_name=_("post"))
    file = models.FileField(_("file"), max_length=200)
    mime = models.CharField(_("type"), max_length=30)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField(_("size in bytes"))
    seconds = models.FloatField(_("length in seconds"), null=True)  # of a video
    silent = models.BooleanField(default=False, db_default=False)  # a video without a sound
    # For those who cannot see it: a description a language.
    alts = models.JSONField(_("descriptions"), default=dict, blank=True)
    decorative = models.BooleanField(_("only decoration"), default=False)
    order = models.PositiveSmallIntegerField(default=0)
    flat = models.FileField(max_length=200, blank=True, db_default="")
    original = models.FileField(max_length=200, blank=True, db_default="")
    changes = models.JSONField(default=list, blank=True, db_default=models.Value([], models.JSONField()))
    uploaded_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decorative=False) | models.Q(alts={}),
                name="decoration_needs_no_description",
            )
        ]

    def __str__(self) -> str:
        return str(next(iter(self.alts.values()), _("image %(number)s") % {"number": self.order + 1}))

    def alt_in(self, language: str) -> str:
        """The description in `language`; empty where nobody wrote one."""
        return str(self.alts.get(language, ""))

    @property
    def alt(self) -> str:
        """The description in the post's own language."""
        return self.alt_in(self.post.language)

    @property
    def changed(self) -> list[str]:
        """What Parvis did to what was sent, a sentence each."""
        return changes.listed(self.changes)

    @property
    def is_video(self) -> bool:
        return self.mime.startswith("video/")

    def captions_in(self, language: str) -> Captions | None:
        """Its captions in `language`; None where nobody gave any."""
        return next((one for one in self.captions.all() if one.language == language), None)

    def described(self, language: str, network: str) -> dict[str, Any]:
        """As `delivery.content` wants it for `network` (a catalogue key); paths are relative to the media folder.

        Captions come in the form that the network takes, and as many as it takes.
        """
        path, mime = self.sent_to(network)
        told = {"path": path, "mime": mime, "alt": self.alt_in(language), "decorative": self.decorative}
        if not self.is_video:
            return told
        form = captions_form(network)
        files = self.captions_for(language, network)
        captions = [{"path": one.path(form), "mime": form, "language": one.language} for one in files]
        return {**told, "seconds": self.seconds, "captions": captions}

    def sent_to(self, network: str) -> tuple[str, str]:
        """Path below the media folder and MIME type of what `network` gets: on white where it takes no transparency."""
        can = NETWORKS[network].capabilities if network in NETWORKS else None
        if self.flat and can and (self.mime not in can.media_types or self.size > can.media_bytes):
            return str(self.flat.name), "image/jpeg"
        return str(self.file.name), self.mime

    def captions_for(self, language: str, network: str) -> list[Captions]:
        """Those that go out on `network` beside a text in `language`: that language's first, as many as it takes."""
        can = NETWORKS[network].capabilities.videos if captions_form(network) else None
        files = sorted(self.captions.all(), key=lambda one: (one.language != language, one.language)) if can else []
        return files[: can.most_captions] if can else []


class Captions(models.Model):
    """The words of a video in one language, kept in both forms that networks take; named by their own bytes."""

    media = models.ForeignKey("publishing.Media", models.CASCADE, related_name="captions", verbose_name=_("video"))
    language = models.CharField(_("language"), max_length=2, choices=Language)
    webvtt = models.FileField(max_length=200)
    subrip = models.FileField(max_length=200)

    class Meta:
        verbose_name = _("captions")
        verbose_name_plural = _("captions")
        ordering = ["language"]
        constraints = [
            known("language", Language),
            models.UniqueConstraint(fields=["media", "language"], name="captions_once_a_language"),
        ]

    def __str__(self) -> str:
        return str(self.get_language_display())

    def path(self, mime: str) -> str:
        return str((self.webvtt if mime == WEBVTT else self.subrip).name)


def silent() -> set[str]:
    """The networks whose videos come without any words for who cannot hear them, but those of the text."""
    films = {key: network.capabilities.videos for key, network in NETWORKS.items()}
    return {key for key, one in films.items() if one and not one.captions and not one.described}


def shows_descriptions(network: str) -> bool:
    """Whether `network` shows a description of a video to who cannot see it."""
    videos = NETWORKS[network].capabilities.videos if network in NETWORKS else None
    return bool(videos and videos.described)


def captions_form(network: str) -> str:
    """The MIME type of captions to send to `network`; empty where it takes none that we can write."""
    videos = NETWORKS[network].capabilities.videos if network in NETWORKS else None
    return next((mime for mime in videos.captions if mime in (WEBVTT, SUBRIP)), "") if videos else ""
