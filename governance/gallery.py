"""What the gallery of components shows: plausible things in every state, none stored and none translated."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace as Thing
from typing import Any

from django import forms
from django.utils import timezone

from governance.templatetags.frame import LOOKS
from organisation.queries import Page
from organisation.queries.audit import LatestEvents


class SampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label="Title", help_text="Readers do not see it.", max_length=40)
    text = forms.CharField(
        label="Text",
        widget=forms.Textarea(attrs={"data-counting": "mastodon", "data-limit": "500", "rows": 4}),
    )
    language = forms.ChoiceField(label="Language", choices=[("fr", "Français"), ("nl", "Nederlands")])
    audience = forms.MultipleChoiceField(
        label="Audiences",
        choices=[("public", "General public"), ("press", "Press")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    kind = forms.ChoiceField(label="Kind", choices=[("page", "Page"), ("group", "Group")], widget=forms.RadioSelect)
    on = forms.DateField(label="On", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    decorative = forms.BooleanField(label="The image is only decoration", required=False)


class SampleFilter(forms.Form):
    words = forms.CharField(label="Words", required=False)
    state = forms.ChoiceField(label="State", choices=[("", "All"), ("draft", "Draft")], required=False)


def _story(now: datetime) -> list[Any]:
    return [
        Thing(told="An approved this text", occurred_at=now - timedelta(hours=2), details={}),
        Thing(
            told="An asked for changes",
            occurred_at=now - timedelta(days=1),
            details={"reason": "De deadline ontbreekt in de Nederlandse tekst."},
        ),
        Thing(told="Bram wrote this post", occurred_at=now - timedelta(days=9), details={}),
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
        "story": LatestEvents("", _story(now), is_cut=False),
        "facts": [("Unit", "SPF Finances"), ("Language", "FR"), ("Review", None)],
        "soon": now + timedelta(hours=1),
        "tomorrow": now + timedelta(days=1),
        "past": now - timedelta(hours=5),
        "steps": [
            {"label": "Why", "state": "done", "url": "#"},
            {"label": "Who", "state": "current"},
            {"label": "Check", "state": "todo"},
        ],
        "tabs": [
            {"label": "Open", "url": "#", "current": True, "count": 4},
            {"label": "Done", "url": "#", "current": False},
        ],
        "page": Page([], previous="newer", next="older"),
        "weeks": _weeks(),
        "hold": Thing(scope_label="SPF Finances", reason="Flood in Liège", placed_by="An", placed_at=now, until=None),
        "text_fr": "Votre déclaration est prête. Vérifiez-la avant le 30 juin sur https://www.taxonweb.be #fisc",
    }
