"""What the gallery of components shows: plausible things in every state, none of them stored."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace as Thing
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.templatetags.frame import LOOKS


class SampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label=_("Title"), help_text=_("Readers do not see it."), max_length=40)
    text = forms.CharField(
        label=_("Text"),
        widget=forms.Textarea(attrs={"data-counting": "mastodon", "data-limit": "500", "rows": 4}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=[("fr", "Français"), ("nl", "Nederlands")])
    audience = forms.MultipleChoiceField(
        label=_("Audiences"),
        choices=[("public", _("General public")), ("press", _("Press"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("page", _("Page")), ("group", _("Group"))], widget=forms.RadioSelect
    )
    on = forms.DateField(label=_("On"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    decorative = forms.BooleanField(label=_("The image is only decoration"), required=False)


class SampleFilter(forms.Form):
    words = forms.CharField(label=_("Words"), required=False)
    state = forms.ChoiceField(label=_("State"), choices=[("", _("All")), ("draft", _("Draft"))], required=False)


def _story(now: datetime) -> list[Thing]:
    return [
        Thing(told=_("An approved this text"), occurred_at=now - timedelta(hours=2), details={}),
        Thing(
            told=_("An asked for changes"),
            occurred_at=now - timedelta(days=1),
            details={"reason": "De deadline ontbreekt in de Nederlandse tekst."},
        ),
        Thing(told=_("Bram wrote this post"), occurred_at=now - timedelta(days=9), details={}),
    ]


def _weeks() -> list[list[dict[str, Any]]]:
    days: list[dict[str, Any]] = [
        {"number": n, "gap": n in {9, 17}, "weekend": n % 7 in {6, 0}, "today": n == 10} for n in range(1, 29)
    ]
    days[9]["chips"] = [
        {"time": "09:00", "language": "fr", "state": "scheduled", "network": "bluesky", "text": "Rentrez à temps"},
        {"time": "09:00", "language": "nl", "state": "draft", "network": "mastodon", "text": "Dien tijdig in"},
    ]
    days[10]["chips"] = [
        {"time": "14:30", "language": "fr", "state": "failed", "network": "bluesky", "text": "Nos bureaux ferment"}
    ]
    return [days[at : at + 7] for at in range(0, 28, 7)]


def samples() -> dict[str, Any]:
    now = timezone.now()
    refused = SampleForm({"text": "Bonjour #fisc, voir https://finances.belgium.be/fr"})
    return {
        "looks": list(LOOKS),
        "form": SampleForm(auto_id="id_fresh_%s", initial={"text": "Votre déclaration est prête. @belgium #fisc"}),
        "refused": refused,
        "filter": SampleFilter({"words": "tva"}, auto_id="id_filter_%s"),
        "story": _story(now),
        "facts": [(_("Unit"), "SPF Finances"), (_("Language"), "FR"), (_("Review"), None)],
        "soon": now + timedelta(hours=1),
        "tomorrow": now + timedelta(days=1),
        "past": now - timedelta(hours=5),
        "steps": [
            {"label": _("Why"), "state": "done", "url": "#"},
            {"label": _("Who"), "state": "current"},
            {"label": _("Check"), "state": "todo"},
        ],
        "tabs": [
            {"label": _("Open"), "url": "#", "current": True, "count": 4},
            {"label": _("Done"), "url": "#", "current": False},
        ],
        "weeks": _weeks(),
        "hold": Thing(
            scope_label="SPF Finances", reason=_("Flood in Liège"), placed_by="An", placed_at=now, until=None
        ),
        "text_fr": "Votre déclaration est prête. Vérifiez-la avant le 30 juin sur https://www.taxonweb.be #fisc",
    }
