"""Small forms: one step of a post each."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisation.fields import within_time
from organisation.forms import ActionForm, MeantField
from organisation.forms.timing import FoldField, WallTimeFormField
from organisation.models import Person
from publishing.actions import (
    Timing,
    approve_post,
    reject_post,
    request_changes,
    submit_post,
    withdraw_post,
)
from publishing.forms.timing import needs_fold, timing_of
from publishing.models import Post

# No version of a post: a form that does not say what its page showed was read by nobody.
UNREAD = -1


class VersionForm(ActionForm):
    """Submits the text that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def save(self, post: Post, by: Person) -> Post | None:
        version = self.cleaned_data["version"]
        return self.carry_out(submit_post, post=post, by=by, version=UNREAD if version is None else version)


class ApproveForm(ActionForm):
    """Approves the content whose hash the page held, for the time that it told."""

    content_hash = forms.CharField(widget=forms.HiddenInput, max_length=64)
    planned_for = forms.DateTimeField(widget=forms.HiddenInput, required=False, validators=[within_time])
    meant = MeantField()

    def save(self, post: Post, by: Person) -> Post | None:
        return self.carry_out(approve_post, post=post, by=by, **self.cleaned_data)


class RemarkForm(ActionForm):
    """Why the text whose hash the page held goes back, or is refused."""

    content_hash = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    reason = forms.CharField(
        label=_("Why?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why, so that the author knows what to do.")},
    )

    def send_back(self, post: Post, by: Person) -> Post | None:
        said, seen = self.cleaned_data["reason"], self.cleaned_data["content_hash"]
        return self.carry_out(request_changes, post=post, by=by, remark=said, content_hash=seen)

    def refuse(self, post: Post, by: Person) -> Post | None:
        return self.carry_out(reject_post, post=post, by=by, **self.cleaned_data)


class WithdrawForm(ActionForm):
    reason = forms.CharField(
        label=_("Why?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why you withdraw it.")},
    )

    def save(self, post: Post, by: Person) -> Post | None:
        return self.carry_out(withdraw_post, post=post, by=by, reason=self.cleaned_data["reason"])


class TimeForm(ActionForm):
    """When a post goes out, on the clock of its unit."""

    wall_time = WallTimeFormField(label=_("Date and time"), error_messages={"required": _("Choose a date and time.")})
    fold = FoldField()
    meant = MeantField()

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.post = post
        self.zone = post.zone or post.unit.time_zone
        self.fields["wall_time"].initial = post.wall_time
        self.fields["wall_time"].help_text = _("Time in %(zone)s") % {"zone": self.zone}
        if post.comes_twice:
            self.fields["fold"].initial = str(post.fold)

    @property
    def asks_which(self) -> bool:
        return needs_fold(self, self.post)

    def save(self, action: Any, by: Person) -> Post | None:
        timing: Timing = timing_of(self.cleaned_data, self.zone)
        return self.carry_out(action, post=self.post, by=by, timing=timing, meant=self.cleaned_data["meant"])
