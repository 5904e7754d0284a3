"""What goes along with a text: images, videos and the words of a video."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from organisation.lifecycle import Refused
from organisation.models import Person
from organisation.sentences import Sentence
from publishing.content.captions import SUBRIP, WEBVTT, SafeCaptions
from publishing.content.images import SafeImage, named
from publishing.content.videos import SafeVideo
from publishing.models import Captions, Media, Post

MOST_MEDIA = 10
NOT_OF_THIS_POST = _("This post has not all of these images and videos. Read it again, and change those that it has.")
TOO_MANY = _("A post holds at most %(count)s images and videos.")


@dataclass(frozen=True)
class ImageText:
    """What is said about an image or a video that the post has: by language; or that it is decoration; or that it goes.

    `captions` by language take the place of those it has; None takes them away, and a language unnamed keeps them.
    """

    alt: Mapping[str, str] = field(default_factory=dict)
    decorative: bool = False
    remove: bool = False
    captions: Mapping[str, SafeCaptions | None] = field(default_factory=dict)


@dataclass(frozen=True)
class NewImage:
    """`original` is where what was sent lies, below the media folder."""

    image: SafeImage
    text: ImageText = ImageText()
    original: str = ""


@dataclass(frozen=True)
class NewVideo:
    """As `NewImage`."""

    video: SafeVideo
    text: ImageText = ImageText()
    original: str = ""


def write_media(post: Post, said: Mapping[int, ImageText], new: Sequence[NewImage | NewVideo], by: Person) -> None:
    """Keeps, describes, adds and takes away. A file that goes stays on the disk: an earlier approval may name it.

    Refused where the post has not all that is spoken of.
    """
    held = list(Media.objects.filter(post=post, pk__in=said))
    if len(held) < len(said):
        raise Refused(NOT_OF_THIS_POST, field="images")
    for medium in held:
        text = said[medium.pk]
        if text.remove:
            medium.delete()
        else:
            _describe(medium, text)
            medium.save(update_fields=["alts", "decorative"])
            _write_captions(medium, text)
    last = max(Media.objects.filter(post=post).values_list("order", flat=True), default=-1)
    for order, one in enumerate(new, start=last + 1):
        medium = _made(one)
        medium.post, medium.order, medium.uploaded_by, medium.original = post, order, by, one.original
        _describe(medium, one.text)
        medium.save()
        _write_captions(medium, one.text)
    if Media.objects.filter(post=post).count() > MOST_MEDIA:
        raise Refused(Sentence(TOO_MANY, count=MOST_MEDIA), field="new_image")


def _made(new: NewImage | NewVideo) -> Media:
    if isinstance(new, NewImage):
        image = new.image
        facts = {"mime": image.mime, "width": image.width, "height": image.height, "changes": list(image.changes)}
        flat = kept_image(named(image.flat, "jpg"), image.flat) if image.flat else ""
        return Media(file=kept_image(image.name, image.content), flat=flat, size=len(image.content), **facts)
    video = new.video
    place = default_storage.save(f"posts/videos/{video.name}", video.file)
    facts = {"mime": video.mime, "width": video.width, "height": video.height, "seconds": video.seconds}
    return Media(file=place, size=video.size, silent=video.silent, changes=list(video.changes), **facts)


def _describe(medium: Media, said: ImageText) -> None:
    written = {language: text.strip() for language, text in said.alt.items() if text.strip()}
    medium.alts = {} if said.decorative else written
    medium.decorative = said.decorative


def _write_captions(medium: Media, said: ImageText) -> None:
    for language, captions in said.captions.items() if medium.is_video else ():
        Captions.objects.filter(media=medium, language=language).delete()
        if captions is not None:
            webvtt, subrip = (
                _kept(f"posts/captions/{captions.name(mime)}", captions.written(mime)) for mime in (WEBVTT, SUBRIP)
            )
            Captions.objects.create(media=medium, language=language, webvtt=webvtt, subrip=subrip)


def kept_image(name: str, content: bytes) -> str:
    """Where an image lies below the media folder that bears the hash of its bytes as its name."""
    return _kept(f"posts/{name[:2]}/{name}", content)


def _kept(path: str, content: bytes) -> str:
    """Where the bytes lie below the media folder. The name holds their hash, so the same bytes are kept once."""
    return path if default_storage.exists(path) else default_storage.save(path, ContentFile(content))
