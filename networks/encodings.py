"""Which encodings a stranger may name. Python knows others too, whose reading takes time with the square of the length
(punycode) or yields what is no text (unicode_escape); browsers know none of those."""

from __future__ import annotations

import codecs

KNOWN = frozenset(
    {
        *(
            "utf-8",
            "utf-16",
            "utf-16-le",
            "utf-16-be",
            "ascii",
            "latin-1",
            "iso8859-1",
            "mac-roman",
            "koi8-r",
            "koi8-u",
        ),
        *("big5", "big5hkscs", "euc_jp", "euc_kr", "gb2312", "gbk", "gb18030", "shift_jis", "cp932", "cp949", "cp874"),
        *(f"iso8859-{part}" for part in range(2, 17)),
        *(f"cp{page}" for page in range(1250, 1259)),
    }
)
LONGEST = 40


def known(name: str) -> str:
    """The encoding called `name` as Python calls it; empty where it is none that a page or a feed is written in."""
    try:
        found = codecs.lookup(name[:LONGEST]).name if name.isascii() and name.isprintable() else ""
    except (LookupError, ValueError):
        return ""
    return found if found in KNOWN else ""
