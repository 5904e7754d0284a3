"""What is said of every kind of file alike."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from organisation.lifecycle import Refused


def too_much(field: str) -> Refused:
    """At `field`: the file is made so that reading it never ends."""
    said = _("This file asks for far more work than its size needs, so Parvis did not read it. Export it anew.")
    return Refused(said, field=field)
