"""What workers do with the files that people sent: one looks at each, in a process that may be killed.

What is read is attached as the act of whoever sent it, who is asked for their say again at that moment.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts_registry.models import Account
from accounts_registry.queries import capabilities_of as capabilities_at
from accounts_registry.queries import know_servers
from networks.apart import Busy
from organisation import due
from organisation.actions import perform
from organisation.audit import action
from organisation.lifecycle import Conflict, Reason, Refused
from organisation.sentences import Sentence, kept
from publishing.actions.attaching import ImageText, NewImage, NewVideo
from publishing.actions.locking import lock
from publishing.actions.receiving import FOLDER
from publishing.actions.writing import PostContent, edit_post
from publishing.content import apart
from publishing.content.images import Fit, Moving
from publishing.content.refusals import too_much
from publishing.content.videos import Fit as FilmFit
from publishing.enums import UPLOAD_LIFECYCLE, WRITABLE, UploadKind, UploadState
from publishing.models import Media, Post, Upload
from publishing.queries.posts import capabilities_of, writable_accounts

MOST_TRIES = 3  # a worker that ended in the middle left the file to the next one
KEPT = timedelta(days=1)  # unread, it is refused; read, the row goes
NOTICES_KEPT = timedelta(days=30)
ORIGINALS = "posts/originals"

MOVED_ON = _(
    "The post was submitted or planned meanwhile, so this file was not added. Edit the post and choose it again."
)
NOT_ANY_MORE = _("You may not change this post any more, so this file was not added.")
CLOSED = _("The post was closed meanwhile, so this file was not added.")
ALONE = _("A moving image goes out as a video, and a video stands alone here. Take the other images and videos away.")
NO_VIDEO = _("%(network)s takes no video, which a moving image becomes. Choose a still one, or other accounts.")
VIDEO_GONE = _("The video that these captions were for is no longer there.")
UNREAD = _("Parvis could not look at this file within a day. Choose it once more.")

# What is attached: what `edit_post` is to write.
Made = Callable[[Post], PostContent]
_turns = BoundedSemaphore(apart.uploads.at_once)
_film = BoundedSemaphore(apart.films.at_once)


def read_uploads(*, seconds: float) -> int:
    """Looks at files until none waits or `seconds` have passed; how many. Many workers may run it.

    In one process no more do than read at once, so that hostile files keep nothing else from its threads.
    """
    if not _turns.acquire(blocking=False):
        return 0
    try:
        return due.work(lambda: UPLOADS.turn(_read), _turn_at_films, seconds=seconds)
    finally:
        _turns.release()


def _turn_at_films() -> bool:
    """Where no other thread of this process is at one: a film takes minutes, for which pictures need not wait."""
    if not _film.acquire(blocking=False):
        return False
    try:
        return FILMS.turn(_read)
    finally:
        _film.release()


def _received() -> QuerySet[Upload]:
    received = Upload.objects.filter(state=UploadState.RECEIVED)
    return received.select_related("post__unit", "by", "media").order_by("received_at", "pk")


def _to_read() -> QuerySet[Upload]:
    return _received().filter(received_at__gt=Now() - KEPT).exclude(kind=UploadKind.VIDEO)


def _films_to_read() -> QuerySet[Upload]:
    return _received().filter(received_at__gt=Now() - KEPT, kind=UploadKind.VIDEO)


def _unread() -> QuerySet[Upload]:
    return _received().filter(received_at__lte=Now() - KEPT)


LEASE = timedelta(minutes=6)  # longer than a file takes; while a film is converted, it is taken anew (`_tell`)
UPLOADS = due.Queue(_to_read, lease=LEASE, tries="tries")
FILMS = due.Queue(_films_to_read, lease=LEASE, tries="tries")
UNREAD_UPLOADS = due.Queue(_unread, lease=LEASE)


def expire_uploads() -> int:
    """Refuses what no worker looked at in time, and throws away every file that nobody has to look at; how many."""
    late = due.work(lambda: UNREAD_UPLOADS.turn(_refuse_unread), seconds=60)
    for upload in Upload.objects.exclude(state=UploadState.RECEIVED).exclude(file=""):
        _throw_away(upload)
    Upload.objects.filter(state=UploadState.READ, received_at__lte=Now() - KEPT).delete()
    Upload.objects.filter(state=UploadState.REFUSED, received_at__lte=Now() - NOTICES_KEPT).delete()
    return late + _sweep()


def _refuse_unread(upload: Upload) -> None:
    _refuse(claimed=upload, reasons=[UNREAD])


def _read(upload: Upload) -> None:
    """What no room of ours says is said in the language of whoever sent it."""
    with translation.override(upload.by.language):
        try:
            if upload.tries > MOST_TRIES:
                raise too_much(upload.kind)
            READERS[UploadKind(upload.kind)](upload)
        except Busy:
            UPLOADS.hand_back(upload)
            return
        except Refused as refusal:
            _refuse(claimed=upload, reasons=refusal.said, field=refusal.field)
        except PermissionDenied:
            _refuse(claimed=upload, reasons=[NOT_ANY_MORE])
        except Conflict:
            _refuse(claimed=upload, reasons=[CLOSED])
        except ValidationError as wrong:
            _refuse(claimed=upload, reasons=wrong.messages)
    _throw_away(upload)


# ---- By kind --------------------------------------------------------------------------------------------------------
def _image(upload: Upload) -> None:
    """It fits the networks of the post's accounts, else all those for which whoever sent it writes."""
    try:
        image = apart.reencode(upload.file.path, Fit.of(capabilities_of(_accounts(upload))))
    except Moving:
        _moving(upload)
        return
    original = _original(upload)
    _attach(
        claimed=upload,
        made=lambda post: replace(PostContent.of(post), new_images=[NewImage(image, _image_text(upload), original)]),
    )


def _accounts(upload: Upload) -> list[Account]:
    """Those of the post, else all those for which whoever sent it writes."""
    own = [variant.account for variant in upload.post.variants.select_related("account")]
    return own or list(writable_accounts(upload.by))


def _moving(upload: Upload) -> None:
    """A moving image goes out as a film, where a film can stand."""
    for variant in upload.post.variants.select_related("account"):
        can = capabilities_of([variant.account])
        if can and (can[0].videos is None or "video/mp4" not in can[0].videos.types):
            raise Refused(Sentence(NO_VIDEO, network=variant.account.network_name))
        if can and can[0].videos and can[0].videos.alone and upload.post.media.exists():
            raise Refused(ALONE)
    with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as target, upload.file.open("rb") as sent:
        video = apart.film_of_moving(File(sent, upload.file.path), File(target), lambda percent: _tell(upload, percent))
        new = NewVideo(video, _image_text(upload), _original(upload))
        _attach(claimed=upload, made=lambda post: replace(PostContent.of(post), new_images=[new]))


def _tell(upload: Upload, percent: int) -> None:
    """How far the converting of a film is; and it goes on being ours. `due.Lost` where it is not."""
    with transaction.atomic():
        FILMS.go_on(FILMS.hold(upload), progress=percent)


def _video(upload: Upload) -> None:
    """On a copy: a worker that ends in the middle leaves the file as it was sent."""
    words = {upload.language: apart.parsed(upload.words.path)} if upload.words else {}
    said = replace(_image_text(upload), captions=words)
    folder, fit = settings.FILE_UPLOAD_TEMP_DIR, _film_fit(_accounts(upload))
    with tempfile.NamedTemporaryFile(dir=folder) as copy, tempfile.NamedTemporaryFile(dir=folder) as target:
        with upload.file.open("rb") as sent:
            shutil.copyfileobj(sent, copy)
        copy.flush()
        video = apart.made_ready(File(copy), fit, File(target), lambda percent: _tell(upload, percent))
        new = NewVideo(video, said, _original(upload) if video.changes else "")
        _attach(claimed=upload, made=lambda post: replace(PostContent.of(post), new_images=[new]))


def _film_fit(accounts: list[Account]) -> FilmFit:
    """What all of their networks take, by what each one's own server says."""
    know_servers(accounts)
    return FilmFit.of(capabilities_at(account) for account in accounts)


def _captions(upload: Upload) -> None:
    captions = apart.parsed(upload.file.path)

    def added(post: Post) -> PostContent:
        medium = next((one for one in post.media.all() if one.pk == upload.media_id), None)
        if medium is None:
            raise Refused(VIDEO_GONE)
        text = ImageText(medium.alts, medium.decorative, captions={upload.language: captions})
        return replace(PostContent.of(post), images={medium.pk: text})

    _attach(claimed=upload, made=added)


READERS: dict[UploadKind, Callable[[Upload], None]] = {
    UploadKind.IMAGE: _image,
    UploadKind.VIDEO: _video,
    UploadKind.CAPTIONS: _captions,
}


def _image_text(upload: Upload) -> ImageText:
    return ImageText({upload.language: upload.alt}, upload.decorative)


# ---- What came of it ------------------------------------------------------------------------------------------------
@action
def _attach(*, claimed: Upload, made: Made) -> None:
    """As the act of who sent it. A post that went further meanwhile stays as it is."""
    post = lock(claimed.post)
    held = UPLOADS.hold(claimed, "by", "post__unit")
    if post.state not in (*WRITABLE, held.post_state):
        raise Refused(MOVED_ON)
    edited = edit_post(post=post, version=post.version, content=made(post), by=held.by)
    changes: dict[str, Any] = {"version": edited.version, "lease_until": None}
    if held.kind != UploadKind.CAPTIONS:
        changes["media"] = edited.media.last()
    perform(UPLOAD_LIFECYCLE, "read", held, by=None, changes=changes)


@action
def _refuse(*, claimed: Upload, reasons: Sequence[Reason], field: str | None = None) -> None:
    held = UPLOADS.hold(claimed, "by", "post__unit")
    changes: dict[str, Any] = {"reasons": kept(reasons), "lease_until": None}
    if field == "captions" and held.words_name:
        changes["name"] = held.words_name
    perform(UPLOAD_LIFECYCLE, "refuse", held, by=None, changes=changes)


def _original(upload: Upload) -> str:
    """Where what was sent lies from now on, as long as the post has it: the same bytes under a second name."""
    place = _beside(upload.file.path)
    if not default_storage.exists(place):
        path = Path(default_storage.path(place))
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            path.hardlink_to(upload.file.path)
        except OSError:  # a file system that knows no second names
            shutil.copyfile(upload.file.path, path)
    return place


def _beside(path: str) -> str:
    """Under which second name the file at `path` lies, where it does."""
    return f"{ORIGINALS}/{Path(path).name}"


def _throw_away(upload: Upload) -> None:
    """The files of a row that waits no longer."""
    over = (
        Upload.objects.filter(pk=upload.pk).exclude(state=UploadState.RECEIVED).values_list("state", flat=True).first()
    )
    if over is None:
        return
    if over == UploadState.REFUSED and upload.file:
        default_storage.delete(_beside(upload.file.path))
    for path in filter(None, (upload.file.name, upload.words.name)):
        default_storage.delete(path)
    Upload.objects.filter(pk=upload.pk).update(file="", words="")


def _sweep() -> int:
    """Throws away what lies there and no row names: its transaction never came to its end, or its row is gone."""
    gone = 0
    for folder in (FOLDER, ORIGINALS):
        old = _old(folder)
        named = set(Media.objects.filter(original__in=old).values_list("original", flat=True))
        for field in ("file", "words"):
            paths = Upload.objects.exclude(**{field: ""}).values_list(field, flat=True)
            named |= {one for path in paths for one in (path, _beside(path))}
        for path in set(old) - named:
            default_storage.delete(path)
            gone += 1
    return gone


def _old(folder: str) -> list[str]:
    """What has lain in `folder` for longer than anybody may still be at it."""
    if not default_storage.exists(folder):
        return []
    found = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
    return [path for path in found if default_storage.get_modified_time(path) < timezone.now() - KEPT]
