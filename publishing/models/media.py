from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Media(models.Model):
    """An image of a post, re-encoded by us; the file is named by the SHA-256 of its bytes, so a name is its content."""

    post = models.ForeignKey("publishing.Post", models.CASCADE, related_name="media", verbose_name=_("post"))
    file = models.FileField(_("file"), max_length=200)
    mime = models.CharField(_("type"), max_length=30)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField(_("size in bytes"))
    # For those who cannot see it: a description a language.
    alts = models.JSONField(_("descriptions"), default=dict, blank=True)
    decorative = models.BooleanField(_("only decoration"), default=False)
    order = models.PositiveSmallIntegerField(default=0)
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

    def described(self, language: str) -> dict[str, Any]:
        """As `delivery.content` wants it; `path` is relative to the media folder."""
        return {
            "path": self.file.name,
            "mime": self.mime,
            "alt": self.alt_in(language),
            "decorative": self.decorative,
        }
