"""A page that is sent twice (a double click, a reload, a way back) does its work once."""

from __future__ import annotations

import functools
from collections.abc import Callable
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from organisation.actions import forget_saved_words, page_led_to, send_page, wait_for_alike
from organisation.keyed import told_by_bytes
from organisation.lifecycle import Refused
from organisation.long_forms import mark_of
from organisation.models import FormPage
from organisation.queries.form_pages import sent_alike, sent_before
from organisation.views.asking import asker

MARK, AGAIN = "page_mark", "saved_again"  # AGAIN: a second one, on purpose
NOT_WRITTEN = {MARK, AGAIN, "csrfmiddlewaretoken"}
View = Callable[..., HttpResponse]


def once(view: View) -> View:
    """For a view that makes something and then leads elsewhere. Whoever sends its page again, at once or later, is led
    to what came of it the first time, unless they wrote something else: then they get that back, and nothing is made.

    Whoever comes back to the form and sends from a new page, soon, what they sent from the first is asked whether they
    want a second one.

    The view is one transaction with the row that says so: what it refuses leaves the page unsent.
    """
    return once_apart_from()(view)


def once_apart_from(*names: str) -> Callable[[View], View]:
    """As `once`, for a form with fields that nobody writes and that differ from page to page, or with several buttons:
    they make nothing another one."""

    def wrapped(view: View) -> View:
        return _guarded(view, apart=frozenset(names), changes=False)

    return wrapped


def once_a_change(view: View) -> View:
    """For a view that changes something that counts its versions, which tell what is written over by another text."""
    return _guarded(view, apart=frozenset(), changes=True)


def once_in_the_end(view: View) -> View:
    """As `once`, for a view that asks a network and so may not be one transaction: that its page is sent is said after
    it, and of two at the same moment what they do decides."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        mark = mark_of(request.POST.get(MARK)) if request.method == "POST" else None
        if mark is None:
            return view(request, *args, **kwargs)
        person, digest = asker(request), _digest(request)
        before = sent_before(person, mark)
        if before is not None and before.digest == digest:
            return _led(request, before)
        alike = None if before or AGAIN in request.POST else sent_alike(person, mark, digest)
        answer = _asked(request, alike) if alike else view(request, *args, **kwargs)
        if alike or isinstance(answer, HttpResponseRedirect):
            with transaction.atomic():
                if send_page(person=person, mark=mark, digest=digest) is None:
                    page_led_to(person=person, mark=mark, leads_to=alike.leads_to if alike else answer["location"])
        return answer

    return guarded


def _guarded(view: View, *, apart: frozenset[str], changes: bool) -> View:
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        mark = mark_of(request.POST.get(MARK)) if request.method == "POST" else None
        if mark is None:
            return view(request, *args, **kwargs)
        person, digest = asker(request), _digest(request, apart)
        with transaction.atomic():
            wait_for_alike(person=person, digest=digest)
            before = send_page(person=person, mark=mark, digest=digest)
            if before is None:
                alike = None if changes or AGAIN in request.POST else sent_alike(person, mark, digest)
                if alike is None:
                    return _first(request, mark, view(request, *args, **kwargs))
                # This page is done with as well: what was typed on it is nothing unsaved.
                page_led_to(person=person, mark=mark, leads_to=alike.leads_to)
                forget_saved_words(person=person, sent=dict(request.POST.lists()))
                return _asked(request, alike)
        if before.digest != digest:
            if changes:
                return view(request, *args, **kwargs)
            raise Refused(
                _("You sent this page before, with other words, and it was saved. Open it there to change it.")
            )
        return _led(request, before)

    return guarded


def _first(request: HttpRequest, mark: UUID, answer: HttpResponse) -> HttpResponse:
    if isinstance(answer, HttpResponseRedirect):
        page_led_to(person=asker(request), mark=mark, leads_to=answer.url)
        forget_saved_words(person=asker(request), sent=dict(request.POST.lists()))
    else:
        transaction.set_rollback(True)
    return answer


def _led(request: HttpRequest, before: FormPage) -> HttpResponse:
    messages.info(request, _("You had sent this already. It was saved once."))
    return redirect(before.leads_to or "/")


def _asked(request: HttpRequest, alike: FormPage) -> HttpResponse:
    """Where the first one is, and all that was sent once more, to be sent for a second one from a page of its own."""
    texts = [(name, text) for name, sent in request.POST.lists() if name not in NOT_WRITTEN for text in sent]
    facts = {"alike": alike, "texts": texts, "mark": uuid4(), "here": request.get_full_path()}
    return render(request, "saved_already.html", facts, status=409)


def _digest(request: HttpRequest, apart: frozenset[str] = frozenset()) -> str:
    """Of all that was written at this address, files by their bytes."""
    texts = sorted((name, texts) for name, texts in request.POST.lists() if name not in NOT_WRITTEN | apart)
    chosen: Any = request.FILES
    files = sorted((name, [told_by_bytes(one) for one in sent]) for name, sent in chosen.lists())
    return sha256(repr((request.path, texts, files)).encode("utf-8", "surrogatepass")).hexdigest()
