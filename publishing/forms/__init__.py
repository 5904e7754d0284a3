"""Forms of publishing."""

from publishing.forms.editor import PostForm
from publishing.forms.listing import CalendarFilter, PostFilter
from publishing.forms.steps import ApproveForm, RemarkForm, TimeForm, VersionForm, WithdrawForm

__all__ = [
    "ApproveForm",
    "CalendarFilter",
    "PostFilter",
    "PostForm",
    "RemarkForm",
    "TimeForm",
    "VersionForm",
    "WithdrawForm",
]
