"""Pages of publishing."""

from publishing.views.approval import approval, approvals, approve, reject, request_changes
from publishing.views.calendar import calendar, day, move
from publishing.views.cards import card_picture, cards
from publishing.views.images import captions, image, video
from publishing.views.posts import post_detail, post_edit, post_list, post_new
from publishing.views.steps import step, submit, time_seen, withdraw
from publishing.views.uploads import dismiss_upload, upload

__all__ = [
    "approval",
    "approvals",
    "approve",
    "calendar",
    "captions",
    "card_picture",
    "cards",
    "day",
    "dismiss_upload",
    "image",
    "move",
    "post_detail",
    "post_edit",
    "post_list",
    "post_new",
    "reject",
    "request_changes",
    "step",
    "submit",
    "time_seen",
    "upload",
    "video",
    "withdraw",
]
