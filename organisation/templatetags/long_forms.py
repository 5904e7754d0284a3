"""What a long form shows of what is not saved, and the mark of its page. Builtin in every template."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from organisation.long_forms import TAKE_UP, LongForm, Unsaved, mark_of, place_of, unsaved_in
from organisation.models import Person

register = template.Library()


@register.inclusion_tag("components/unsaved.html", takes_context=True)
def unsaved(context: template.Context, form: LongForm, thing: Any = None) -> dict[str, Any]:
    """Before the form: what was typed and not saved, to take up or to discard."""
    request: Any = context["request"]
    is_opened = request.method == "GET" and isinstance(request.user, Person)
    found: Unsaved | None = unsaved_in(form, request.user, thing) if is_opened else None
    query = request.GET.copy()
    query.pop(TAKE_UP, None)
    back = f"{request.path}?{query.urlencode()}" if query else request.path
    if found:
        query[TAKE_UP] = str(found.page.mark)
    return {"found": found, "take_up": f"?{query.urlencode()}", "back": back, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("components/page_mark.html", takes_context=True)
def page_mark(context: template.Context, form: LongForm, thing: Any = None) -> dict[str, Any]:
    """In the form: its mark, and where it is told when its texts were kept."""
    request: Any = context["request"]
    mark = form.taken_up.mark if form.taken_up else _mark(request)
    state = "open" if request.method == "GET" else "refused" if "page_mark" in request.POST else "beside"
    return {"mark": mark, "place": place_of(form, thing), "person": request.user.pk, "state": state}


@register.simple_tag(takes_context=True)
def once(context: template.Context) -> SafeString:
    """In a short form that makes something: its mark alone."""
    return format_html('<input type="hidden" name="page_mark" value="{}">', _mark(context["request"]))


def _mark(request: Any) -> Any:
    """Of a page that was refused it stays the same: it is not sent yet."""
    return mark_of(request.POST.get("page_mark")) or uuid4()
