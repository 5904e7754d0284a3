from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organisation.choices import known
from organisation.enums import Language
from organisation.models import Claimable, Unit
from organisation.sentences import told
from publishing.enums import PostState, UploadKind, UploadState


class Upload(Claimable):
    """A file as somebody sent it, which a worker looks at: the row is the queue.

    Received, it waits for a worker; `tries` counts those that began with it. Read, `version` is the one that it made of
    the post and `media` what came of it. Refused, `reasons` say why (`organisation.sentences`).
    `post_state` is where the post stood at the time. The files are gone once nobody has to look at them.
    """

    post = models.ForeignKey("publishing.Post", models.CASCADE, related_name="uploads", verbose_name=_("post"))
    kind = models.CharField(_("kind"), max_length=10, choices=UploadKind)
    state = models.CharField(_("state"), max_length=10, choices=UploadState, default=UploadState.RECEIVED)
    by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("sent by"))
    received_at = models.DateTimeField(_("received at"), db_default=Now())
    name = models.CharField(_("name of the file"), max_length=200)
    file = models.FileField(_("file"), max_length=200, blank=True)
    # The words of a new video come with it.
    words_name = models.CharField(max_length=200, blank=True)
    words = models.FileField(max_length=200, blank=True)
    # What was said of it: for an image or a video its description, for captions the video that they are for.
    language = models.CharField(_("language"), max_length=2, choices=Language)
    alt = models.TextField(max_length=2000, blank=True)
    decorative = models.BooleanField(default=False)
    media = models.ForeignKey("publishing.Media", models.SET_NULL, null=True, related_name="+")
    post_state = models.CharField(max_length=20, choices=PostState)
    tries = models.PositiveSmallIntegerField(default=0)
    progress = models.PositiveSmallIntegerField(null=True)  # percent, while a film is converted
    version = models.PositiveIntegerField(null=True)
    reasons = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["pk"]
        constraints = [
            known("kind", UploadKind),
            known("state", UploadState),
            known("language", Language),
            known("post_state", PostState),
        ]
        indexes = [
            models.Index(fields=["received_at"], name="upload_waits", condition=models.Q(state=UploadState.RECEIVED))
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def unit(self) -> Unit:
        return self.post.unit

    @property
    def reason(self) -> str:
        """Why it was refused, in the reader's language."""
        return told(self.reasons)

    @property
    def is_waiting(self) -> bool:
        return self.state == UploadState.RECEIVED

    @property
    def is_refused(self) -> bool:
        return self.state == UploadState.REFUSED
