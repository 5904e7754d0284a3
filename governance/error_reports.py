"""What a report of an error may show: where it happened, and nothing of what anybody typed in or was holding."""

from __future__ import annotations

from collections.abc import ItemsView
from types import FrameType
from typing import Any

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.views.debug import SafeExceptionReporterFilter

HIDDEN = "********"
# What a report tells of a request. A development server lays the whole environment beside it, with its passwords.
TOLD = {"REQUEST_METHOD", "PATH_INFO", "SERVER_NAME", "SERVER_PORT", "HTTP_HOST", "CONTENT_TYPE", "CONTENT_LENGTH"}


class DiscreetFilter(SafeExceptionReporterFilter):
    """Hides every value: of variables, settings, forms, addresses and cookies. In every mode, the one for looking for
    faults too: a list of the names that are secret would miss the next one. A worker's report has no request."""

    def is_active(self, request: HttpRequest | None) -> bool:
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return {} if request is None else dict.fromkeys(request.POST, HIDDEN)

    def get_safe_cookies(self, request: HttpRequest | None) -> dict[str, Any]:
        return {} if request is None else dict.fromkeys(request.COOKIES, HIDDEN)

    def get_safe_request_meta(self, request: HttpRequest | None) -> dict[str, Any]:
        """Takes the query from the address as well, which the page would print: a consent's code stands there."""
        if request is None:
            return {}
        request.META["QUERY_STRING"] = ""
        request.GET = QueryDict()
        return {name: value if name in TOLD else HIDDEN for name, value in request.META.items()}

    def get_safe_settings(self) -> dict[str, Any]:
        """By name alone, a password inside an address (the broker's) would not be known for one."""
        return {name: HIDDEN for name in dir(settings) if name.isupper()}

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: FrameType) -> ItemsView[str, Any]:
        return dict.fromkeys(tb_frame.f_locals, HIDDEN).items()
