"""People in the API: invited, moved, suspended, let go; and ways back in that wait for a second person."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from organisation import policy
from organisation.actions import (
    confirm_person,
    end_work,
    invite_person,
    move_person,
    refuse_recovery,
    reinstate_person,
    suspend_person,
)
from organisation.api.base import asked, person_of
from organisation.api.nouns import Noun
from organisation.enums import Permission
from organisation.models import Person, Recovery
from organisation.queries import visible_people, visible_recoveries, visible_units
from organisation.queries.leaving import held_by
from organisation.serializers import ReasonSerializer
from organisation.serializers.people import (
    InHandSerializer,
    InviteSerializer,
    LeaveSerializer,
    MoveSerializer,
    PeopleFilterSerializer,
    PersonSerializer,
    RecoverySerializer,
)

MANAGE = Permission.PERSON_MANAGE


class PersonViewSet(Noun):
    """People in sight. Service accounts are a list of their own; each is shown, and acted on, here too."""

    called, sees = "person", Permission.PERSON_VIEW
    serializer_class = PersonSerializer
    queryset = Person.objects.none()

    def get_queryset(self) -> QuerySet[Person]:
        person = person_of(self.request)
        found = visible_people(person).select_related("unit", "responsible")
        if self.action != "list":
            return found
        found, narrowed = found.filter(responsible__isnull=True), asked(self.request, PeopleFilterSerializer)
        if "unit" not in narrowed:
            return found
        unit = visible_units(person).filter(slug=narrowed["unit"]).first()
        return found.filter(unit__path__startswith=unit.path) if unit else found.none()

    @extend_schema(parameters=[PeopleFilterSerializer])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(request=InviteSerializer, responses={201: PersonSerializer})
    def create(self, request: Request) -> Response:
        """Adds somebody, still without any role. Their link is made on their page: it goes from hand to hand."""
        return self.made(invite_person, MANAGE, InviteSerializer)

    @extend_schema(request=ReasonSerializer, responses=PersonSerializer)
    @action(detail=True, methods=["post"])
    def suspend(self, request: Request, pk: str) -> Response:
        """From the next request on they are out."""
        return self.acted(suspend_person, MANAGE, ReasonSerializer)

    @extend_schema(request=ReasonSerializer, responses=PersonSerializer)
    @action(detail=True, methods=["post"])
    def reinstate(self, request: Request, pk: str) -> Response:
        """They may sign in again, with the roles they hold."""
        return self.acted(reinstate_person, MANAGE, ReasonSerializer)

    @extend_schema(request=MoveSerializer, responses=PersonSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """From now on they work in another unit; their roles stay where they hold."""
        return self.acted(move_person, MANAGE, MoveSerializer)

    @extend_schema(request=None, responses=PersonSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """As a second person: they are who they are said to be."""
        return self.acted(confirm_person, None)

    @extend_schema(responses=InHandSerializer(many=True), filters=False)
    @action(detail=True, url_path="in-hand", pagination_class=None)
    def in_hand(self, request: Request, pk: str) -> Response:
        """What they answer for, and who may take each over."""
        person, reader = self.get_object(), person_of(request)
        policy.require(reader, MANAGE, person)
        return Response(InHandSerializer(held_by(person, reader).things, many=True).data)

    @extend_schema(request=LeaveSerializer, responses=PersonSerializer)
    @action(detail=True, methods=["post"])
    def leave(self, request: Request, pk: str) -> Response:
        """Ends their work here: they are out for good, and what they had in hand goes to those named."""
        return self.acted(end_work, MANAGE, LeaveSerializer)


class RecoveryViewSet(Noun):
    """Ways back in that wait for a second administrator, who confirms them on a page."""

    called, sees = "recovery", Permission.PERSON_VIEW
    serializer_class = RecoverySerializer
    queryset = Recovery.objects.none()

    def get_queryset(self) -> QuerySet[Recovery]:
        return visible_recoveries(person_of(self.request)).select_related("person__unit", "proposed_by")

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str) -> Response:
        """Ends the proposal."""
        refuse_recovery(recovery=self.get_object(), by=person_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
