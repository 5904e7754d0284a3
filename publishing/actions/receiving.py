"""Files as people send them. Here they are only kept; a worker looks at them (`publishing.actions.reading`)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts_registry.actions import waking
from organisation import audit, policy
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person
from organisation.sentences import Sentence
from publishing.actions.attaching import MOST_MEDIA, TOO_MANY
from publishing.content import captions, images, videos
from publishing.enums import UploadKind, UploadState
from publishing.models import Media, Post, Upload

FOLDER = "posts/received"
READ_UPLOADS = "publishing.tasks.read_uploads"
MOST_WAITING = 20  # files of one post
SIZES = {UploadKind.IMAGE: images, UploadKind.VIDEO: videos, UploadKind.CAPTIONS: captions}

SENT = audit.tell("upload.sent", _("%(actor)s sent a file"))
DISMISSED = audit.tell("upload.dismissed", _("%(actor)s put away the notice of a file that was not added"))


@dataclass(frozen=True)
class NewUpload:
    """A file and what is said of it. `place` is where a refusal belongs; `words` are the captions of a new video.

    For captions of a video that the post has, `media` is its id and `language` theirs.
    """

    kind: UploadKind
    file: File[Any]
    language: str
    place: str
    alt: str = ""
    decorative: bool = False
    words: File[Any] | None = None
    words_place: str = ""
    media: int | None = None


def receive(post: Post, uploads: Sequence[NewUpload], by: Person) -> None:
    """Keeps the files for a worker. An action's last act, behind the lock of `post`: what is stored is told of."""
    if not uploads:
        return
    _require_room(post, uploads)
    for one in uploads:
        for kind, file, place in ((one.kind, one.file, one.place), (UploadKind.CAPTIONS, one.words, one.words_place)):
            if file is not None:
                _require_size(kind, file, place)
    for one in uploads:
        made = Upload.objects.create(
            post=post,
            by=by,
            post_state=post.state,
            kind=one.kind,
            language=one.language,
            alt=one.alt.strip(),
            decorative=one.decorative,
            media_id=one.media,
            name=_named(one.file),
            file=_kept(one.file),
            words_name=_named(one.words) if one.words else "",
            words=_kept(one.words) if one.words else "",
        )
        audit.record(verb=SENT, thing=made, by=by, kind=one.kind, post=post.pk)
    transaction.on_commit(wake_readers)


def wake_readers() -> None:
    """Asks a worker to look at the files now; the clockwork does by itself."""
    waking.wake(READ_UPLOADS)


@action
def dismiss_upload(*, upload: Upload, by: Person) -> None:
    """Puts away the notice of a file that was not added. Conflict where it stands otherwise."""
    held = Upload.objects.select_for_update(of=("self",)).select_related("post__unit").get(pk=upload.pk)
    policy.require(by, Permission.POST_WRITE, held)
    if held.state != UploadState.REFUSED:
        raise Conflict(held, "dismiss")
    audit.record(verb=DISMISSED, thing=held, by=by)
    # Its file may still lie there: the sweep takes what no row names.
    held.delete()


def _require_room(post: Post, uploads: Sequence[NewUpload]) -> None:
    waiting = list(Upload.objects.filter(post=post, state=UploadState.RECEIVED).values_list("kind", flat=True))
    new = [one for one in uploads if one.kind != UploadKind.CAPTIONS]
    pictures = sum(kind != UploadKind.CAPTIONS for kind in waiting)
    if new and Media.objects.filter(post=post).count() + pictures + len(new) > MOST_MEDIA:
        raise Refused(Sentence(TOO_MANY, count=MOST_MEDIA), field=new[0].place)
    if len(waiting) + len(uploads) > MOST_WAITING:
        raise Refused(_("Parvis is still looking at other files of this post. Wait a moment."), field=uploads[0].place)


def _require_size(kind: UploadKind, file: File[Any], place: str) -> None:
    try:
        SIZES[kind].require_size(file.size)
    except Refused as refusal:
        raise Refused(*refusal.said, field=place) from None


def _named(file: File[Any]) -> str:
    return str(file.name)[-200:]


def _kept(file: File[Any]) -> str:
    """Where it lies below the media folder: its name tells nothing, and no page serves it."""
    return default_storage.save(f"{FOLDER}/{secrets.token_hex(16)}", file)
