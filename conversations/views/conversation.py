"""One conversation: everything that a person does to it is an action behind a small form."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts_registry.enums.spending import Spent
from conversations import actions
from conversations.actions.answering import NOT_NARROW
from conversations.enums import CONVERSATION_LIFECYCLE, Category
from conversations.forms import AnswerForm, AssignForm, CategoryForm, InboxForm
from conversations.models import Answer, Conversation
from conversations.policy import may_answer, tells_parts
from conversations.queries import (
    Turns,
    audience_of_answer,
    audience_words,
    conversation_in_sight,
    inbox_list,
    latest_message,
    mark_of_question,
    newest_answer,
    others_in_thread,
    standing_messages,
    standing_of_answers,
    summons,
    turns,
    visible_conversations,
    warning_of_answer,
)
from conversations.views.inbox import kept_filters
from conversations.views.pictures import with_pictures
from delivery.queries import Price, holds_over, months_of, price_told
from monitoring.actions import look_when_opened
from monitoring.models import Mention
from networks import signs
from networks.catalogue import NETWORKS
from networks.types import Audience, Draft
from organisation.actions import offered
from organisation.enums import Permission
from organisation.forms import OptionalReasonForm, wants_part
from organisation.lifecycle import Conflict, Refused
from organisation.long_forms import taken_up
from organisation.models import Person
from organisation.policy import allows, require
from organisation.queries import calendar_of, latest_events
from organisation.queries.gates import lacks
from organisation.views.asking import asker, chosen_path
from organisation.views.once import once_apart_from
from organisation.working_time import Closed

LOOKED_AT = 3  # the latest messages, which an answer would be for


def _found(request: HttpRequest, pk: int, to: Permission | None = None) -> Conversation:
    """404 out of sight; 403, before anything typed is looked at, where the person may not act `to` it."""
    found = conversation_in_sight(asker(request), pk)
    if found is None:
        raise Http404
    if to is not None:
        require(asker(request), to, found)
    return found


def _found_answer(request: HttpRequest, pk: int) -> Answer:
    seen = visible_conversations(asker(request))
    rows = Answer.objects.select_related("conversation", "conversation__unit", "conversation__account")
    found = get_object_or_404(rows, pk=pk, conversation__in=seen)
    require(asker(request), Permission.ANSWER_WRITE, found)
    return found


def _show(request: HttpRequest, found: Conversation, *, status: int = 200, **forms: Any) -> HttpResponse:
    person = asker(request)
    seen = newest_answer(found)
    shown = turns(found, request.GET.get("page", ""))
    with_pictures(shown.mentions, untold="" if tells_parts(found) else found.account.network_name)
    look_when_opened(mentions=shown.mentions[-LOOKED_AT:] if found.is_open else [])
    latest = latest_message(found)
    answerable = latest is not None and may_answer(person, found)
    audience = audience_of_answer(found) if answerable else None
    facts = {
        "conversation": found,
        "turns": shown,
        "seen": seen,
        "standing": standing_of_answers(shown.answers),
        "latest": shown.mentions[-1] if shown.mentions and not shown.later else None,
        "offered": {edge.name for edge in offered(CONVERSATION_LIFECYCLE, found, person)},
        "may_answer": audience is not None and not shown.later,
        "audience": audience_words(audience) if audience else None,
        "answer_warning": warning_of_answer(latest) if latest else "",
        "too_wide": NOT_NARROW if answerable and audience is None else "",
        **_routed(found, person),
        "others": others_in_thread(person, found),
        "closures": _closures(found),
        "holds": holds_over([found.account], message_unit=found.unit),
        "story": latest_events(found),
        "list": _list(request, person),
        "kept": kept_filters(request),
        "answer_form": AnswerForm(
            *taken_up(request, AnswerForm, found),
            account=found.account,
            initial=_prefilled(found, audience, shown, seen),
        ),
        "answer_price": _price(found, latest),
        "assign_form": AssignForm(conversation=found),
        "category_form": CategoryForm(initial={"category": found.category}),
        "close_form": OptionalReasonForm(),
    } | forms
    facts["answer_form"].ask(mark_of_question(latest))
    return render(request, "conversations/conversation.html", facts, status=status)


def _routed(found: Conversation, person: Person) -> dict[str, Any]:
    """Who deals with it, whether this person may hand it over from here, and what they lack to answer."""
    poses = found.category == Category.IMPERSONATION
    return {
        "may_triage": allows(person, Permission.MENTION_ASSIGN, found),
        "lacks": lacks(person, found.unit) if allows(person, Permission.ANSWER_WRITE, found) else [],
        "route": Category(found.category).route if found.category else "",
        "may_report_author": poses and allows(person, Permission.SIGHTING_REPORT, found),
    }


def _closures(found: Conversation) -> list[Closed]:
    """The service's own closures between the question and the deadline that still runs."""
    if not found.is_open or found.deadline is None:
        return []
    return calendar_of(found.unit).closed_between(found.clock_started_at, found.deadline)


def _price(found: Conversation, latest: Mention | None) -> Price | None:
    """What an answer costs here, before a word of it stands; the browser goes on from there."""
    draft = Draft(text="", language="", summoned=latest is not None and summons(latest))
    return price_told(draft, found.account, months_of([found.account]), Spent.ANSWER)


def _live(request: HttpRequest, found: Conversation) -> HttpResponse:
    """The answers that stand elsewhere than the page says; nothing (204) while they stand where they stood."""
    shown = turns(found, request.GET.get("page", ""))
    standing, known = standing_of_answers(shown.answers), request.GET.get("known", "")
    if standing.mark == known:
        return HttpResponse(status=204)
    ids = standing.changed_since(known)
    facts = {
        "conversation": found,
        "standing": standing,
        "changed": [status for status in shown.answers if status.answer.pk in ids],
        "may_answer": may_answer(asker(request), found) and standing_messages(found).exists(),
    }
    return render(request, "conversations/_live.html", facts)


def _list(request: HttpRequest, person: Person) -> Any:
    """The list beside the conversation, as the person had narrowed it."""
    form = InboxForm(request.GET or None, person=person)
    return inbox_list(person, form.wanted(chosen_path(request))).rows


def _prefilled(found: Conversation, audience: Audience | None, shown: Turns, seen: int) -> dict[str, Any]:
    """With whom it is for, where the network asks for that; or with the words of an answer whose question changed."""
    naming = NETWORKS[found.account.network].capabilities.reply_names_author
    handle = found.author_handle
    # A name that hides signs leads to nobody, and would turn or hide what we say ourselves.
    start = f"@{handle} " if naming and handle and not signs.found(handle) else ""
    if shown.answers and shown.answers[-1].was_asked_otherwise:
        start = shown.answers[-1].answer.text
    return {"seen": seen, "text": start, "audience": audience.value if audience else ""}


def _back(found: Conversation) -> HttpResponse:
    return redirect("conversations:conversation", pk=found.pk)


@login_required
@require_safe
def conversation(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    return _live(request, found) if wants_part(request) else _show(request, found)


@login_required
@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk, to=Permission.ANSWER_WRITE)
    actions.take_conversation(conversation=found, by=asker(request))
    messages.success(request, _("This conversation is yours now."))
    return _back(found)


@login_required
@require_POST
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk, to=Permission.MENTION_ASSIGN)
    form = AssignForm(request.POST, conversation=found)
    if form.is_valid():
        to = form.cleaned_data["to"]
        if form.carry_out(actions.assign_conversation, conversation=found, to=to, by=asker(request)):
            messages.success(request, _("%(name)s has this conversation now.") % {"name": to})
            return _back(found)
    return _show(request, found, status=422, assign_form=form)


@login_required
@require_POST
def categorise(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk, to=Permission.MENTION_ASSIGN)
    form = CategoryForm(request.POST)
    if (
        form.is_valid()
        and form.carry_out(
            actions.categorise_conversation,
            conversation=found,
            category=form.cleaned_data["category"],
            by=asker(request),
        )
        is not None
    ):
        return _back(found)
    return _show(request, found, status=422, category_form=form)


@login_required
@require_POST
@once_apart_from("seen")
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """A colleague's answer in between is shown beside what was typed; nothing typed is lost."""
    found = _found(request, pk, to=Permission.ANSWER_WRITE)
    form = AnswerForm(request.POST, account=found.account)
    if not form.is_valid():
        return _show(request, found, status=422, answer_form=form)
    given = {name: form.cleaned_data[name] for name in ("text", "seen", "question", "audience")}
    try:
        sent = form.carry_out(actions.answer_conversation, conversation=found, by=asker(request), **given)
    except Conflict:
        theirs = found.answers.select_related("author").order_by("-pk").first()
        again = AnswerForm(initial={**given, "seen": theirs.pk if theirs else 0}, account=found.account)
        found.refresh_from_db()
        conflict = {"theirs": theirs, "yours": given["text"]}
        return _show(request, found, status=409, answer_form=again, conflict=conflict)
    if not sent:
        return _show(request, found, status=422, answer_form=form)
    messages.success(request, _("Your answer is on its way."))
    return _back(found)


@login_required
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk, to=Permission.MENTION_ASSIGN)
    form = OptionalReasonForm(request.POST)
    if (
        form.is_valid()
        and form.carry_out(
            actions.close_conversation, conversation=found, by=asker(request), reason=form.cleaned_data["reason"]
        )
        is not None
    ):
        messages.success(request, _("Closed."))
        return redirect("conversations:inbox")
    return _show(request, found, status=422, close_form=form)


@login_required
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk, to=Permission.MENTION_ASSIGN)
    actions.reopen_conversation(conversation=found, by=asker(request))
    return _back(found)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found_answer(request, pk)
    form = OptionalReasonForm(request.POST)
    if not form.is_valid():
        raise Refused(*form.errors["reason"])
    actions.withdraw_answer(answer=found, by=asker(request), reason=form.cleaned_data["reason"])
    messages.success(request, _("The answer is withdrawn."))
    return _back(found.conversation)


@login_required
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found_answer(request, pk)
    seen = request.GET.get("seen", "")
    actions.send_again(answer=found, by=asker(request), seen=int(seen) if re.fullmatch("[0-9]{1,18}", seen) else 0)
    messages.success(request, _("The answer is on its way again."))
    return _back(found.conversation)
