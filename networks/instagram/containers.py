"""How something gets onto Instagram: a container that the network fills from our address, then publishes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from networks.errors import Invalid, QuotaExhausted, Unavailable
from networks.graph.acting import Acting, Pause, wait_until
from networks.graph.reading import listed, read_id
from networks.types import Media

LOOKS = 60  # with the pauses between them, what `calls.PROCESSING` gives the network
# The day's allowance moves with the hour: what was published 24 hours ago no longer counts.
ASK_AGAIN = timedelta(hours=1)


def check_allowance(acting: Acting, account: str, now: datetime) -> None:
    """`QuotaExhausted` where the account has published all that it may within 24 hours."""
    told = listed(acting.edge(account, "content_publishing_limit", fields="config,quota_usage"))
    limit = (told[0].get("config") or {}).get("quota_total") if told else None
    used = told[0].get("quota_usage") if told else None
    if isinstance(limit, int) and isinstance(used, int) and used >= limit:
        raise QuotaExhausted(now + ASK_AGAIN, detail=f"{used} of {limit} publications within 24 hours")


def filled(acting: Acting, account: str, media: Sequence[Media], caption: str, pause: Pause) -> str:
    """The id of a container that is ready to be published. Nothing is visible yet."""
    with acting.quietly():
        if len(media) == 1:
            made = _container(acting, account, caption=caption, **_source(media[0]))
        else:
            parts = [_container(acting, account, is_carousel_item="true", **_source(one, "VIDEO")) for one in media]
            for part in parts:
                _wait(acting, part, pause)
            made = _container(acting, account, media_type="CAROUSEL", children=",".join(parts), caption=caption)
        _wait(acting, made, pause)
    return made


def _container(acting: Acting, account: str, **facts: Any) -> str:
    return acting.put(account, "media", read_id, **{name: value for name, value in facts.items() if value})


def _source(media: Media, film: str = "REELS") -> dict[str, str]:
    """`film` is what a film is called here: a reel cannot stand in an album."""
    if not media.url:
        raise Invalid("media", "the network fetches media from a public address, and this one has none")
    if media.is_video:
        return {"media_type": film, "video_url": media.url}
    return {"image_url": media.url, "alt_text": media.alt}


def _wait(acting: Acting, container: str, pause: Pause) -> None:
    """Until the network has fetched and processed it."""
    if not wait_until(lambda: _is_finished(acting, container), pause, LOOKS):
        raise Unavailable("media not processed in time")


def _is_finished(acting: Acting, container: str) -> bool:
    told = acting.node(container, fields="status_code,status")
    code = told.get("status_code")
    if code == "ERROR":
        raise Invalid("media", str(told.get("status") or code)[:200])
    if code == "EXPIRED":
        raise Unavailable("the container expired")
    return code in ("FINISHED", "PUBLISHED")
