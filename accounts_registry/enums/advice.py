from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class Opinion(models.TextChoices):
    """What ICT/security says to a dossier."""

    FAVOURABLE = "favourable", pgettext_lazy("advice", "Favourable")
    WITH_POINTS = "with_points", pgettext_lazy("advice", "Favourable with points to settle")
    UNFAVOURABLE = "unfavourable", pgettext_lazy("advice", "Unfavourable")


class View(models.TextChoices):
    """What a service that is heard says to another one's dossier."""

    NO_OBJECTION = "no_objection", pgettext_lazy("consultation", "No objection")
    WITH_REMARKS = "with_remarks", pgettext_lazy("consultation", "No objection, with remarks")
    OBJECTS = "objects", pgettext_lazy("consultation", "Objects")
