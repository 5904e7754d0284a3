"""How the browser's counter counts a text as its network does (static/src/js/counters.js)."""

from __future__ import annotations

from networks.kinds import Capabilities


def counting(can: Capabilities, *, answer: bool = False) -> dict[str, str]:
    """The attributes of a text field for a message, or for an `answer`, under the limits of `can`."""
    limit = can.reply_limit if answer and can.reply_limit else can.text_limit
    told = {
        "data-counting": can.counting.value,
        "data-limit": str(limit),
        "data-address-length": str(can.address_length),
    }
    return told | ({"data-byte-limit": str(can.byte_limit)} if can.byte_limit else {})
