"""What the API reads: JSON, within bounds."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser


class TooMuch(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = _("This is too long. Send less at once.")
    default_code = "too_large"


class BoundedJSONParser(JSONParser):
    """The framework reads JSON of any length and depth; Django's own limit for forms holds here too."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        told = (parser_context or {})["request"].META.get("CONTENT_LENGTH") or "0"
        if int(told) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise TooMuch
        try:
            said = super().parse(stream, media_type, parser_context)
            # Half a surrogate pair is valid JSON, but no text: neither the database nor our own answer could hold it.
            json.dumps(said, ensure_ascii=False).encode()
        except RecursionError:
            raise ParseError(_("This is nested too deeply.")) from None
        except UnicodeEncodeError:
            raise ParseError(_("This text holds half a character.")) from None
        return said
