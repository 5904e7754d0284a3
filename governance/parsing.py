"""What a request says: words in UTF-8, and JSON within bounds."""

from __future__ import annotations

import json
from typing import Any

from django.utils.http import parse_header_parameters
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


def is_plain(content_type: str) -> bool:
    """Whether a request of this type can be read as UTF-8.

    Django takes the header apart, and reads the address in the encoding that it names, before its own handling of
    errors begins; Python knows encodings that are no text, and others that make halves of signs.
    """
    try:
        charset = parse_header_parameters(content_type)[1].get("charset", "utf-8")
    except (ValueError, LookupError):
        return False
    return charset.lower() in ("utf-8", "utf8")


class BoundedJSONParser(JSONParser):
    """The framework reads JSON of any depth, and what no database holds. Its length is Django's own limit for forms."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            said = super().parse(stream, media_type, parser_context)
            # Half a surrogate pair is valid JSON, but no text: neither the database nor our own answer could hold it.
            # So is 1e400, which is read as infinity: no number of ours.
            json.dumps(said, ensure_ascii=False, allow_nan=False).encode()
        except RecursionError:
            raise ParseError(_("This is nested too deeply.")) from None
        except UnicodeEncodeError:
            raise ParseError(_("This text holds half a character.")) from None
        except ValueError:
            raise ParseError(_("This holds a number beyond all bounds.")) from None
        return said
