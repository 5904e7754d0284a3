"""A call of the API that bears an `Idempotency-Key` does its work once, as a page with its mark does (`views.once`)."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from organisation import policy
from organisation.actions import begin_call, call_answered, send_page
from organisation.answers import Unreadable, reveal, seal
from organisation.models import FormPage, Person

KEY = "Idempotency-Key"
_WRITTEN = re.compile(r'"?([\x21\x23-\x7e]{1,255})"?')  # the draft has it in quotes; many leave them out
_CALLS = UUID("6b0c2c57-7f3e-4d0e-8a53-5c1f0f5f2f0a")
_HEADERS = ("Location",)

Handler = Callable[..., Response]


class Keyed:
    """For a set of views: a POST with a key is one transaction with the row that says so.

    The same call again gets the first answer, if whoever calls may still do what was done; another call under the same
    key gets 422, and 409 while the first one is at it. What is refused leaves the key unused.
    """

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        handler: Handler | None = getattr(self, "post", None)
        if request.method == "POST" and KEY in request.headers and handler is not None:
            self.post = functools.partial(self._once, handler)

    def _once(self, handler: Handler, request: Request, *args: Any, **kwargs: Any) -> Response:
        written = _WRITTEN.fullmatch(request.headers[KEY])
        if written is None:
            return _said(_("An Idempotency-Key is 1 to 255 signs without spaces."), "key_invalid", 400)
        person, key = request.user, written[1]
        assert isinstance(person, Person)
        mark, digest = uuid5(_CALLS, f"{request.path}\n{key}"), _digest(request)
        with transaction.atomic():
            if not begin_call(person=person, mark=mark):
                return _said(_("The same call is still being worked on. Ask again in a moment."), "key_in_use", 409)
            before = send_page(person=person, mark=mark, digest=digest)
            if before is None:
                with policy.noting() as asked:
                    answer = handler(request, *args, **kwargs)
                _keep(person, mark, key, answer, asked)
                return answer
        if before.digest != digest:
            return _said(_("This key was used for another call. Take a new one."), "key_used", 422)
        return self._again(person, before, key)

    def _again(self, person: Person, before: FormPage, key: str) -> Response:
        """The first answer, for who sees the thing and may still do all that the first call asked for."""
        view: Any = self
        if view.kwargs.get(view.lookup_url_kwarg or view.lookup_field):
            view.get_object()
        policy.require_noted(person, before.asked)
        try:
            told = json.loads(reveal(before.answer, key))
        except Unreadable:
            return _said(_("This was done before; its answer is no longer kept."), "key_used", 409)
        return Response(told["body"], told["status"], headers=told["headers"])


def _keep(person: Person, mark: UUID, key: str, answer: Response, asked: list[policy.Noted]) -> None:
    if answer.status_code >= status.HTTP_400_BAD_REQUEST:
        transaction.set_rollback(True)
        return
    body = json.loads(JSONRenderer().render(answer.data)) if answer.data is not None else None
    headers = {name: answer.headers[name] for name in _HEADERS if name in answer.headers}
    told = json.dumps({"status": answer.status_code, "body": body, "headers": headers})
    call_answered(person=person, mark=mark, answer=seal(told, key), asked=asked)


def _said(sentence: str, code: str, status_code: int) -> Response:
    return Response({"detail": sentence, "code": code}, status_code)


def _digest(request: Request) -> str:
    """Of all that was sent, files by their bytes."""
    data = request.data
    if isinstance(data, QueryDict):
        said: Any = sorted((name, [told_by_bytes(one) for one in data.getlist(name)]) for name in data)
    else:
        said = data
    return sha256(json.dumps(said, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()


def told_by_bytes(value: Any) -> str:
    """A text as it is; of a file its name and what stands in it, however two files of one name and size differ."""
    if not isinstance(value, UploadedFile):
        return str(value)
    found = sha256()
    for chunk in value.chunks():
        found.update(chunk)
    value.seek(0)
    return f"{value.name} {found.hexdigest()}"
