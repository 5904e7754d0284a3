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


REFUSALS = {
    "400": "Not so: what is wrong, by field, or under `detail`.",
    "401": "A key that is none, or over.",
    "403": "Not allowed.",
    "404": "Not there, or out of sight.",
    "409": "Something changed meanwhile, or has to be meant: `detail`, and what else there is to say.",
    "413": "Too long.",
    "415": "Of a kind that is not read here.",
    "422": "The key of the call was used for another one.",
    "429": "Too many tries.",
    "502": "The network did not do it.",
}
SAID = {"application/json": {"schema": {"type": "object", "additionalProperties": {}}}}


class KeyedSchema(AutoSchema):
    """Every POST takes a key; every operation may be refused in the same few ways (`governance.api.explain`)."""

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        told: Any = super().get_operation(*args, **kwargs)
        if told:
            for status, about in REFUSALS.items():
                told["responses"].setdefault(status, {"description": about, "content": SAID})
        return told

    def get_override_parameters(self) -> list[Any]:
        found: list[Any] = super().get_override_parameters()
        if self.method == "POST":
            found = [*found, OpenApiParameter(KEY, str, OpenApiParameter.HEADER, description=TOLD)]
        return found
