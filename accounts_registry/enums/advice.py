from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class Opinion(models.TextChoices):
    """What ICT/security says to a dossier."""

    FAVOURABLE = "favourable", pgettext_lazy("advice", "Favourable")
    WITH_POINTS = "with_points", pgettext_lazy("advice", "Favourable with points to settle")
    UNFAVOURABLE = "unfavourable", pgettext_lazy("advice", "Unfavourable")
