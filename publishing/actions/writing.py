"""Drafting and editing. Every change of what would be sent comes through `edit_post`, which voids the approval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts_registry.models import Account
from approvals.actions import know_time, reopen, void
from approvals.enums import VoidReason
from delivery.actions import cancel_deliveries
from delivery.enums import Trouble
from networks.folding import as_ranked_lexemes
from organisation import audit, policy, wall_clock
from organisation.actions import perform
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Reason, Refused
from organisation.models import Person, Unit
from publishing.actions.attaching import ImageText, NewImage, NewVideo, write_media
from publishing.actions.cards import ask_for_cards
from publishing.actions.locking import lock, refreshed, reloaded, touch
from publishing.actions.meaning import require_meant
from publishing.actions.receiving import NewUpload, receive
from publishing.enums import POST_LIFECYCLE, WRITABLE, PostState
from publishing.models import Post, Variant
from publishing.policy import unsent
from publishing.queries import ORIGIN, snapshot_of
from publishing.queries.checks import is_web_address
from publishing.queries.words import hash_of, rewritten, words_of

STARTED = audit.tell("post.started", _("%(actor)s started this post"))
EDITED = audit.tell("post.edited", _("%(actor)s edited this text"))
PLANNED = audit.tell("post.planned", _("%(actor)s changed the plan of this post"))
audit.tell("post.described", _("%(actor)s changed the title or the plan of this post"))  # as older trails have it


@dataclass(frozen=True)
class VariantText:
    """What one account says in one language; empty text and link follow the core. `title` where its network has one."""

    account: Account
    language: str
    text: str = ""
    link: str = ""
    title: str = ""


@dataclass(frozen=True)
class Timing:
    """Wall time in an IANA zone; `fold` says which, where that time comes twice."""

    wall_time: datetime | None
    zone: str
    fold: int | None = None

    def columns(self) -> dict[str, object]:
        """As a post keeps it. Raises Refused at `wall_time`, `zone` or `fold`."""
        if self.wall_time is None:
            return {"wall_time": None, "zone": "", "fold": 0, "due_at": None}
        return {
            "wall_time": self.wall_time,
            "zone": self.zone,
            "fold": wall_clock.effective_fold(self.wall_time, self.zone, self.fold),
            "due_at": wall_clock.instant(self.wall_time, self.zone, self.fold),
        }


OWN_FIELDS = ("title", "language", "core_text", "link", "ad_hoc", "bare_cards")


@dataclass(frozen=True)
class PostContent:
    """Everything that a person writes about a post.

    `images` speak of the images and videos it has, by id; unnamed ones stay as they are. `new_images` are ours already,
    `uploads` files at which nobody has looked. `timing` None leaves the plan as it is.
    """

    title: str
    language: str
    core_text: str = ""
    link: str = ""
    ad_hoc: bool = False
    bare_cards: bool = False
    variants: Sequence[VariantText] = ()
    images: Mapping[int, ImageText] = field(default_factory=dict)
    new_images: Sequence[NewImage | NewVideo] = ()
    uploads: Sequence[NewUpload] = ()
    timing: Timing | None = None

    @classmethod
    def of(cls, post: Post) -> PostContent:
        """What the post says now, with its plan and images left alone: to change a part of it."""
        own = {name: getattr(post, name) for name in OWN_FIELDS}
        said = post.variants.all()
        return cls(
            **own, variants=[VariantText(one.account, one.language, one.text, one.link, one.title) for one in said]
        )


@action
def create_post(*, unit: Unit, content: PostContent, by: Person) -> Post:
    """A draft of `unit`."""
    policy.require(by, Permission.POST_WRITE, unit)
    columns = content.timing.columns() if content.timing else {}
    post = Post(unit=unit, author=by, **_post_fields(content), **columns)
    _check(post, content, by, had=set())
    post.save()
    _write_variants(post, content)
    write_media(post, content.images, content.new_images, by)
    made = refreshed(post, post)
    audit.record(verb=STARTED, thing=made, by=by, title=made.title, words_after=hash_of(words_of(made)))
    ask_for_cards(made)
    receive(made, content.uploads, by)
    return made


@action
def edit_post(*, post: Post, version: int, content: PostContent, by: Person, meant: str = "") -> Post:
    """Writes `content` over a post that still stands at `version`, else Conflict: somebody changed it meanwhile.

    Whoever changes any word, sent or not, is an editor from then on. When anything changes that would be sent, the
    approval is void, due messages are taken back and the post is a draft again; refused once a message is on its way.
    Whoever may not schedule and moves the time of an approved post puts it before an approver again. Unconfirmed where
    an approved one is moved beside another that says the same, until `meant` says yes to exactly what was told.
    """
    locked = lock(post, version=version, wanted="edit")
    policy.require(by, Permission.POST_WRITE, locked)
    if locked.is_closed:
        raise Conflict(locked, "edit")
    before = Before.of(locked)
    for name, value in _post_fields(content).items():
        setattr(locked, name, value)
    if content.timing and locked.state not in (PostState.SCHEDULED, PostState.EXPIRED):
        for name, value in content.timing.columns().items():
            setattr(locked, name, value)
    _check(locked, content, by, had=before.accounts)
    locked.save()
    _write_variants(locked, content)
    write_media(locked, content.images, content.new_images, by)
    touch(locked)
    edited = reloaded(locked)
    _written(edited, before, by)
    if edited.due_at != before.due_at and edited.state == PostState.APPROVED:
        require_meant(edited, by, meant)
    ask_for_cards(edited)
    receive(edited, content.uploads, by)
    return refreshed(post, edited)


@dataclass(frozen=True)
class Before:
    """What has to be remembered of a post while its content is written over."""

    hash: str
    words: dict[str, Any]
    due_at: datetime | None
    ad_hoc: bool
    variants: list[int]
    accounts: set[int]
    sent: list[Reason]

    @classmethod
    def of(cls, post: Post) -> Before:
        variants = list(post.variants.all())
        accounts = {variant.account_id for variant in variants}
        own = (snapshot_of(post).hash, words_of(post), post.due_at, post.ad_hoc)
        return cls(*own, [one.pk for one in variants], accounts, list(unsent(post, None)))


def _asks_again(post: Post, by: Person) -> bool:
    """A time that somebody moves who may not schedule is not the one that was approved along with the text."""
    return post.state == PostState.APPROVED and not policy.allows(by, Permission.POST_SCHEDULE, post)


def _written(post: Post, before: Before, by: Person) -> None:
    """What follows from the edit for the post's state and its editors, told in one event, or none."""
    after, words = snapshot_of(post).hash, words_of(post)
    fields = rewritten(before.words, words)
    told: dict[str, Any] = {"fields": fields}
    if fields:
        told |= {"words_before": hash_of(before.words), "words_after": hash_of(words)}
    is_moved = before.due_at != post.due_at
    if fields or after != before.hash:
        post.editors.add(by)
    if after != before.hash:
        _return_to_draft(post, before, by, {"content_before": before.hash, "content_after": after, **told})
    elif is_moved and _asks_again(post, by):
        moved = {"due_before": before.due_at, "due_after": post.due_at, **told}
        perform(POST_LIFECYCLE, "replan", post, by=by, details=moved)
        reopen(thing=post, reason=VoidReason.MOVED)
    elif fields:
        audit.record(verb=EDITED, thing=post, by=by, **told)
    elif is_moved or before.ad_hoc != post.ad_hoc:
        audit.record(verb=PLANNED, thing=post, by=by, due_before=before.due_at, due_after=post.due_at)
    if is_moved:
        know_time(thing=post, due_at=post.due_at, by=by)


def _return_to_draft(post: Post, before: Before, by: Person, details: dict[str, object]) -> None:
    """A draft stays one; anything that was further has to be approved again, and what is due is taken back."""
    if before.sent:
        raise Refused(*before.sent)
    void(thing=post, reason=VoidReason.EDITED)
    if post.state in WRITABLE:
        audit.record(verb=EDITED, thing=post, by=by, **details)
    elif post.state in (PostState.SCHEDULED, PostState.EXPIRED):
        perform(POST_LIFECYCLE, "pull_back", post, by=by, details=details)
        cancel_deliveries(origin_kind=ORIGIN, origin_ids=before.variants, by=by, reason=Trouble.EDITED)
    else:
        perform(POST_LIFECYCLE, "revise", post, by=by, details=details)


def _post_fields(content: PostContent) -> dict[str, object]:
    names = {one.name for one in fields(PostContent)} - {"variants", "images", "new_images", "uploads", "timing"}
    said = (text for one in content.variants for text in (one.title, one.text, one.link))
    found_by = as_ranked_lexemes(content.title, content.core_text, content.link, *said)
    return {name: getattr(content, name) for name in names} | {"words": found_by}


def _check(post: Post, content: PostContent, by: Person, *, had: set[int]) -> None:
    """Refuses what no later check could mend. Raises Refused or ValidationError at the field."""
    post.full_clean(exclude=["unit", "author"])
    for one in content.variants:
        if one.account.pk not in had and not policy.allows(by, Permission.POST_WRITE, one.account):
            raise Refused(_("You do not write for %(account)s.") % {"account": one.account.label}, field="accounts")
        if one.link and not is_web_address(one.link):
            raise Refused(_("“%(link)s” is not a web address.") % {"link": one.link}, field="link")
    pairs = [(one.account.pk, one.language) for one in content.variants]
    if len(pairs) != len(set(pairs)):
        raise Refused(_("An account stands twice with the same language."), field="accounts")


def _write_variants(post: Post, content: PostContent) -> None:
    """Keeps the row of an account and language that stays, so that its deliveries still know it."""
    wanted = {(one.account.pk, one.language): one for one in content.variants}
    for variant in Variant.objects.filter(post=post):
        one = wanted.pop((variant.account_id, variant.language), None)
        if one is None:
            variant.delete()
        elif (variant.text, variant.link, variant.title) != (one.text, one.link, one.title):
            variant.text, variant.link, variant.title = one.text, one.link, one.title
            variant.save(update_fields=["text", "link", "title"])
    Variant.objects.bulk_create(
        Variant(post=post, account=one.account, language=one.language, text=one.text, link=one.link, title=one.title)
        for one in wanted.values()
    )
