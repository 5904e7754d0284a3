"""The part of the editor that speaks of images and videos; only what the networks of the accounts take is offered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts_registry.models import Account
from organisation.enums import Language
from publishing.actions import ImageText, NewUpload
from publishing.enums import UploadKind
from publishing.models import Media
from publishing.models.media import captions_form
from publishing.queries.posts import capabilities_of


@dataclass(frozen=True)
class Worded:
    """Where the captions of a video in one language are given; `current` are those that it has."""

    field: forms.BoundField
    current: Any
    remove: forms.BoundField | None


@dataclass(frozen=True)
class Described:
    """An image or a video with the fields that speak of it."""

    image: Media
    alts: list[forms.BoundField]
    captions: list[Worded]
    decorative: forms.BoundField
    remove: forms.BoundField


class AttachedFields(forms.Form):
    """Mixed into the editor. `images` are what the post has; `languages()` those in which it speaks."""

    new_image = forms.FileField(
        label=_("Add an image"),
        required=False,
        widget=forms.FileInput(
            attrs={"accept": "image/jpeg,image/png,image/webp,image/gif,.heic,.heif", "data-medium": "new"}
        ),
        help_text=_("JPEG, PNG, WebP, HEIC or GIF, at most 15 MB. Parvis removes place and camera from it."),
    )
    new_alt = forms.CharField(
        label=_("What does the new image show?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    new_decorative = forms.BooleanField(label=_("The new image is only decoration"), required=False)
    new_video = forms.FileField(
        label=_("Add a video"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "video/*,.mkv", "data-medium": "new"}),
    )
    new_video_alt = forms.CharField(
        label=_("What does the new video show and say?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    new_captions = forms.FileField(
        label=_("Captions of the new video"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".vtt,.srt"}),
        help_text=_("A WebVTT or SubRip file in the language of the core text. Others can be added after saving."),
    )

    images: list[Media]

    def languages(self) -> list[str]:
        """The codes of those in which the post speaks. The form that mixes this in provides it."""
        raise NotImplementedError

    def offer(self, accounts: list[Account]) -> None:
        """Leaves only the fields for what at least one of `accounts` can send; without accounts, all."""
        self.accounts_meant = accounts
        can = capabilities_of(accounts)
        self.takes_captions = any(captions_form(account.network) for account in accounts)
        unwanted: list[str] = []
        if can and not any(one.pictures and one.max_media for one in can):
            unwanted += ["new_image", "new_alt", "new_decorative"]
        if not any(one.videos for one in can):
            unwanted += ["new_video", "new_video_alt", "new_captions"]
        elif not self.takes_captions:
            unwanted.append("new_captions")
        for name in unwanted:
            del self.fields[name]
        if "new_video" in self.fields:
            most = settings.VIDEO_BYTES // 1_000_000
            told = _(
                "MP4, MOV or WebM, at most %(limit)s MB. Parvis converts it where a network needs it, and removes from "
                "it where and with what it was filmed."
            )
            self.fields["new_video"].help_text = told % {"limit": most}

    def add_media(self) -> None:
        """Fields for what the post has already."""
        for image in self.images:
            self.fields[f"decorative-{image.pk}"] = forms.BooleanField(
                label=_("Only decoration: nothing in it needs words") if image.is_video else _("Only decoration"),
                required=False,
                initial=image.decorative,
            )
            self.fields[f"remove-{image.pk}"] = forms.BooleanField(
                label=_("Take this video away") if image.is_video else _("Take this image away"),
                required=False,
                widget=forms.CheckboxInput(attrs={"data-medium": "kept"}),
            )
            for language in self.languages():
                self._add_words(image, language)

    def _add_words(self, image: Media, language: str) -> None:
        spoken = {"language": Language(language).label}
        asked = (
            _("What does it show and say, in %(language)s?")
            if image.is_video
            else _("What does it show, in %(language)s?")
        )
        self.fields[f"alt-{image.pk}-{language}"] = forms.CharField(
            label=asked % spoken,
            required=False,
            max_length=2000,
            initial=image.alt_in(language),
            widget=forms.Textarea(attrs={"rows": 2, "lang": language}),
        )
        if not image.is_video or not (self.takes_captions or image.captions_in(language)):
            return
        said = _("A WebVTT or SubRip file. It takes the place of the one that is there.")
        self.fields[f"captions-{image.pk}-{language}"] = forms.FileField(
            label=_("Captions in %(language)s") % spoken,
            required=False,
            widget=forms.FileInput(attrs={"accept": ".vtt,.srt"}),
            help_text=said if image.captions_in(language) else _("A WebVTT or SubRip file."),
        )
        if image.captions_in(language):
            self.fields[f"nocaptions-{image.pk}-{language}"] = forms.BooleanField(
                label=_("Take the captions in %(language)s away") % spoken, required=False
            )

    def described(self) -> list[Described]:
        return [
            Described(
                image,
                [self[f"alt-{image.pk}-{language}"] for language in self.languages()],
                [one for language in self.languages() for one in self._worded(image, language)],
                self[f"decorative-{image.pk}"],
                self[f"remove-{image.pk}"],
            )
            for image in self.images
        ]

    def _worded(self, image: Media, language: str) -> list[Worded]:
        name, none = f"captions-{image.pk}-{language}", f"nocaptions-{image.pk}-{language}"
        if name not in self.fields:
            return []
        return [Worded(self[name], image.captions_in(language), self[none] if none in self.fields else None)]

    def shown(self, image: Media) -> bool:
        """Whether what was sent speaks of `image`: one that came meanwhile was not on the page, and stays as it is."""
        pk = image.pk
        own = (f"decorative-{pk}", f"remove-{pk}", f"alt-{pk}-", f"captions-{pk}-", f"nocaptions-{pk}-")
        return any(name.startswith(own[2:]) or name in own[:2] for name in (*self.data, *self.files))

    # ---- Handing over -----------------------------------------------------------------------------------------------
    def said_of(self, image: Media) -> ImageText:
        said = self.cleaned_data
        alt = {**image.alts, **{language: said[f"alt-{image.pk}-{language}"] for language in self.languages()}}
        gone = [code for code in self.languages() if said.get(f"nocaptions-{image.pk}-{code}")]
        captions = {code: None for code in gone if not said.get(f"captions-{image.pk}-{code}")}
        return ImageText(alt, said[f"decorative-{image.pk}"], said[f"remove-{image.pk}"], captions)

    def uploads(self) -> list[NewUpload]:
        """The files that were chosen, as they were sent."""
        said, language, found = self.cleaned_data, self.cleaned_data["language"], list[NewUpload]()
        if file := said.get("new_image"):
            text = {"alt": said["new_alt"], "decorative": said["new_decorative"]}
            found.append(NewUpload(UploadKind.IMAGE, file, language, "new_image", **text))
        if file := said.get("new_video"):
            new = NewUpload(UploadKind.VIDEO, file, language, "new_video", said["new_video_alt"])
            found.append(replace(new, words=said.get("new_captions") or None, words_place="new_captions"))
        for image in self.images:
            for code in self.languages():
                name = f"captions-{image.pk}-{code}"
                if (file := said.get(name)) and not said.get(f"remove-{image.pk}"):
                    found.append(NewUpload(UploadKind.CAPTIONS, file, code, name, media=image.pk))
        return found
