"""Verbs of publishing."""

from publishing.actions.attaching import ImageText, NewImage, NewVideo
from publishing.actions.cards import read_cards
from publishing.actions.reading import expire_uploads, read_uploads
from publishing.actions.receiving import NewUpload, dismiss_upload
from publishing.actions.review import (
    acknowledge_time,
    approve_post,
    reject_post,
    reopen_review,
    request_changes,
    submit_post,
)
from publishing.actions.scheduling import (
    expire_overdue,
    reconfirm_post,
    reschedule_post,
    schedule_post,
    unschedule_post,
    withdraw_post,
)
from publishing.actions.writing import PostContent, Timing, VariantText, create_post, edit_post

__all__ = [
    "ImageText",
    "NewImage",
    "NewUpload",
    "NewVideo",
    "PostContent",
    "Timing",
    "VariantText",
    "acknowledge_time",
    "approve_post",
    "create_post",
    "dismiss_upload",
    "edit_post",
    "expire_overdue",
    "expire_uploads",
    "read_cards",
    "read_uploads",
    "reconfirm_post",
    "reject_post",
    "reopen_review",
    "request_changes",
    "reschedule_post",
    "schedule_post",
    "submit_post",
    "unschedule_post",
    "withdraw_post",
]
