"""Posts in the API: the same actions and the same policy as their pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import GenericViewSet

from approvals.queries import steps_taken
from organisation import policy
from organisation.api import Pages, person_of
from organisation.clock import database_now
from organisation.enums import Permission
from organisation.keyed import Keyed
from organisation.lifecycle import Refused
from organisation.models import Person
from organisation.queries import Parts, by_unit
from publishing import actions
from publishing.actions import ImageText, NewUpload, PostContent, Timing
from publishing.enums import POST_LIFECYCLE, PostState, UploadKind
from publishing.models import Post, Upload
from publishing.queries import checks, posts_in_sight, snapshot_of, visible_posts, whole
from publishing.queries.approvers import newest_request
from publishing.queries.sending import deliveries_of_post
from publishing.serializers import (
    ApproveSerializer,
    NewCaptionsSerializer,
    NewImageSerializer,
    NewVideoSerializer,
    NoSerializer,
    PostCreateSerializer,
    PostSerializer,
    PostUpdateSerializer,
    RemarkSerializer,
    SubmitSerializer,
    TimeSerializer,
    UploadSerializer,
    WholePostSerializer,
)


class PostViewSet(Keyed, mixins.ListModelMixin, GenericViewSet[Post]):
    serializer_class = PostSerializer
    pagination_class = Pages
    queryset = Post.objects.none()

    def get_queryset(self) -> QuerySet[Post]:
        return whole((visible_posts if self.action == "list" else posts_in_sight)(person_of(self.request)))

    def parts(self) -> Parts:
        return by_unit(person_of(self.request), Permission.POST_VIEW)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        policy.require_anywhere(person_of(request), Permission.POST_VIEW)
        return super().list(request, *args, **kwargs)

    @extend_schema(responses=WholePostSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        """One post, with what is still in the way of sending it and what became of its messages."""
        return self._whole(self.get_object())

    @extend_schema(request=PostCreateSerializer, responses={201: WholePostSerializer})
    def create(self, request: Request) -> Response:
        """Begins a draft."""
        person = person_of(request)
        if not policy.allows_anywhere(person, Permission.POST_WRITE):
            policy.require(person, Permission.POST_WRITE, person.unit)
        said = self._validated(PostCreateSerializer, request)
        unit = said.pop("unit")
        timing = _timing(said, None, unit.time_zone)
        post = actions.create_post(unit=unit, content=PostContent(**said, timing=timing), by=person)
        return self._whole(post, status.HTTP_201_CREATED)

    @extend_schema(request=PostUpdateSerializer, responses=WholePostSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Changes a post. Whatever would be sent differently needs approval again. An approved one that is moved to a
        time at which the same goes out there answers 409 with the code `said_twice`, as `schedule` does. The time of
        one that is scheduled, or was too late, is not changed here but by `schedule`."""
        post, person = self.get_object(), person_of(request)
        policy.require(person, Permission.POST_WRITE, post)
        said = self._validated(PostUpdateSerializer, request)
        version, meant = said.pop("version"), said.pop("meant")
        images = {one["id"]: ImageText(one["alts"], one["decorative"], one["remove"]) for one in said.pop("images", [])}
        timing = _timing(said, post, post.zone or post.unit.time_zone)
        _require_its_time(post, timing)
        content = replace(PostContent.of(post), **said, images=images, timing=timing)
        return self._whole(actions.edit_post(post=post, version=version, content=content, by=person, meant=meant))

    @extend_schema(request={"multipart/form-data": NewImageSerializer}, responses={202: UploadSerializer})
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def images(self, request: Request, pk: str) -> Response:
        """Takes an image in. A worker looks at it, encodes it anew without what its file told of place and camera, and
        adds it as your act, if you still may by then. What became of it stands at the address in `Location`."""

        def sent(said: dict[str, Any], post: Post) -> NewUpload:
            text = {"alt": said["alt"], "decorative": said["decorative"]}
            return NewUpload(UploadKind.IMAGE, said["image"], post.language, "image", **text)

        return self._received(request, NewImageSerializer, sent)

    @extend_schema(request={"multipart/form-data": NewVideoSerializer}, responses={202: UploadSerializer})
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def videos(self, request: Request, pk: str) -> Response:
        """Takes a video in, as `images` does. What the networks of the post's accounts do not take as it is, a worker
        converts: `progress` says how far it is."""

        def sent(said: dict[str, Any], post: Post) -> NewUpload:
            new = NewUpload(UploadKind.VIDEO, said["video"], post.language, "video", said["alt"], said["decorative"])
            return replace(new, words=said.get("captions"), words_place="captions")

        return self._received(request, NewVideoSerializer, sent)

    @extend_schema(request={"multipart/form-data": NewCaptionsSerializer}, responses={202: UploadSerializer})
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def captions(self, request: Request, pk: str) -> Response:
        """Takes captions of a video in, as `images` does."""

        def sent(said: dict[str, Any], post: Post) -> NewUpload:
            if said["video"] not in {one.pk for one in post.media.all() if one.is_video}:
                raise Refused(_("The post has no such video."), field="video")
            return NewUpload(UploadKind.CAPTIONS, said["captions"], said["language"], "captions", media=said["video"])

        return self._received(request, NewCaptionsSerializer, sent)

    def _received(
        self, request: Request, serializer: Any, sent: Callable[[dict[str, Any], Post], NewUpload]
    ) -> Response:
        post, person = self.get_object(), person_of(request)
        policy.require(person, Permission.POST_WRITE, post)
        said = self._validated(serializer, request)
        content = replace(PostContent.of(post), uploads=[sent(said, post)])
        actions.edit_post(post=post, version=said["version"], content=content, by=person)
        made = Upload.objects.filter(post=post, by=person).latest("pk")
        place = self.reverse_action("upload", args=[post.pk, made.pk])
        return Response(UploadSerializer(made).data, status.HTTP_202_ACCEPTED, headers={"Location": place})

    @extend_schema(
        responses=UploadSerializer, parameters=[OpenApiParameter("upload", OpenApiTypes.INT, OpenApiParameter.PATH)]
    )
    @action(detail=True, url_path=r"uploads/(?P<upload>[0-9]{1,18})", url_name="upload")
    def upload(self, request: Request, pk: str, upload: str) -> Response:
        """What became of a file that was sent."""
        return Response(UploadSerializer(get_object_or_404(Upload, post=self.get_object(), pk=upload)).data)

    @extend_schema(request=SubmitSerializer, responses=WholePostSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """Puts the text before an approver."""
        return self._step(request, SubmitSerializer, actions.submit_post, Permission.POST_WRITE)

    @extend_schema(request=ApproveSerializer, responses=WholePostSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Approves exactly the content with this hash; another content by now answers 409.

        So does one that goes out on one account within twelve hours of the same: with the code `said_twice`, beside
        what, and in `meant` what to send along for a yes.
        """
        return self._step(request, ApproveSerializer, actions.approve_post, Permission.POST_APPROVE)

    @extend_schema(request=None, responses=WholePostSerializer)
    @action(detail=True, methods=["post"], url_path="time-seen")
    def time_seen(self, request: Request, pk: str) -> Response:
        """The approver has seen to which time the post was moved."""
        return self._whole(actions.acknowledge_time(post=self.get_object(), by=person_of(request)))

    @extend_schema(request=NoSerializer, responses=WholePostSerializer)
    @action(detail=True, methods=["post"], url_path="request-changes")
    def request_changes(self, request: Request, pk: str) -> Response:
        """Back to the author, with what to change in the content with this hash; another one by now answers 409."""

        def send_back(*, post: Post, by: Person, reason: str, content_hash: str) -> Post:
            return actions.request_changes(post=post, by=by, remark=reason, content_hash=content_hash)

        return self._step(request, NoSerializer, send_back, Permission.POST_APPROVE)

    @extend_schema(request=NoSerializer, responses=WholePostSerializer)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, pk: str) -> Response:
        """The end of this post; 409 as for `request-changes`."""
        return self._step(request, NoSerializer, actions.reject_post, Permission.POST_APPROVE)

    @extend_schema(request=TimeSerializer, responses=WholePostSerializer)
    @action(detail=True, methods=["post"])
    def schedule(self, request: Request, pk: str) -> Response:
        """A time for an approved post; another time for one that is scheduled or was too late.

        Where the same goes out on one account within twelve hours, the answer is 409 with the code `said_twice`, which
        says beside what, and in `meant` what to send along for a yes.
        """
        post, person = self.get_object(), person_of(request)
        policy.require(person, Permission.POST_SCHEDULE, post)
        time = TimeSerializer(data=request.data)
        time.is_valid(raise_exception=True)
        verbs: dict[str, Callable[..., Post]] = {
            "scheduled": actions.reschedule_post,
            "expired": actions.reconfirm_post,
        }
        verb = verbs.get(post.state, actions.schedule_post)
        meant = time.validated_data["meant"]
        return self._whole(verb(post=post, by=person, timing=time.timing(post), meant=meant))

    @extend_schema(request=None, responses=WholePostSerializer)
    @action(detail=True, methods=["post"])
    def unschedule(self, request: Request, pk: str) -> Response:
        """Takes it off the calendar; it stays approved."""
        post, person = self.get_object(), person_of(request)
        policy.require(person, Permission.POST_SCHEDULE, post)
        return self._whole(actions.unschedule_post(post=post, by=person))

    @extend_schema(
        request=None,
        responses={204: None},
        parameters=[OpenApiParameter("upload", OpenApiTypes.INT, OpenApiParameter.PATH)],
    )
    @action(
        detail=True, methods=["post"], url_path=r"uploads/(?P<upload>[0-9]{1,18})/dismiss", url_name="upload-dismiss"
    )
    def dismiss_upload(self, request: Request, pk: str, upload: str) -> Response:
        """Nobody needs to hear of this file any more."""
        found = get_object_or_404(Upload, post=self.get_object(), pk=upload)
        actions.dismiss_upload(upload=found, by=person_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=RemarkSerializer, responses=WholePostSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """The end of this post before it went out."""
        post = self.get_object()
        edge = "call_off" if post.state in POST_LIFECYCLE["call_off"].sources else "withdraw"
        permission = POST_LIFECYCLE.permission_for(edge, post)
        return self._step(request, RemarkSerializer, actions.withdraw_post, permission)

    def _step(
        self, request: Request, serializer: Any, verb: Callable[..., Post], permission: Permission | None
    ) -> Response:
        """Who may not is told so before what they sent is looked at."""
        post, person = self.get_object(), person_of(request)
        if permission is not None:
            policy.require(person, permission, post)
        return self._whole(verb(post=post, by=person, **self._validated(serializer, request)))

    def _validated(self, serializer: Any, request: Request) -> dict[str, Any]:
        read = serializer(data=request.data, context={"person": person_of(request)})
        read.is_valid(raise_exception=True)
        return dict(read.validated_data)

    def _whole(self, post: Post, code: int = status.HTTP_200_OK) -> Response:
        told: Any = whole(Post.objects.select_related("unit", "author")).get(pk=post.pk)
        told.approval_steps = steps_taken(newest_request(told))
        told.content_hash = snapshot_of(told).hash
        told.checks = [] if told.is_closed else checks(told, database_now())
        told.deliveries = deliveries_of_post(told)
        return Response(WholePostSerializer(told).data, status=code)


def _require_its_time(post: Post, timing: Timing | None) -> None:
    """An edit leaves the time of what stands in line alone: nobody is told that they moved it."""
    planned = post.state in (PostState.SCHEDULED, PostState.EXPIRED)
    if planned and timing and timing.columns()["due_at"] != post.due_at:
        raise Refused(_("This post was scheduled: give it another time with “schedule”."), field="wall_time")


def _timing(said: dict[str, Any], post: Post | None, zone: str) -> Timing | None:
    """The time in what was sent, taken out of it; None where nothing was said about time."""
    given = {name: said.pop(name) for name in ("wall_time", "zone", "fold") if name in said}
    if not given:
        return None
    wall = given.get("wall_time", post.wall_time if post else None)
    return Timing(wall, given.get("zone", zone), given.get("fold"))


router = SimpleRouter()
router.register("posts", PostViewSet, basename="post")
