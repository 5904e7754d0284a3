"""What of an account is counted."""

from __future__ import annotations

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Measure(models.TextChoices):
    FOLLOWERS = "followers", _("Followers, members or subscribers")
    SITE_VISITS = "site_visits", _("Visits brought to the site")

    @property
    def formula(self) -> str | Promise:
        """What exactly the figure of a day counts."""
        return _FORMULAS[self]


_FORMULAS = {
    Measure.FOLLOWERS: _(
        "Whoever follows it, has joined it or subscribed to it on this day, as the network counts them."
    ),
    Measure.SITE_VISITS: _(
        "Visits that came to the organisation's site from this account in the 30 days up to this day."
    ),
}
