"""What the editor and the calendar make of a wall time."""

from __future__ import annotations

from typing import Any

from django import forms

from publishing.actions import Timing
from publishing.models import Post


def timing_of(cleaned: dict[str, Any], zone: str) -> Timing:
    return Timing(cleaned.get("wall_time"), zone, cleaned.get("fold"))


def needs_fold(form: forms.BaseForm, post: Post | None) -> bool:
    """True where the question has to be on the page: the time comes twice, or the answer was missing."""
    return "fold" in form.errors or bool(form.data.get("fold")) or bool(post and post.comes_twice)
