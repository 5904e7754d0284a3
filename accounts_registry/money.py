"""Money as whole millionths of a US dollar: networks charge tenths of a cent, and a sum of fractions drifts."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from django.utils.formats import number_format
from django.utils.translation import pgettext

MICRO = 1_000_000


def micro(amount: Decimal) -> int:
    """US dollars in millionths, never less than the amount itself."""
    return int((amount * MICRO).to_integral_value(ROUND_CEILING))


def dollars(amount: int) -> str:
    """Millionths as people write them: "$12.40", and "$0.015" where cents do not tell it."""
    places = 2 if amount % (MICRO // 100) == 0 else 3
    told = number_format(Decimal(amount) / MICRO, decimal_pos=places, force_grouping=True)
    return pgettext("an amount in US dollars", "$%(amount)s") % {"amount": told}
