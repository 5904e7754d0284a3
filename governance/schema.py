"""How the API describes itself."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from organisation.keyed import KEY

TOLD = (
    "A word of your own, 1 to 255 signs, for this one call. Sent again with the same body within 24 hours it gets the "
    "first answer, and nothing is done twice; with another body 422, and 409 while the first is at work. What was "
    "refused leaves it unused. It counts for you and for this address alone."
)


class KeyedSchema(AutoSchema):
    """Every POST takes a key."""

    def get_override_parameters(self) -> list[Any]:
        found: list[Any] = super().get_override_parameters()
        if self.method == "POST":
            found = [*found, OpenApiParameter(KEY, str, OpenApiParameter.HEADER, description=TOLD)]
        return found
