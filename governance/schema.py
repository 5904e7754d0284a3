"""How the API describes itself."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

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
WALL = r"^\d\d:\d\d(:\d\d(\.\d{1,6})?)?$"
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

    def _map_serializer_field(self, field: Any, direction: Any, bypass_extensions: bool = False) -> Any:
        """What is read from a column that may be empty may be empty; no address is not an address."""
        if field.read_only and not isinstance(field, serializers.ListSerializer):
            field.allow_null = field.allow_null or _has(field, "null")
            field.allow_blank = getattr(field, "allow_blank", False) or _has(field, "blank")
        told: Any = super()._map_serializer_field(field, direction, bypass_extensions)
        if told and told.get("format") == "uri" and getattr(field, "allow_blank", False):
            address = {name: told.pop(name) for name in ("type", "format", "maxLength") if name in told}
            told["oneOf"] = [address, {"type": "string", "maxLength": 0}]
        if told and told.get("format") == "time":
            told["pattern"] = WALL  # the standard's word for an hour has a zone, which an hour on the wall has not
            del told["format"]
        return told


def _has(field: Any, fact: str) -> bool:
    """Whether what `field` shows comes from a column of which `fact` is so, or by a row that may not be there."""
    model = getattr(getattr(field.parent, "Meta", None), "model", None)
    for name in getattr(field, "source_attrs", []):
        try:
            column = model._meta.get_field(name) if model else None
        except FieldDoesNotExist:
            return False
        if column is None:
            return False
        if fact == "null" and column.null:
            return True
        if fact == "blank" and name == field.source_attrs[-1]:
            return bool(getattr(column, "blank", False) and column.empty_strings_allowed)
        model = column.related_model
    return False
