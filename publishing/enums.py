"""States of a post, and every way between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisation.enums import Permission
from organisation.lifecycle import Transition, lifecycle


class PostState(models.TextChoices):
    """Where a post stands until it is handed over for sending; what follows is told by its deliveries."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("Waits for approval")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    APPROVED = "approved", _("Approved")
    SCHEDULED = "scheduled", _("Scheduled")
    EXPIRED = "expired", _("Too late, to be confirmed again")
    REJECTED = "rejected", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


S = PostState
WRITABLE = (S.DRAFT, S.CHANGES_REQUESTED)
CLOSED = (S.REJECTED, S.WITHDRAWN)

POST_LIFECYCLE = lifecycle(
    noun="post",
    states=PostState,
    initial=S.DRAFT,
    transitions=(
        Transition(
            "submit",
            _("Submit for approval"),
            (S.DRAFT, S.CHANGES_REQUESTED),
            S.IN_REVIEW,
            Permission.POST_WRITE,
            _("%(actor)s submitted this text for approval"),
            guard="complete",
        ),
        Transition(
            "pass_step",
            _("Approve this text"),
            (S.IN_REVIEW,),
            S.IN_REVIEW,
            Permission.POST_APPROVE,
            _("%(actor)s approved this text; another approval is asked for"),
        ),
        Transition(
            "approve",
            _("Approve this text"),
            (S.IN_REVIEW,),
            S.APPROVED,
            Permission.POST_APPROVE,
            _("%(actor)s approved this text"),
            guard="approver_of_every_account",
        ),
        Transition(
            "request_changes",
            _("Ask for changes"),
            (S.IN_REVIEW,),
            S.CHANGES_REQUESTED,
            Permission.POST_APPROVE,
            _("%(actor)s asked for changes"),
        ),
        Transition(
            "reject",
            _("Refuse this text"),
            (S.IN_REVIEW,),
            S.REJECTED,
            Permission.POST_APPROVE,
            _("%(actor)s refused this text"),
        ),
        Transition(
            "schedule",
            _("Schedule"),
            (S.APPROVED,),
            S.SCHEDULED,
            Permission.POST_SCHEDULE,
            _("%(actor)s scheduled this post"),
            guard="ready",
        ),
        Transition(
            "reschedule",
            _("Move to another time"),
            (S.SCHEDULED,),
            S.SCHEDULED,
            Permission.POST_SCHEDULE,
            _("%(actor)s moved this post to another time"),
            guard="movable",
        ),
        Transition(
            "unschedule",
            _("Take off the calendar"),
            (S.SCHEDULED,),
            S.APPROVED,
            Permission.POST_SCHEDULE,
            _("%(actor)s took this post off the calendar"),
            guard="unsent",
        ),
        Transition(
            "expire",
            _("Expire"),
            (S.APPROVED, S.SCHEDULED),
            S.EXPIRED,
            None,
            _("%(actor)s stopped this post: its time had passed"),
        ),
        Transition(
            "resume",
            _("Resume"),
            (S.EXPIRED,),
            S.SCHEDULED,
            None,
            _("This post goes out after all: its message was given a new time"),
        ),
        Transition(
            "reconfirm",
            _("Confirm with a new time"),
            (S.EXPIRED,),
            S.SCHEDULED,
            Permission.POST_SCHEDULE,
            _("%(actor)s confirmed this post again"),
            guard="movable",
        ),
        Transition(
            "revise",
            _("Edit"),
            (S.IN_REVIEW, S.APPROVED),
            S.DRAFT,
            Permission.POST_WRITE,
            _("%(actor)s edited this text, so that it needs approval again"),
            guard="unsent",
        ),
        Transition(
            "pull_back",
            _("Edit"),
            (S.SCHEDULED, S.EXPIRED),
            S.DRAFT,
            Permission.POST_SCHEDULE,
            _("%(actor)s edited this planned text, so that it needs approval again"),
            guard="unsent",
        ),
        Transition(
            "replan",
            _("Move the planned time"),
            (S.APPROVED,),
            S.IN_REVIEW,
            Permission.POST_WRITE,
            _("%(actor)s moved the planned time without the right to schedule, so that this needs approval again"),
            guard="unsent",
        ),
        Transition(
            "reopen",
            _("Put back to review"),
            (S.APPROVED, S.SCHEDULED, S.EXPIRED),
            S.IN_REVIEW,
            None,
            _("%(actor)s put this back to review: whoever approved it may no longer approve"),
        ),
        Transition(
            "withdraw",
            _("Withdraw"),
            (S.DRAFT, S.IN_REVIEW, S.CHANGES_REQUESTED),
            S.WITHDRAWN,
            Permission.POST_WRITE,
            _("%(actor)s withdrew this post"),
        ),
        Transition(
            "call_off",
            _("Call off"),
            (S.APPROVED, S.SCHEDULED, S.EXPIRED),
            S.WITHDRAWN,
            Permission.POST_SCHEDULE,
            _("%(actor)s called this post off"),
            guard="unsent",
        ),
    ),
    finals=frozenset({S.REJECTED, S.WITHDRAWN}),
    gates={S.SCHEDULED: S.APPROVED, S.EXPIRED: S.APPROVED, S.APPROVED: S.IN_REVIEW},
)


class UploadKind(models.TextChoices):
    IMAGE = "image", _("Image")
    VIDEO = "video", _("Video")
    CAPTIONS = "captions", _("Captions")


class UploadState(models.TextChoices):
    """Where a file stands that somebody sent."""

    RECEIVED = "received", _("Being looked at")
    READ = "read", _("Added")
    REFUSED = "refused", _("Not added")


UPLOAD_LIFECYCLE = lifecycle(
    noun="upload",
    states=UploadState,
    initial=UploadState.RECEIVED,
    transitions=(
        Transition(
            "read",
            _("Read"),
            (UploadState.RECEIVED,),
            UploadState.READ,
            None,
            _("%(actor)s looked at an uploaded file and added it"),
        ),
        Transition(
            "refuse",
            _("Refuse"),
            (UploadState.RECEIVED,),
            UploadState.REFUSED,
            None,
            _("%(actor)s looked at an uploaded file and did not add it"),
        ),
    ),
    finals=frozenset({UploadState.READ, UploadState.REFUSED}),
)

STATE_ICONS = {
    S.DRAFT: "pencil",
    S.IN_REVIEW: "hourglass-split",
    S.CHANGES_REQUESTED: "arrow-counterclockwise",
    S.APPROVED: "check2-circle",
    S.SCHEDULED: "calendar-check",
    S.EXPIRED: "alarm",
    S.REJECTED: "x-octagon",
    S.WITHDRAWN: "slash-circle",
}
