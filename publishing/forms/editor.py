"""The editor: core, variants, images and time in one form, so that one save is one version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums.spending import Spent
from accounts_registry.models import Account
from accounts_registry.queries import capabilities_of
from accounts_registry.queries.counting import counting
from delivery.queries import Price, months_of, price_told
from networks import catalogue
from networks.composition import Composed, compose
from networks.types import Draft, LinkCard
from networks.types import Media as SentMedia
from organisation.enums import Language
from organisation.forms import MeantField
from organisation.forms.timing import FoldField, WallTimeFormField
from organisation.long_forms import LongForm
from organisation.models import Person, Unit
from publishing.actions import PostContent, VariantText, create_post, edit_post
from publishing.forms.attached import AttachedFields
from publishing.forms.timing import needs_fold, timing_of
from publishing.models import Post, Variant
from publishing.models.card import tells_cards
from publishing.queries.refusals import left_behind
from publishing.queries.uploads import after_uploads

TEXT_ROWS = {"rows": 6}


class AddressField(forms.URLField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=500, assume_scheme="https", **kwargs)


@dataclass(frozen=True)
class Place:
    """Where one account writes in one language, on the page."""

    account: Account
    language: str
    follows_core: bool
    title: forms.BoundField | None
    text: forms.BoundField
    link: forms.BoundField
    sent: Composed
    price: Price | None = None
    note: str | Promise = ""
    card_picture: str = ""

    @property
    def language_label(self) -> str:
        return str(Language(self.language).label)


class PostForm(AttachedFields, LongForm):
    """`accounts` are those the person may choose from; the post's own always stay on the page."""

    kept_as, version_field = "post", "version"

    unit = forms.ChoiceField(label=_("Unit"))
    title = forms.CharField(label=_("Working title"), max_length=200, help_text=_("Only colleagues see it."))
    language = forms.ChoiceField(label=_("Language of the core text"), choices=Language.choices)
    core_text = forms.CharField(
        label=_("Core text"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Accounts in the same language use it as it stands, unless you write them a text of their own."),
    )
    link = AddressField(label=_("Link"))
    bare_cards = forms.BooleanField(
        label=_("Leave the page's picture out of the link's card"),
        required=False,
        widget=forms.CheckboxInput(attrs={"data-bare-cards": "data-bare-cards"}),
        help_text=_("On networks that show of the page what Parvis tells: its title, its description and its picture."),
    )
    accounts = forms.TypedMultipleChoiceField(
        label=_("Accounts"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    wall_time = WallTimeFormField(label=_("Planned for"), required=False)
    fold = FoldField()
    ad_hoc = forms.BooleanField(label=_("Outside the monthly plan"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    meant = MeantField()

    def __init__(
        self, *args: Any, accounts: Iterable[Account], units: list[Unit], post: Post | None = None, **kwargs: Any
    ) -> None:
        kwargs["initial"] = _initial(post, units)
        super().__init__(*args, **kwargs)
        self.post = post
        own = [variant.account for variant in post.variants.all()] if post else []
        self.choices = {account.pk: account for account in [*accounts, *own]}
        fields: dict[str, Any] = self.fields
        fields["accounts"].choices = [(pk, account.label) for pk, account in self.choices.items()]
        if post is None:
            fields["unit"].choices = [(unit.pk, unit.name) for unit in units]
        else:
            del fields["unit"]
            self.zone = post.zone or post.unit.time_zone
        self.images = [image for image in post.media.all() if not self.is_bound or self.shown(image)] if post else []
        self.offer(self._chosen() or list(self.choices.values()))
        self._add_places()
        self.add_media()

    # ---- Fields that depend on the post -----------------------------------------------------------------------------
    def _chosen(self) -> list[Account]:
        """Accounts that are ticked in what was sent, else in the post."""
        if self.is_bound:
            ticked = {value for value in self._sent("accounts") if value.isdecimal()}
            return [account for pk, account in self.choices.items() if str(pk) in ticked]
        if self.post is None:
            return []
        own = {variant.account_id for variant in self.post.variants.all()}
        return [account for pk, account in self.choices.items() if pk in own]

    def _sent(self, name: str) -> list[str]:
        data: Any = self.data
        return list(data.getlist(name)) if hasattr(data, "getlist") else [str(one) for one in data.get(name, [])]

    def _places(self) -> Iterator[tuple[Account, str, Variant | None]]:
        written = {(one.account_id, one.language): one for one in self.post.variants.all()} if self.post else {}
        for account in self._chosen():
            extra = [language for pk, language in written if pk == account.pk and language not in account.languages]
            for language in [*account.languages, *extra]:
                yield account, language, written.get((account.pk, language))

    def _add_places(self) -> None:
        for account, language, variant in self._places():
            name = f"{account.pk}-{language}"
            followed = {**_counting(account), **self._followed(name, follows_core=language == self["language"].value())}
            self.fields[f"text-{name}"] = forms.CharField(
                label=Language(language).label,
                required=False,
                max_length=10_000,
                initial=variant.text if variant else "",
                widget=forms.Textarea(attrs={**TEXT_ROWS, **followed, "lang": language}),
            )
            initial = variant.link if variant else ""
            self.fields[f"link-{name}"] = AddressField(label=_("Another link than the post's"), initial=initial)
            if limit := _title_limit(account):
                self.fields[f"title-{name}"] = forms.CharField(
                    label=_("Title"),
                    required=False,
                    max_length=300,
                    initial=variant.title if variant else "",
                    help_text=_("Everybody sees it; at most %(limit)s characters.") % {"limit": limit},
                    widget=forms.TextInput(attrs={"lang": language}),
                )

    def _followed(self, name: str, *, follows_core: bool) -> dict[str, str]:
        """From which other fields the browser knows what goes out while the text of `name` is typed."""
        ids = {"data-link": f"link-{name}", "data-link-else": "link", "data-text-else": "core_text"}
        return {key: str(self.auto_id) % field for key, field in ids.items() if follows_core or key != "data-text-else"}

    def languages(self) -> list[str]:
        """Those in which the post speaks, the core's own first."""
        core = str(self["language"].value() or "")
        spoken = [language for _account, language, _variant in self._places()]
        return list(dict.fromkeys([*([core] if core in Language.values else []), *spoken]))

    # ---- What the page asks -----------------------------------------------------------------------------------------
    def places(self) -> dict[Account, list[Place]]:
        """By account, in the order of the choices."""
        found: dict[Account, list[Place]] = {}
        months = months_of(self._chosen(), self.post.due_at if self.post else None)
        core = self["language"].value()
        for account, language, _variant in self._places():
            name = f"{account.pk}-{language}"
            text, link = self[f"text-{name}"], self[f"link-{name}"]
            title = self[f"title-{name}"] if f"title-{name}" in self.fields else None
            draft = self._draft_at(name, language, account)
            price = price_told(draft, account, months, Spent.POST)
            sent = compose(draft, account.network)
            note = left_behind(self.images, language, account)
            shown = self.post.card_picture_url(draft.link) if self.post and draft.card else ""
            place = Place(account, language, language == core, title, text, link, sent, price, note, shown)
            found.setdefault(account, []).append(place)
        return found

    def _draft_at(self, name: str, language: str, account: Account) -> Draft:
        """What goes out of what stands in the fields; the browser goes on from there while somebody types."""
        core = self["core_text"].value() if language == self["language"].value() else ""
        kept = [image for image in self.images if not self[f"remove-{image.pk}"].value()]
        link = str(self[f"link-{name}"].value() or self["link"].value() or "")
        known = self.post.cards.get(link) if self.post and tells_cards(account.network) else None
        return Draft(
            text=str(self[f"text-{name}"].value() or core or "").strip(),
            language=language,
            link=link,
            card=LinkCard(known["title"], known["description"]) if known else None,
            media=tuple(SentMedia(Path(str(image.file)), image.mime) for image in kept),
        )

    @property
    def asks_which(self) -> bool:
        return needs_fold(self, self.post)

    # ---- Handing over -----------------------------------------------------------------------------------------------
    def save(self, by: Person) -> Post | None:
        """The post as written, or None: the form then says why."""
        if self.post is None:
            unit = Unit.objects.get(pk=self.cleaned_data["unit"])
            return self.carry_out(lambda: create_post(unit=unit, content=self.content(unit.time_zone), by=by))
        post, version = self.post, after_uploads(self.post, self.cleaned_data["version"] or 0)
        content, meant = self.content(self.zone), self.cleaned_data["meant"]
        return self.carry_out(lambda: edit_post(post=post, version=version, content=content, by=by, meant=meant))

    def content(self, zone: str) -> PostContent:
        """What was typed and chosen."""
        said = self.cleaned_data
        own = {name: said[name] for name in ("title", "language", "core_text", "link", "ad_hoc", "bare_cards")}
        return PostContent(
            **own,
            variants=[self._variant(account, language) for account, language, _variant in self._places()],
            images={image.pk: self.said_of(image) for image in self.images},
            uploads=self.uploads(),
            timing=timing_of(said, zone),
        )

    def _variant(self, account: Account, language: str) -> VariantText:
        name = f"{account.pk}-{language}"
        text = self.cleaned_data[f"text-{name}"]
        title = self.cleaned_data.get(f"title-{name}", "")
        return VariantText(account, language, text, self.cleaned_data[f"link-{name}"], title)

    def _here(self, name: str | None) -> str | None:
        return super()._here({"zone": "wall_time"}.get(name or "", name))


def _initial(post: Post | None, units: list[Unit]) -> dict[str, Any]:
    if post is None:
        spoken = units[0].languages if units else []
        own = (get_language() or "")[:2]
        return {"language": own if own in spoken else next(iter(spoken), "")}
    names = ("title", "language", "core_text", "link", "bare_cards", "ad_hoc", "wall_time", "version")
    chosen = list(dict.fromkeys(variant.account_id for variant in post.variants.all()))
    fold = str(post.fold) if post.comes_twice else ""
    return {**{name: getattr(post, name) for name in names}, "accounts": chosen, "fold": fold}


def _title_limit(account: Account) -> int | None:
    network = catalogue.NETWORKS.get(account.network)
    return network.capabilities.title_limit if network else None


def _counting(account: Account) -> dict[str, str]:
    """What the counter in the browser needs; nothing for a network that the catalogue has lost."""
    if account.network not in catalogue.NETWORKS:
        return {}
    can = capabilities_of(account)
    return counting(can) | ({"data-link-card": "data-link-card"} if can.link_card else {})
