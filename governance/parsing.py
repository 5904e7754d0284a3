"""What the API reads: JSON, within bounds."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


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
