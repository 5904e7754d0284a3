"""LinkedIn's own notation inside a post's text: what is reserved in it, and how it reads as plain words."""

from __future__ import annotations

import re

# Unescaped, any of these may begin a mention or a template, and where none follows the network cuts the text there.
RESERVED = re.compile(r"[\\|{}@\[\]()<>#*_~]")
# No name and no tag has 300 signs; without a limit, the end of each that begins would be looked for in all of the text.
PARTS = re.compile(
    r"""\\(?P<escaped>.)                                            # a reserved character as itself
      | @\[(?P<name>(?:\\.|[^\]\\]){0,300})\]\((?P<urn>[^)]{0,300})\)        # @[Name](urn:li:organization:1)
      | \{hashtag\|(?:\\?[#＃])\|(?P<tag>(?:\\.|[^}\\]){0,300})\}          # {hashtag|\#|word}
    """,
    re.VERBOSE | re.DOTALL,
)


def escape(text: str) -> str:
    """`text` as a post's commentary that reads as `text` to the letter."""
    return RESERVED.sub(r"\\\g<0>", text)


def unescape(commentary: str) -> str:
    """The words of a commentary; a mention is its name, a hashtag its word."""

    def read(part: re.Match[str]) -> str:
        if part["escaped"] is not None:
            return part["escaped"]
        sign, word = ("@", part["name"]) if part["name"] is not None else ("#", part["tag"])
        return sign + unescape(word)

    return PARTS.sub(read, commentary)
