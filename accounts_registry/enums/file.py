from __future__ import annotations

from django.db import models


class FileKind(models.TextChoices):
    """As what a document leaves Parvis; called so in every language."""

    PDF = "pdf", "PDF"
    ODT = "odt", "ODT"

    @property
    def content_type(self) -> str:
        return "application/pdf" if self is FileKind.PDF else "application/vnd.oasis.opendocument.text"
