"""What a report of an error may show: where it happened, and nothing of what anybody typed in or was holding."""

from __future__ import annotations

from collections.abc import ItemsView
from types import FrameType
from typing import Any

from django.http import HttpRequest, QueryDict
from django.views.debug import SafeExceptionReporterFilter

HIDDEN = "********"


class DiscreetFilter(SafeExceptionReporterFilter):
    """Hides every value: of variables, forms, addresses and cookies. In every mode, the one for looking for faults too:
    a list of the names that are secret would miss the next one."""

    def is_active(self, request: HttpRequest | None) -> bool:
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return {} if request is None else dict.fromkeys(request.POST, HIDDEN)

    def get_safe_cookies(self, request: HttpRequest) -> dict[str, Any]:
        return dict.fromkeys(request.COOKIES, HIDDEN)

    def get_safe_request_meta(self, request: HttpRequest) -> dict[str, Any]:
        """Takes the query from the address as well, which the page would print: a consent's code stands there."""
        meta = dict(super().get_safe_request_meta(request))
        hidden = {"QUERY_STRING": HIDDEN, "HTTP_COOKIE": HIDDEN, "HTTP_REFERER": HIDDEN}
        request.META["QUERY_STRING"] = ""
        request.GET = QueryDict()
        return {name: hidden.get(name, value) for name, value in meta.items()}

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: FrameType) -> ItemsView[str, Any]:
        return dict.fromkeys(tb_frame.f_locals, HIDDEN).items()
