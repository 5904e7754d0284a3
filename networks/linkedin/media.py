"""Pictures and videos, which go to a place of their own before a post shows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from networks.errors import Invalid, Unavailable
from networks.linkedin.captions import as_subrip
from networks.linkedin.rest import Rest, read
from networks.linkedin.urns import encoded
from networks.types import Captions, Media

LOOKS = 60  # with the pauses between them, what `calls.PROCESSING` gives the network
FAILED = ("PROCESSING_FAILED", "FAILED")
BYTES = "application/octet-stream"


class Uploads:
    """Uploads for the page `owner`; nothing of it is public, so a failure is harmless."""

    def __init__(self, rest: Rest, owner: str, pause: Callable[[float], None]) -> None:
        self._rest = rest
        self._owner = owner
        self._pause = pause

    def picture(self, media: Media) -> str:
        """The URN of a picture that is ready to be shown."""
        asked = {"initializeUploadRequest": {"owner": self._owner}}
        value = read(self._rest.post("/rest/images", asked, "action=initializeUpload"))["value"]
        self._rest.put(str(value["uploadUrl"]), media.path.read_bytes(), media.mime)
        return self._ready("images", str(value["image"]))

    def video(self, media: Media) -> str:
        """The URN of a video that is ready to be shown, with its captions: sent in the parts that were asked for."""
        if len(media.captions) > 1:
            raise Invalid("media", "a video takes one file of captions")
        asked = {
            "owner": self._owner,
            "fileSizeBytes": media.path.stat().st_size,
            "uploadCaptions": bool(media.captions),
            "uploadThumbnail": False,
        }
        value = read(self._rest.post("/rest/videos", {"initializeUploadRequest": asked}, "action=initializeUpload"))
        value = value["value"]
        parts = self._parts(media, value["uploadInstructions"])
        for captions in media.captions:
            self._captions(str(value["captionsUploadUrl"]), captions)
        finished = {
            "video": str(value["video"]),
            "uploadToken": str(value.get("uploadToken") or ""),
            "uploadedPartIds": parts,
        }
        self._rest.post("/rest/videos", {"finalizeUploadRequest": finished}, "action=finalizeUpload")
        return self._ready("videos", str(value["video"]))

    def _parts(self, media: Media, instructions: list[dict[str, Any]]) -> list[str]:
        """Each part's receipt, in order."""
        receipts = []
        with media.path.open("rb") as file:
            for part in instructions:
                first, last = int(part["firstByte"]), int(part["lastByte"])
                file.seek(first)
                answer = self._rest.put(str(part["uploadUrl"]), file.read(last - first + 1), BYTES)
                receipt = answer.headers.get("etag", "").strip('"')
                if not receipt:
                    raise ValueError("no receipt")
                receipts.append(receipt)
        return receipts

    def _captions(self, url: str, captions: Captions) -> None:
        text = as_subrip(captions.path.read_text("utf-8"))
        self._rest.put(url, text.encode(), "application/x-subrip")

    def _ready(self, noun: str, urn: str) -> str:
        """Waits until the network has processed it."""
        for look in range(LOOKS):
            status = str(self._rest.get(f"/rest/{noun}/{encoded(urn)}").get("status"))
            if status == "AVAILABLE":
                return urn
            if status in FAILED:
                raise Invalid("media", status)
            self._pause(min(0.2 * 2**look, 3))
        raise Unavailable("media not processed in time")
