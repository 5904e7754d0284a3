"""What a network would refuse, and what a medium lacks for those who cannot see or hear it: as sentences that say what
to do, each with its place in the editor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts_registry.models import Account
from networks.catalogue import NETWORKS
from networks.types import Problem
from organisation.enums import Language
from publishing.models import Media, Post, Variant
from publishing.models.media import Captions, captions_form, shows_descriptions, silent

Text = str | Promise
SAID_ONCE = ("alt_missing", "captions_missing")


@dataclass(frozen=True)
class Check:
    """One thing in the way: a sentence, and the id of the place in the editor (or on the post's page) that mends it."""

    code: str
    sentence: Text
    anchor: str


SENTENCES: dict[str, Text] = {
    "text_empty": _("%(variant)s has no text."),
    "text_too_long": _("%(variant)s is too long: %(actual)s of at most %(limit)s."),
    "text_forbidden": _("%(variant)s holds a sign that the network refuses, such as < or >. Write it another way."),
    "too_many_hashtags": _("%(variant)s takes at most %(limit)s hashtags; there are %(actual)s."),
    "too_many_cashtags": _("%(variant)s may name at most %(limit)s stock with a $; there are %(actual)s."),
    "too_many_handles": _("%(variant)s may name at most %(limit)s people with an @; there are %(actual)s."),
    "title_missing": _("%(variant)s needs a title."),
    "title_too_long": _("%(variant)s has a title that is too long: %(actual)s of at most %(limit)s."),
    "media_missing": _("%(variant)s needs a picture or a video. Add one."),
    "too_many_media": _("%(variant)s takes at most %(limit)s images; there are %(actual)s."),
    "media_type": _("%(variant)s does not take this type of image."),
    "media_too_large": _("%(variant)s does not take images this large."),
    "media_too_long": _("%(variant)s takes videos of at most %(limit)s seconds; this one lasts %(actual)s."),
    "media_too_long_in_album": _(
        "%(variant)s takes videos of at most %(limit)s seconds beside other images or videos; this one lasts "
        "%(actual)s. Cut it, or take the others away."
    ),
    "video_not_alone": _(
        "%(variant)s takes a video only where it stands alone. Take the other images and videos away."
    ),
    "media_in_reply": _("%(variant)s takes no image or video in an answer."),
    "alt_too_long": _("%(variant)s takes image descriptions of at most %(limit)s characters; one has %(actual)s."),
    "captions_type": _("%(variant)s does not take captions in this form. Take them away."),
    "audience_unknown": _("%(variant)s goes to everyone: the network knows no smaller circle."),
    "too_many_captions": _("%(variant)s takes captions in at most %(limit)s languages; there are %(actual)s."),
}
OF_A_VIDEO: dict[str, Text] = {
    "media_type": _("%(variant)s does not take this type of video."),
    "media_too_large": _("%(variant)s takes videos of at most %(limit)s MB; this one has %(actual)s."),
}
OF_MEASURES = ("media_shape", "media_too_short")
PICTURE_SHAPE = _(
    "%(variant)s takes images between %(narrowest)s and %(widest)s times as wide as they are high; image %(number)s is "
    "%(width)s × %(height)s. Cut it to shape."
)
VIDEO_SHAPE = _(
    "%(variant)s takes videos between %(narrowest)s and %(widest)s times as wide as they are high; video %(number)s is "
    "%(width)s × %(height)s. Cut it to shape."
)
TOO_SHORT = _(
    "%(variant)s takes videos of at least %(limit)s seconds; video %(number)s lasts %(actual)s. Choose a longer one."
)
NO_VIDEO = _("%(variant)s takes no video. Take it away, or choose other accounts.")
ONLY_VIDEO = _("%(variant)s needs a video. Add one.")
NO_PICTURE = _("%(variant)s takes no images, only a video.")
SILENT = _("%(network)s takes neither captions nor a description of a video: say in the text what one hears.")
OTHER = _("%(variant)s would be refused by the network.")


def said(problem: Problem, variant: Variant) -> Text:
    """What the variant's network would refuse, in words."""
    if problem.code in OF_MEASURES and (medium := _medium(problem, variant)):
        return _of_measures(problem.code, medium, variant)
    sentence = _of_media(problem, variant) or SENTENCES.get(problem.code, OTHER)
    in_bytes = problem.code == "media_too_large"
    limit, actual = (_megabytes(one) if in_bytes else one for one in (problem.limit, problem.actual))
    return sentence % {"variant": str(variant), "limit": limit, "actual": actual}


def _of_media(problem: Problem, variant: Variant) -> Text | None:
    can = NETWORKS[variant.account.network].capabilities
    medium = _medium(problem, variant)
    if problem.code == "media_missing" and not can.pictures:
        return ONLY_VIDEO
    if problem.code == "media_type" and medium is not None:
        if medium.is_video and can.videos is None:
            return NO_VIDEO
        if not medium.is_video and not can.pictures:
            return NO_PICTURE
    return OF_A_VIDEO.get(problem.code) if medium is not None and medium.is_video else None


def _of_measures(code: str, medium: Media, variant: Variant) -> Text:
    """Which of the files it is, how it measures, and what to do."""
    can = NETWORKS[variant.account.network].capabilities
    number = 1 + list(variant.post.media.all()).index(medium)
    facts: dict[str, object] = {"variant": str(variant), "number": number}
    if code == "media_too_short" and can.videos:
        return TOO_SHORT % {**facts, "limit": _figure(can.videos.min_seconds), "actual": _figure(medium.seconds)}
    narrowest, widest = (can.videos and can.videos.shape if medium.is_video else can.shape) or (0, 0)
    facts |= {"narrowest": _figure(narrowest), "widest": _figure(widest)}
    sentence = VIDEO_SHAPE if medium.is_video else PICTURE_SHAPE
    return sentence % {**facts, "width": medium.width, "height": medium.height}


def _figure(value: float | None) -> str:
    return number_format(round(value or 0, 2))


def _medium(problem: Problem, variant: Variant) -> Media | None:
    """What `media.<number>` speaks of."""
    number = problem.field.removeprefix("media.")
    media = list(variant.post.media.all())
    return media[int(number)] if number.isdecimal() and int(number) < len(media) else None


def left_behind(media: Iterable[Media], language: str, account: Account) -> Text:
    """What of the videos' words does not go out on `account` beside a text in `language`: its network takes no more.

    Empty where all go.
    """
    for video in media:
        if video.is_video and not video.decorative and account.network in silent():
            return SILENT % {"network": account.network_name}
        taken = video.captions_for(language, account.network)
        left = [one for one in video.captions.all() if one not in taken]
        if taken and left:
            told = {"taken": _listed(taken), "left": _listed(left), "network": account.network_name}
            return _("Of the captions, %(network)s takes no more than these: %(taken)s. Not sent: %(left)s.") % told
    return ""


def _listed(captions: Iterable[Captions]) -> str:
    return ", ".join(str(one) for one in captions)


def _megabytes(size: int | None) -> str:
    return f"{(size or 0) / 1_000_000:.1f}"


def where(problem: Problem, variant: Variant) -> str:
    if problem.field.startswith("media"):
        return "images"
    if problem.field == "title":
        return f"id_title-{variant.account_id}-{variant.language}"
    return anchor_of_variant(variant.account_id, variant.language)


def anchor_of_variant(account_id: int, language: str) -> str:
    return f"id_text-{account_id}-{language}"


def undescribed(post: Post) -> Iterator[Check]:
    """Images that say nothing to who cannot see them, videos that say nothing to who cannot hear them."""
    networks: dict[str, set[str]] = {}
    for variant in post.variants.all():
        networks.setdefault(variant.language, set()).add(variant.account.network)
    for number, medium in enumerate(post.media.all(), start=1):
        for language in sorted(networks):
            if medium.decorative:
                continue
            facts = {"number": number, "language": Language(language).label}
            if medium.is_video:
                yield from _unheard(medium, language, networks[language], facts)
            elif not medium.alt_in(language).strip():
                told = _("Image %(number)s has no description in %(language)s, and is not marked as decoration.")
                yield Check("alt_missing", told % facts, f"id_alt-{medium.pk}-{language}")


def _unheard(video: Media, language: str, networks: set[str], facts: dict[str, object]) -> Iterator[Check]:
    """Captions where a network takes them; where it takes none, words beside the video."""
    if video.silent:
        takers = set()  # there is nothing to be heard; who cannot see it is told what it shows
        networks = {network for network in networks if shows_descriptions(network)}
    else:
        takers = {network for network in networks if captions_form(network)}
    if takers and video.captions_in(language) is None:
        told = _("Video %(number)s has no captions in %(language)s, and is not marked as decoration.")
        yield Check("captions_missing", told % facts, f"id_captions-{video.pk}-{language}")
    if networks - takers - silent() and not video.alt_in(language).strip():
        told = _("Video %(number)s has no description in %(language)s, and is not marked as decoration.")
        yield Check("alt_missing", told % facts, f"id_alt-{video.pk}-{language}")
