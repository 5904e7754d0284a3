"""What every room's API is made of: who asks, and lists by pages."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.utils.urls import replace_query_param

from organisation.models import Person
from organisation.queries import Keyset

CURSOR = "cursor"


def person_of(request: Request) -> Person:
    """Who asks; the permission classes have let nobody else in."""
    assert isinstance(request.user, Person)
    return request.user


def said(request: Request, name: str) -> str:
    """The filter `name` of the address; "" where it is not there. 400 for what no text is."""
    words = request.query_params.get(name, "")
    try:
        ProhibitNullCharactersValidator()(words)
    except DjangoValidationError as refused:
        raise ValidationError({name: refused.messages}) from None
    return words


def asked(request: Request, filters: type[Serializer[Any]]) -> dict[str, Any]:
    """What the address narrows a list by, as `filters` reads it. 400 for what it does not know there."""
    read = filters(data=request.query_params.dict(), context={"request": request})
    read.is_valid(raise_exception=True)
    return dict(read.validated_data)


class Pages(BasePagination):
    """Pages of a list as `order` says. A view that has `parts` names the owners whose rows are looked at. A cursor that
    somebody wrote by hand leads nowhere: 404."""

    order = Keyset("", size=50)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        cursor = said(request, CURSOR)
        if cursor and not self.order.knows(cursor):
            raise NotFound(_("This page of the list is not there: begin the list anew."))
        parts = view.parts() if hasattr(view, "parts") else None
        self._url = request.build_absolute_uri()
        self._page = self.order.page(queryset, cursor, parts=parts)
        return self._page.rows

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {"next": self._link(self._page.next), "previous": self._link(self._page.previous), "results": data}
        )

    def _link(self, cursor: str) -> str | None:
        return replace_query_param(self._url, CURSOR, cursor) if cursor else None

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "nullable": True, "format": "uri"}
        properties = {"next": link, "previous": link, "results": schema}
        return {"type": "object", "required": ["results"], "properties": properties}

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        told = {"description": "What `next` or `previous` of a page says.", "schema": {"type": "string"}}
        return [{"name": CURSOR, "required": False, "in": "query", **told}]
