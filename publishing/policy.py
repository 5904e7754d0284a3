"""Who may do what to a post, and what stands in the way of its next step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts_registry.models import Account
from approvals.models import Request
from approvals.policy import against_deciding
from approvals.queries import answered_for, hands_of, has_say, is_backed, open_request
from approvals.subjects import has_written, subject
from delivery.models import Delivery
from organisation import policy
from organisation.enums import Permission
from organisation.models import Person
from organisation.queries.gates import lacks
from organisation.sentences import Sentence
from publishing.enums import POST_LIFECYCLE, PostState, UploadState
from publishing.models import Post, Upload
from publishing.models.post import SUBJECT
from publishing.queries import content_checks, sending_checks, snapshot_of, valid_approvals
from publishing.queries.approvers import spoken_for
from publishing.queries.refusals import Text
from publishing.queries.sending import is_under_way, rest_to_send, was_sent_somewhere

NO_SAY = _("You have no say over %(account)s; somebody of its unit has to do this.")
NOTHING_LEFT = _(
    "Every message of this post has gone out already, or was given up while that was uncertain: what may be out is "
    "sent again once it has been changed and approved anew."
)


def may_edit(person: Person, post: Post, deliveries: list[Delivery] | None = None) -> bool:
    """True when `edit_post` would let the person change what is sent; `deliveries` are the post's, if read already."""
    if post.is_closed or was_sent_somewhere(post, deliveries):
        return False
    planned = post.state in (PostState.SCHEDULED, PostState.EXPIRED)
    return policy.allows(person, Permission.POST_SCHEDULE if planned else Permission.POST_WRITE, post)


def require_yes(person: Person, post: Post) -> None:
    """Raises PermissionDenied (403) where the person neither may approve the post nor gave a yes that counts for it:
    whoever took a step for another unit may approve it no more, and has seen its new time all the same."""
    given = answered_for(person, subject(SUBJECT)).filter(request__subject_id=post.pk)
    if has_written.test(person, post) or not given.exists():
        policy.require(person, Permission.POST_APPROVE, post)


def against_approving(person: Person, request: Request) -> Text | None:
    """Why the person, who may approve the post, does not take the step that waits; None where they do."""
    return against_deciding(person, request, subject(SUBJECT), hands_of(request))


@POST_LIFECYCLE.guard("complete")
def complete(post: Post, by: Any) -> Iterator[Text]:
    if Upload.objects.filter(post=post, state=UploadState.RECEIVED).exists():
        yield _("Parvis is still looking at a file of this post. Wait until it is there, then submit.")
    yield from (check.sentence for check in content_checks(post))


@POST_LIFECYCLE.guard("approver_of_every_account")
def approver_of_every_account(post: Post, by: Any) -> Iterator[Text]:
    """Of one approver all of them; where a route asks for several hands, together."""
    earlier = None
    for account in _accounts(post):
        if by is None or policy.allows(by, Permission.POST_APPROVE, account):
            continue
        if earlier is None:
            request = open_request(SUBJECT, post.pk)
            earlier = list(hands_of(request)) if request else []
        if not has_say(earlier, account.unit.path, Permission.POST_APPROVE):
            yield NO_SAY % {"account": account.label}


@POST_LIFECYCLE.guard("ready")
def ready(post: Post, by: Any) -> Iterator[Text | Sentence]:
    """All but the time, which the action itself looks at."""
    hands, now = valid_approvals(post), snapshot_of(post).hash
    if not hands or any(one.content_hash != now for one in hands):
        yield _("No approval stands for this exact content. Submit it for approval again.")
    elif not is_backed(hands, spoken_for(post), Permission.POST_APPROVE):
        yield _("Whoever approved this post may no longer approve. It goes back to review.")
    yield from _not_allowed_on(post, by, Permission.POST_SCHEDULE)
    if by is not None:
        yield from (lack.sentence for lack in lacks(by, post.unit) if lack.is_required)
    yield from (check.sentence for check in [*content_checks(post), *sending_checks(post)])


@POST_LIFECYCLE.guard("movable")
def movable(post: Post, by: Any) -> Iterator[Text | Sentence]:
    if is_under_way(post):
        yield _("A message of this post is being sent, or it is uncertain whether it went out. Settle that first.")
    elif not rest_to_send(post):
        yield NOTHING_LEFT
    else:
        yield from ready(post, by)


@POST_LIFECYCLE.guard("unsent")
def unsent(post: Post, by: Any) -> Iterator[Text]:
    if was_sent_somewhere(post):
        yield _("A message of this post is being sent or has gone out, so it cannot change any more.")


def _not_allowed_on(post: Post, by: Any, permission: Permission) -> Iterator[Text]:
    """Accounts of other units: to speak in their name one needs the same say there."""
    for account in _accounts(post):
        if by is not None and not policy.allows(by, permission, account):
            yield NO_SAY % {"account": account.label}


def _accounts(post: Post) -> list[Account]:
    """Each once."""
    return list({variant.account_id: variant.account for variant in post.variants.all()}.values())
