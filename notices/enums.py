"""How urgent it is to know something, and how somebody is told."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Urgency(models.TextChoices):
    """An emergency is told at any hour; what is soon, at once but for quiet hours; the rest with the digest."""

    EMERGENCY = "emergency", _("Emergency")
    SOON = "soon", _("Soon")
    TO_KNOW = "to_know", _("To know")


class Way(models.TextChoices):
    """How mail about a kind of notice reaches somebody. In the product every notice stands anyway."""

    AT_ONCE = "at_once", _("By mail, at once")
    DIGEST = "digest", _("By mail, once a day")
    OFF = "off", _("No mail")


# An emergency does not wait for a digest.
POSSIBLE_WAYS = {
    Urgency.EMERGENCY: (Way.AT_ONCE, Way.OFF),
    Urgency.SOON: tuple(Way),
    Urgency.TO_KNOW: tuple(Way),
}
# Where nobody chose anything.
USUAL_WAY = {Urgency.EMERGENCY: Way.AT_ONCE, Urgency.SOON: Way.AT_ONCE, Urgency.TO_KNOW: Way.DIGEST}
