"""What the page of one post shows to one person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums.spending import Spent
from accounts_registry.models import Account
from approvals.queries import steps_taken
from approvals.subjects import has_written
from delivery.enums import DeliveryState
from delivery.models import Delivery
from delivery.queries import Price, Standing, holds_over, months_of, price_told, standing_of
from networks.composition import Composed, compose
from organisation import policy
from organisation.clock import database_now
from organisation.enums import Permission
from organisation.forms import ActionForm
from organisation.models import Person
from organisation.queries import latest_events
from organisation.queries.gates import lacks
from publishing.enums import POST_LIFECYCLE, WRITABLE, PostState
from publishing.forms import TimeForm
from publishing.models import Media, Post, Variant
from publishing.policy import against_approving, may_edit
from publishing.queries import checks, progress, valid_approvals
from publishing.queries.approvers import approvers_of, is_moved, lost_approval, newest_request
from publishing.queries.checks import port_draft
from publishing.queries.progress import Progress, stand_of
from publishing.queries.refusals import left_behind
from publishing.queries.repeats import asked_about
from publishing.queries.sending import deliveries_of_post, rest_to_send, was_sent_somewhere
from publishing.queries.uploads import uploads_to_show
from publishing.views.cards import CardShown

TIME_STEPS = {
    PostState.APPROVED: ("schedule", _("Schedule this post")),
    PostState.SCHEDULED: ("reschedule", _("Move to this time")),
    PostState.EXPIRED: ("reconfirm", _("Confirm this new time")),
}


@dataclass(frozen=True)
class Track:
    """Captions as a player wants them."""

    url: str
    language: str
    label: str


@dataclass(frozen=True)
class Picture:
    """An image or a video as a preview wants it."""

    url: str
    alt: str
    mime: str
    tracks: tuple[Track, ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def is_video(self) -> bool:
        return self.mime.startswith("video/")


@dataclass(frozen=True)
class Shown:
    """A variant as its readers will see it, with what became of it."""

    variant: Variant
    sent: Composed
    media: list[Picture]
    delivery: Delivery | None = None
    stand: Progress | None = None
    change: Any = None
    price: Price | None = None
    note: str | Promise = ""
    card: CardShown | None = None

    @property
    def key(self) -> str:
        return f"{self.variant.account_id}:{self.variant.language}"


def picture(image: Media, language: str, network: str = "") -> Picture:
    """As `network` shows it, with the captions that go there; without one, with all that there are."""
    alt, changed = image.alt_in(language), tuple(image.changed)
    if not image.is_video:
        address = reverse(
            "publishing:image", args=[image.pk], query={"on": network} if image.flat and network else None
        )
        return Picture(address, alt, image.mime, changed=changed)
    every = sorted(image.captions.all(), key=lambda one: one.language != language)
    words = image.captions_for(language, network) if network else every
    tracks = [Track(reverse("publishing:captions", args=[one.pk]), one.language, str(one)) for one in words]
    return Picture(reverse("publishing:video", args=[image.pk]), alt, image.mime, tuple(tracks), changed)


@dataclass(frozen=True)
class Message:
    """What became of a variant, without what it says."""

    variant: Variant
    delivery: Delivery
    stand: Progress


def messages_of(post: Post, deliveries: list[Delivery], standing: Standing) -> dict[int, Message]:
    """By variant; those that were never handed over are left out. `deliveries`: newest first."""
    newest: dict[int, Delivery] = {}
    for delivery in deliveries:
        newest.setdefault(delivery.origin_id, delivery)
    sent = [variant for variant in post.variants.all() if variant.pk in newest]
    return {one.pk: Message(one, newest[one.pk], stand_of(newest[one.pk], standing.states[one.pk])) for one in sent}


def shown(
    post: Post, handed_over: Mapping[int, Message] | None = None, changes: Mapping[str, Any] | None = None
) -> dict[Account, list[Shown]]:
    """Every variant by account, to the letter as its network gets it."""
    found: dict[Account, list[Shown]] = {}
    months = months_of([variant.account for variant in post.variants.all()], post.due_at)
    for variant in post.variants.all():
        variant.post = post
        draft = port_draft(variant)
        sent = compose(draft, variant.account.network)
        media = [picture(image, variant.language, variant.account.network) for image in post.media.all()]
        note = left_behind(post.media.all(), variant.language, variant.account)
        one = Shown(variant, sent, media, note=note, card=CardShown.of(variant))
        if message := (handed_over or {}).get(variant.pk):
            one = replace(one, delivery=message.delivery, stand=message.stand)
        if one.delivery is None or one.delivery.state != DeliveryState.PUBLISHED:
            one = replace(one, price=price_told(draft, variant.account, months, Spent.POST))
        if changes:
            one = replace(one, change=changes.get(one.key))
        found.setdefault(variant.account, []).append(one)
    return found


def post_page(post: Post, person: Person, *, refused: Mapping[str, ActionForm] | None = None) -> dict[str, Any]:
    deliveries = deliveries_of_post(post)
    facts: dict[str, Any] = {"post": post, "story": latest_events(post, 40), "refused": refused or {}}
    facts["standing"] = standing = standing_of(deliveries)
    is_out = post.state == PostState.SCHEDULED and bool(deliveries) and not rest_to_send(post, deliveries)
    facts["held"] = [] if is_out else _holds(post)
    facts["progress"] = progress(post, deliveries, held=standing.is_frozen)
    facts["shown"] = shown(post, messages_of(post, deliveries, standing))
    facts["may_follow"] = policy.allows(person, Permission.POST_VIEW, post)
    facts["may_edit"] = may_edit(person, post, deliveries)
    facts["approvals"] = given = valid_approvals(post)
    facts["approval"] = approval = next((one for one in given if one.by_id == person.pk), None)
    facts["lost_approval"] = lost_approval(post)
    facts["asked_to_see"] = bool(approval and is_moved(post, approval) and not has_written(person, post))
    facts["checks"] = [] if post.is_closed or is_out else checks(post, database_now())
    facts["show_checks"] = not post.is_closed and not is_out
    plans = facts["show_checks"] and policy.allows(person, Permission.POST_SCHEDULE, post)
    facts["lacks"] = lacks(person, post.unit) if plans else []
    facts["asked"] = None if is_out else asked_about(post, person)
    facts["uploads"] = list(uploads_to_show(post))
    facts["may_dismiss"] = bool(facts["uploads"]) and policy.allows(person, Permission.POST_WRITE, post)
    facts["remark"] = post.submissions.first() if post.state == PostState.CHANGES_REQUESTED else None
    facts |= _steps(post, person, deliveries, refused or {})
    facts |= _review(post, person, facts["may_approve"])
    return facts


def _review(post: Post, person: Person, may_approve: bool) -> dict[str, Any]:
    """Which step of its approval waits, for whom, and whether that is the person's to take."""
    request = newest_request(post)
    facts: dict[str, Any] = {"steps": steps_taken(request)}
    waits = request if post.state == PostState.IN_REVIEW else None
    if waits and may_approve:
        facts["may_approve"] = against_approving(person, waits) is None
    if post.state in (*WRITABLE, PostState.IN_REVIEW):
        facts["approvers"] = list(approvers_of(post, waits)[:5])
        facts["people_asked"] = next((one.missing for one in facts["steps"] if one.waits), 1)
    return facts


def live_part(post: Post, person: Person, known: str) -> dict[str, Any] | None:
    """What changed since the page said `known`; None when nothing did."""
    deliveries = deliveries_of_post(post)
    standing = standing_of(deliveries)
    if standing.mark == known:
        return None
    messages, changed = messages_of(post, deliveries, standing), standing.changed_since(known)
    told = progress(post, deliveries, held=standing.is_frozen)
    rows = [message for key, message in messages.items() if key in changed]
    may_follow = policy.allows(person, Permission.POST_VIEW, post)
    return {"post": post, "standing": standing, "progress": told, "changed": rows, "may_follow": may_follow}


def _holds(post: Post) -> list[Any]:
    """Freezes over a post that still has to go out, or over its accounts."""
    if post.state != PostState.SCHEDULED:
        return []
    accounts = {variant.account_id: variant.account for variant in post.variants.all()}.values()
    return holds_over(accounts, message_unit=post.unit) if accounts else []


def _steps(post: Post, person: Person, deliveries: list[Delivery], refused: Mapping[str, ActionForm]) -> dict[str, Any]:
    """What the person may do next; whether it succeeds, the action decides."""
    may = {name: policy.allows(person, permission, post) for name, permission in _asked(post).items() if permission}
    unsent = not was_sent_somewhere(post, deliveries)
    facts: dict[str, Any] = {
        "may_submit": may.get("submit", False),
        "may_approve": may.get("approve", False),
        "may_unschedule": may.get("unschedule", False) and unsent,
        "may_withdraw": (may.get("withdraw", False) or may.get("call_off", False)) and unsent,
    }
    step = TIME_STEPS.get(PostState(post.state))
    if step and may.get(step[0]) and rest_to_send(post, deliveries):
        facts["time_step"], facts["time_label"] = step
        facts["time_form"] = refused.get(step[0]) or TimeForm(post=post)
    return facts


def _asked(post: Post) -> dict[str, Permission | None]:
    """What each edge from where the post stands asks for."""
    return {edge.name: POST_LIFECYCLE.permission_for(edge.name, post) for edge in POST_LIFECYCLE.leaving(post.state)}
