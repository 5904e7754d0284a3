"""Sessions of the committee: planned, their agenda, who came, what was said, minutes, votes in writing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts_registry.actions import (
    approve_minutes,
    begin_written,
    change_session,
    defer_dossier,
    discuss_item,
    note_attendance,
    plan_session,
    set_agenda,
    write_minutes,
)
from accounts_registry.actions.sessions import Entry
from accounts_registry.enums import FileKind, Presence
from accounts_registry.models import (
    AgendaItem,
    CommitteeSession,
    JustificationDossier,
    Minutes,
    WrittenProcedure,
)
from accounts_registry.queries.frames import for_an_agenda
from accounts_registry.queries.sessions import agenda, attending, committees_of, later_sessions
from organisation.enums import Language
from organisation.forms import ActionForm, ReasonForm
from organisation.forms.timing import FoldField, WallTimeFormField
from organisation.long_forms import LongForm
from organisation.models import Person, Unit


class SessionForm(ActionForm):
    """When and where; of a committee that `person` prepares."""

    unit = forms.ModelChoiceField(label=_("Committee of"), queryset=Unit.objects.none(), empty_label=None)
    wall_time = WallTimeFormField(label=_("Day and hour"), error_messages={"required": _("Choose a date and time.")})
    fold = FoldField()
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    link = forms.URLField(
        label=_("Link to the meeting"), max_length=500, required=False, assume_scheme="https",
        help_text=_("For members who attend remotely."),
    )  # fmt: skip
    names_votes = forms.BooleanField(
        label=_("The minutes name who voted how"),
        required=False,
        initial=True,
        help_text=_("Otherwise they give the figures, and the names of those who stood aside."),
    )
    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, person: Person, session: CommitteeSession | None = None, **kwargs: Any) -> None:
        self.person, self.session = person, session
        super().__init__(*args, **kwargs)
        units: Any = self.fields["unit"]
        units.queryset = committees_of(person)
        if session is not None or units.queryset.count() == 1:
            del self.fields["unit"]
        if session is not None:
            names = ("wall_time", "fold", "place", "link", "names_votes", "edition")
            self.initial = {name: getattr(session, name) for name in names}

    @property
    def shown(self) -> list[Any]:
        """Which of two hours is meant is asked on the night when the clock goes back alone."""
        asks = "fold" in self.errors or bool(self.data.get("fold"))
        return [field for field in self.visible_fields() if field.name != "fold" or asks]

    def save(self) -> CommitteeSession | None:
        told: dict[str, Any] = dict(self.cleaned_data)
        edition = told.pop("edition", None) or 0
        if self.session is not None:
            told.pop("unit", None)
            return self.carry_out(change_session, session=self.session, by=self.person, edition=edition, **told)
        unit = told.pop("unit", None) or committees_of(self.person).get()
        return self.carry_out(plan_session, unit=unit, by=self.person, **told)


class AgendaForm(ActionForm):
    """The points that wait, each with its place or gone; further dossiers, and points of another kind."""

    ROWS = range(1, 4)

    edition = forms.IntegerField(widget=forms.HiddenInput)
    dossiers = forms.ModelMultipleChoiceField(
        label=_("Put on the agenda"),
        queryset=JustificationDossier.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, session: CommitteeSession, **kwargs: Any) -> None:
        self.session = session
        self.items = [one for one in agenda(session) if one.is_pending]
        kwargs["initial"] = {"edition": session.edition, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        standing = [one.dossier_id for one in self.items if one.dossier_id]
        free = for_an_agenda(session.unit.path, session).exclude(pk__in=standing)
        field: Any = self.fields["dossiers"]
        field.queryset = free
        field.label_from_instance = lambda dossier: f"{dossier.title} · {dossier.unit.name}"
        for place, item in enumerate(self.items, start=1):
            self.fields[f"place_{item.pk}"] = forms.IntegerField(
                label=_("Place of %(point)s") % {"point": item}, initial=place, min_value=1, max_value=999
            )
            self.fields[f"off_{item.pk}"] = forms.BooleanField(
                label=_("Take %(point)s off") % {"point": item}, required=False
            )
        for row in self.ROWS:
            label = _("Another point, %(n)d") % {"n": row}
            self.fields[f"title_{row}"] = forms.CharField(label=label, max_length=200, required=False)

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [{"item": one, "place": self[f"place_{one.pk}"], "off": self[f"off_{one.pk}"]} for one in self.items]

    @property
    def titles(self) -> list[Any]:
        return [self[f"title_{row}"] for row in self.ROWS]

    def save(self, by: Person) -> CommitteeSession | None:
        told: dict[str, Any] = self.cleaned_data
        staying = [one for one in self.items if not told[f"off_{one.pk}"]]
        staying.sort(key=lambda one: (told[f"place_{one.pk}"], one.position))
        entries: list[Entry] = [{"item": one.pk} for one in staying]
        entries += [{"dossier": one} for one in told["dossiers"]]
        entries += [{"title": told[f"title_{row}"]} for row in self.ROWS if told[f"title_{row}"]]
        edition = told["edition"]
        return self.carry_out(set_agenda, session=self.session, by=by, edition=edition, entries=entries)


class AttendanceForm(ActionForm):
    """A row for each member; whoever is not noted stays as they are."""

    def __init__(self, *args: Any, session: CommitteeSession, **kwargs: Any) -> None:
        self.session = session
        super().__init__(*args, **kwargs)
        for one in attending(session):
            self.fields[f"member_{one.person.pk}"] = forms.ChoiceField(
                label=f"{one.person.name} ({_('chair')})" if one.is_chair else one.person.name,
                choices=Presence.choices,
                initial=one.presence,
                required=False,
                widget=forms.RadioSelect,
            )

    def save(self, by: Person) -> CommitteeSession | None:
        told: dict[str, Any] = self.cleaned_data
        presences = {int(name.removeprefix("member_")): one for name, one in told.items() if one}
        return self.carry_out(note_attendance, session=self.session, by=by, presences=presences)


class DiscussForm(ActionForm):
    note = forms.CharField(
        label=_("What was said or agreed"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say what was said or agreed.")},
    )

    def save(self, item: AgendaItem, by: Person) -> AgendaItem | None:
        return self.carry_out(discuss_item, item=item, by=by, note=self.cleaned_data["note"])


class DeferForm(ReasonForm):
    """To which session, where one is planned."""

    to: forms.ModelChoiceField[CommitteeSession] = forms.ModelChoiceField(
        label=_("To which session?"),
        queryset=None,
        required=False,
        empty_label=_("None yet: until it is taken up again"),
    )
    field_order = ("to", "reason")

    def __init__(self, *args: Any, session: CommitteeSession, **kwargs: Any) -> None:
        kwargs["auto_id"] = "id_defer_%s"
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.queryset = later_sessions(session)

    def save(self, dossier: JustificationDossier, by: Person) -> JustificationDossier | None:
        return self.carry_out(defer_dossier, dossier=dossier, by=by, **self.cleaned_data)


class WrittenForm(ActionForm):
    ends_on = forms.DateField(
        label=_("Last day for votes"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def save(self, dossier: JustificationDossier, by: Person) -> WrittenProcedure | None:
        return self.carry_out(begin_written, dossier=dossier, by=by, **self.cleaned_data)


class MinutesForm(LongForm):
    """What the session's own rows do not tell."""

    kept_as = "minutes"
    version_field = "edition"

    edition = forms.IntegerField(widget=forms.HiddenInput)
    remarks = forms.CharField(
        label=_("Remarks"),
        max_length=20000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Presence, votes, decisions and conditions are told by what happened in the session."),
    )

    def __init__(self, *args: Any, minutes: Minutes | None, **kwargs: Any) -> None:
        told = {"edition": minutes.edition, "remarks": minutes.remarks} if minutes else {"edition": 0}
        kwargs["initial"] = {**told, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def save(self, session: CommitteeSession, by: Person) -> Minutes | None:
        return self.carry_out(write_minutes, session=session, by=by, **self.cleaned_data)


class ApproveForm(ActionForm):
    """Carries what was read."""

    content_hash = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def save(self, minutes: Minutes, by: Person) -> Minutes | None:
        return self.carry_out(approve_minutes, minutes=minutes, by=by, **self.cleaned_data)


class MinutesFileForm(forms.Form):
    """As which file, and in which of the unit's languages."""

    language = forms.ChoiceField(label=_("Language"))
    kind = forms.ChoiceField(choices=FileKind.choices, widget=forms.HiddenInput)

    def __init__(self, *args: Any, session: CommitteeSession, mine: str = "", **kwargs: Any) -> None:
        kwargs["auto_id"] = "id_file_%s"
        super().__init__(*args, **kwargs)
        spoken = session.unit.languages
        field: Any = self.fields["language"]
        field.choices = [(one.value, one.label) for one in Language if one.value in spoken]
        field.initial = mine if mine in spoken else spoken[0]
