"""What the API of a noun is made of: it is listed, shown, made and acted on, as its page does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rest_framework import mixins, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer, Serializer
from rest_framework.viewsets import GenericViewSet

from organisation import policy
from organisation.api.base import Pages, person_of
from organisation.enums import Permission
from organisation.keyed import Keyed

Reads = type[Serializer[Any]]


class Noun(Keyed, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Any]):
    """`called`: under which name its actions take it. `sees`: what somebody holds who lists it. `whole`: how one of it
    is told, where that is more than a list tells."""

    called: str
    sees: Permission | None = None
    whole: type[BaseSerializer[Any]] | None = None
    pagination_class = Pages

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        if self.sees is not None:
            policy.require_anywhere(person_of(request), self.sees)
        return super().list(request, *args, **kwargs)

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        if self.whole is not None and self.action != "list":
            return self.whole
        return super().get_serializer_class()

    def acted(self, verb: Callable[..., Any], permission: Permission | None, reads: Reads | None = None) -> Response:
        """`verb` is done to the thing, with what was sent as `reads` reads it; answers the thing as it is now.

        Who does not hold `permission` over it is told so before what they sent is looked at.
        """
        thing, person = self.get_object(), person_of(self.request)
        if permission is not None:
            policy.require(person, permission, thing)
        verb(**{self.called: thing}, by=person, **self.said(reads, thing))
        return self.shown(thing)

    def made(self, verb: Callable[..., Any], permission: Permission, reads: Reads) -> Response:
        person = person_of(self.request)
        policy.require_anywhere(person, permission)
        return self.shown(verb(by=person, **self.said(reads)), status.HTTP_201_CREATED)

    def said(self, reads: Reads | None, thing: Any = None) -> dict[str, Any]:
        """What was sent; of a change, only what it names."""
        if reads is None:
            return {}
        context = {**self.get_serializer_context(), "thing": thing}
        read = reads(data=self.request.data, context=context, partial=self.request.method == "PATCH")
        read.is_valid(raise_exception=True)
        return dict(read.validated_data)

    def shown(self, thing: Any, code: int = status.HTTP_200_OK) -> Response:
        now = self.get_queryset().filter(pk=thing.pk).first() or thing
        return Response(self.get_serializer(now).data, status=code)
