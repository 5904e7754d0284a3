"""Posts and the calendar."""

from __future__ import annotations

from tests.architecture.rows import (
    EVERYONE,
    POST,
    POSTS,
    SENIORS,
    WRITERS,
    Row,
    rows,
)


def _post(names: str, methods: str, may: frozenset[str], thing: str = "") -> list[Row]:
    return rows(names, methods, may, sees=POSTS if thing else EVERYONE, thing=thing, room="publishing")


_PAGES = [
    *_post("calendar post_list", "GET", POSTS),
    *rows("calendar_month", "GET", POSTS, thing="month", room="publishing"),
    *rows("calendar_day", "GET", POSTS, thing="day", room="publishing"),
    *_post("approvals", "GET", SENIORS),
    *_post("post_new", "GET POST", WRITERS),
    *_post("image", "GET", POSTS, "image"),
    *_post("video", "GET", POSTS, "video"),
    *_post("captions", "GET", POSTS, "captions"),
    *_post("post_detail", "GET", POSTS, "post"),
    *_post("post_edit", "GET POST", WRITERS, "post"),
    *_post("cards", "GET", POSTS, "post"),
    *_post("card_picture", "GET", POSTS, "card"),
    *_post("upload", "GET", POSTS, "upload"),
    *_post("dismiss_upload", "POST", WRITERS, "upload"),
    *_post("submit withdraw", "POST", WRITERS, "post"),
    *_post("approval", "GET", SENIORS, "post_in_review"),
    *_post("approve request_changes reject", "POST", SENIORS, "post_in_review"),
    *_post("schedule time_seen", "POST", SENIORS, "post_approved"),
    *_post("move", "GET", SENIORS, "post_scheduled"),
    *_post("reschedule reconfirm unschedule", "POST", SENIORS, "post_scheduled"),
]

_API = [
    *rows("post-list", "GET", POSTS),
    *rows("post-list", "POST", WRITERS),
    *rows("post-detail", "GET", POSTS, sees=POSTS, thing="post"),
    *rows("post-detail", "PATCH", WRITERS, sees=POSTS, thing="post"),
    *(
        Row(f"post-{kind}", POST, WRITERS, sees=POSTS, thing="post", form=True)
        for kind in ("images", "videos", "captions")
    ),
    *rows("post-upload", "GET", POSTS, sees=POSTS, thing="upload"),
    *rows("post-submit post-withdraw", "POST", WRITERS, sees=POSTS, thing="post"),
    *rows("post-approve post-request-changes post-reject", "POST", SENIORS, sees=POSTS, thing="post_in_review"),
    *rows("post-unschedule", "POST", SENIORS, sees=POSTS, thing="post_scheduled"),
    *rows("post-upload-dismiss", "POST", WRITERS, sees=POSTS, thing="upload"),
    *rows("post-schedule post-time-seen", "POST", SENIORS, sees=POSTS, thing="post_approved"),
]

ROWS = [*_PAGES, *_API]
