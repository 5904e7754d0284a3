"""A page that is sent twice (a double click, a reload, a way back) does its work once."""

from __future__ import annotations

import functools
from collections.abc import Callable
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from organisation.actions import page_led_to, send_page
from organisation.lifecycle import Refused
from organisation.long_forms import mark_of
from organisation.views.asking import asker

MARK = "page_mark"
View = Callable[..., HttpResponse]


def once(view: View) -> View:
    """For a view that makes something and then leads elsewhere. Whoever sends its page again, at once or later, is led
    to what came of it the first time, unless they wrote something else: then they get that back, and nothing is made.

    The view is one transaction with the row that says so: what it refuses leaves the page unsent.
    """
    return _guarded(view, changes=False)


def once_a_change(view: View) -> View:
    """For a view that changes something that counts its versions, which tell what is written over by another text."""
    return _guarded(view, changes=True)


def sent(request: HttpRequest, answer: HttpResponseRedirect) -> HttpResponseRedirect:
    """For a view that asks a network and so may not be one transaction: its page is sent, and led to `answer`."""
    mark = mark_of(request.POST.get(MARK))
    if mark is not None and send_page(person=asker(request), mark=mark, digest=_digest(request)) is None:
        page_led_to(person=asker(request), mark=mark, leads_to=answer.url)
    return answer


def _guarded(view: View, *, changes: bool) -> View:
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        mark = mark_of(request.POST.get(MARK)) if request.method == "POST" else None
        if mark is None:
            return view(request, *args, **kwargs)
        digest = _digest(request)
        with transaction.atomic():
            before = send_page(person=asker(request), mark=mark, digest=digest)
            if before is None:
                return _first(request, mark, view(request, *args, **kwargs))
        if before.digest != digest:
            if changes:
                return view(request, *args, **kwargs)
            raise Refused(
                _("You sent this page before, with other words, and it was saved. Open it there to change it.")
            )
        messages.info(request, _("You had sent this already. It was saved once."))
        return redirect(before.leads_to or "/")

    return guarded


def _first(request: HttpRequest, mark: UUID, answer: HttpResponse) -> HttpResponse:
    if isinstance(answer, HttpResponseRedirect):
        page_led_to(person=asker(request), mark=mark, leads_to=answer.url)
    else:
        transaction.set_rollback(True)
    return answer


def _digest(request: HttpRequest) -> str:
    texts = sorted((name, texts) for name, texts in request.POST.lists() if name not in (MARK, "csrfmiddlewaretoken"))
    chosen: Any = request.FILES
    files = sorted((name, file.name, file.size) for name, file in chosen.items())
    return sha256(repr((request.path, texts, files)).encode("utf-8", "surrogatepass")).hexdigest()
