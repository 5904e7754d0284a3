"""Forms in which somebody writes for a while: what they typed is kept before they save it (docs/adr/0028).

A form is declared by `kept_as` and, where its thing counts its versions, by the field that holds the one it began with.
Its view binds it with `written`, its template shows `{% unsaved %}` before it and `{% page_mark %}` in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.forms.utils import ErrorDict
from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisation.forms import ActionForm
from organisation.models import FormPage, Person
from organisation.queries.form_pages import unsaved_at

TAKE_UP = "unsaved"  # in an address: the mark of the page whose texts are taken up
LONG_FORMS: dict[str, type[LongForm]] = {}


class TakenUp(QueryDict):
    """What somebody typed and did not save, as if their form was just sent; nobody looked yet whether it is right."""

    def __init__(self, page: FormPage) -> None:
        super().__init__(mutable=True)
        for name, texts in page.texts.items():
            self.setlist(name, texts)
        self.page, self._mutable = page, False


class LongForm(ActionForm):
    """An ActionForm of which nothing typed is lost."""

    kept_as: ClassVar[str] = ""
    version_field: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "kept_as" in vars(cls):
            LONG_FORMS[cls.kept_as] = cls

    @property
    def taken_up(self) -> FormPage | None:
        """The page whose texts stand in the fields, unsaved."""
        return self.data.page if isinstance(self.data, TakenUp) else None

    @property
    def status(self) -> int:
        """Of the answer that shows the form: 422 where what was sent was not taken."""
        return 422 if self.is_bound and not self.taken_up else 200

    def full_clean(self) -> None:
        if self.taken_up:
            self._errors, self.cleaned_data = ErrorDict(renderer=self.renderer), {}
        else:
            super().full_clean()

    def is_valid(self) -> bool:
        return not self.taken_up and super().is_valid()


def place_of(form: type[LongForm] | LongForm, thing: Any = None) -> str:
    """Where the texts of `form` about `thing` belong; None or "" is a thing that is still to be made."""
    return f"{form.kept_as}.{thing.pk if thing else 'new'}"


def is_place(place: str) -> bool:
    """Whether `place` is of a form that is declared."""
    form, _dot, thing = place.partition(".")
    return form in LONG_FORMS and (thing == "new" or (thing.isascii() and thing.isdecimal() and len(thing) <= 18))


def mark_of(text: Any) -> UUID | None:
    """The mark of a page, as its form or an address tells it; None for what is none."""
    try:
        return UUID(str(text)) if text else None
    except ValueError:
        return None


def written(request: HttpRequest, form: type[LongForm], thing: Any = None) -> tuple[Any, ...]:
    """What `form` is bound to: what was sent, or what was not saved and is taken up again, or nothing."""
    return (request.POST, request.FILES) if request.method == "POST" else taken_up(request, form, thing)


def taken_up(request: HttpRequest, form: type[LongForm], thing: Any = None) -> tuple[Any, ...]:
    """What the person wants to go on with, where the address says so; else nothing."""
    mark = mark_of(request.GET.get(TAKE_UP)) if request.method == "GET" else None
    if mark is None or not isinstance(request.user, Person):
        return ()
    page = unsaved_at(place_of(form, thing), request.user, mark)
    return (TakenUp(page),) if page else ()


# ---- What is offered back -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Difference:
    """A text that stands otherwise than it was typed."""

    label: str | Promise
    now: str
    typed: str


@dataclass(frozen=True)
class Unsaved:
    """`is_moved`: somebody changed the thing since. `is_here`: it stands in the fields already."""

    page: FormPage
    differences: list[Difference]
    is_moved: bool
    is_here: bool


def unsaved_in(form: LongForm, person: Person, thing: Any = None) -> Unsaved | None:
    """What `person` typed into `form` and did not save; None where that is nothing, or what stands there anyway."""
    if form.is_bound and not form.taken_up:
        return None
    page = form.taken_up or unsaved_at(place_of(form, thing), person)
    if page is None:
        return None
    began, now = page.texts.get(form.version_field), _standing(form, form.version_field)
    is_moved = bool(thing and began) and began != now
    if form.taken_up:
        return Unsaved(page, [], is_moved, is_here=True)
    differing = {name: typed for name, typed in page.texts.items() if _differs(form, name, typed)}
    shown = [one for name, typed in differing.items() if (one := _difference(form, name, typed))]
    return Unsaved(page, shown, is_moved, is_here=False) if differing else None


def _differs(form: LongForm, name: str, typed: list[str]) -> bool:
    if name in form.fields and form.fields[name].widget.is_hidden:
        return False
    now = _standing(form, name) if name in form.fields else [""]
    return [_plain(one) for one in typed] != [_plain(one) for one in now]


def _standing(form: LongForm, name: str) -> list[str]:
    """What a browser would send of a field that nobody touched."""
    if name not in form.fields:
        return []
    field, value = form.fields[name], form.get_initial_for_field(form.fields[name], name)
    if isinstance(field.widget, forms.CheckboxInput):
        return ["on"] if value else []
    if isinstance(value, list | tuple):
        return [str(getattr(one, "pk", one)) for one in value]
    shown = field.widget.format_value(field.prepare_value(value))
    return [str(one) for one in shown] if isinstance(shown, list) else ["" if shown is None else str(shown)]


def _difference(form: LongForm, name: str, typed: list[str]) -> Difference | None:
    """As people read it; None for what is chosen, not written."""
    field = form.fields.get(name)
    if field is not None and not isinstance(field.widget, forms.TextInput | forms.Textarea):
        return None
    now = "\n".join(_standing(form, name)) if field else ""
    return Difference((field.label if field else None) or _("Another text"), now, "\n".join(typed))


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
