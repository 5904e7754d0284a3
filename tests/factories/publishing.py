"""Posts in any state, made directly where a test is about something else than how they got there."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from accounts_registry.models import Account
from organisation.lifecycle import Unconfirmed
from organisation.models import Person
from publishing.actions import (
    ImageText,
    NewImage,
    NewVideo,
    PostContent,
    Timing,
    VariantText,
    approve_post,
    create_post,
    schedule_post,
    submit_post,
)
from publishing.content.captions import parsed
from publishing.content.images import reencode
from publishing.content.videos import strip_metadata
from publishing.models import Post, Upload
from publishing.queries import snapshot_of, whole
from tests.factories.films import MP4, VTT

ZONE = "Europe/Brussels"
TEXT = "Votre déclaration est prête. Vérifiez-la avant le 30 juin."


def picture(form: str = "PNG", size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    """The bytes of a plain image."""
    target = io.BytesIO()
    Image.new("RGB", size, "teal").save(target, form, **options)
    return target.getvalue()


def new_image(alt: dict[str, str] | None = None, *, decorative: bool = False) -> NewImage:
    return NewImage(reencode(io.BytesIO(picture())), ImageText(alt=alt or {}, decorative=decorative))


def new_video(alt: dict[str, str] | None = None, *, captions: tuple[str, ...] = ("fr",)) -> NewVideo:
    """A film of ours with captions in these languages."""
    words = {language: parsed(SimpleUploadedFile("film.vtt", VTT)) for language in captions}
    return NewVideo(strip_metadata(SimpleUploadedFile("film.mp4", MP4)), ImageText(alt=alt or {}, captions=words))


def upload_for(post: Post, **facts: Any) -> Upload:
    """A row without a file: nobody has looked at it, unless `facts` say so."""
    own = {"by": post.author, "kind": "image", "name": "guichet.png", "language": post.language}
    return Upload.objects.create(post=post, **own, **{"post_state": post.state, **facts})


def tomorrow(hour: int = 9) -> datetime:
    """A wall time, naive."""
    day = timezone.localtime() + timedelta(days=1)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0, tzinfo=None)


def content_for(*accounts: Account, **facts: Any) -> PostContent:
    """Content that is complete for the accounts: one variant for each of their languages."""
    language = facts.pop("language", "fr")
    variants = [
        VariantText(account, spoken, "" if spoken == language else f"{TEXT} ({spoken})")
        for account in accounts
        for spoken in account.languages
    ]
    return PostContent(
        **{"title": "Tax return", "language": language, "core_text": TEXT, "variants": variants, **facts}
    )


def draft(author: Person, *accounts: Account, **facts: Any) -> Post:
    unit = facts.pop("unit", None) or accounts[0].unit
    return create_post(unit=unit, content=content_for(*accounts, **facts), by=author)


def submitted(author: Person, *accounts: Account, **facts: Any) -> Post:
    return submit_post(post=draft(author, *accounts, **facts), by=author)


def approved(author: Person, approver: Person, *accounts: Account, **facts: Any) -> Post:
    post = submitted(author, *accounts, **facts)
    return approve_post(post=post, by=approver, content_hash=hash_of(post), planned_for=post.due_at)


def scheduled(author: Person, approver: Person, *accounts: Account, at: datetime | None = None, **facts: Any) -> Post:
    """Beside whatever says the same there: tests about something else say the same over and over."""
    post = approved(author, approver, *accounts, **facts)
    timing = Timing(at or tomorrow(), ZONE)
    try:
        return schedule_post(post=post, by=approver, timing=timing)
    except Unconfirmed as asked:
        return schedule_post(post=post, by=approver, timing=timing, meant=asked.token)


def hash_of(post: Post) -> str:
    return snapshot_of(whole(Post.objects.all()).get(pk=post.pk)).hash
