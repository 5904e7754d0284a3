"""Which groups of the administration's provider give which roles."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from organisation import policy
from organisation.actions import end_group_rule
from organisation.enums import Permission
from organisation.forms import GroupRuleForm, PersonRequest
from organisation.queries.groups import visible_rules
from organisation.queries.units import units_to_give_in
from organisation.views.once import once


@login_required
@require_GET
def group_rules(request: PersonRequest) -> HttpResponse:
    policy.require_anywhere(request.user, Permission.PERSON_VIEW)
    rows = [
        {"rule": rule, "may_end": policy.allows(request.user, Permission.PERSON_MANAGE, rule.unit)}
        for rule in visible_rules(request.user)
    ]
    facts = {"rows": rows, "may_make": bool(units_to_give_in(request.user)), "provider": settings.PROVIDER is not None}
    return render(request, "organisation/group_rules.html", facts)


@login_required
@require_http_methods(["GET", "POST"])
@once
def group_rule_new(request: PersonRequest) -> HttpResponse:
    policy.require_anywhere(request.user, Permission.PERSON_MANAGE)
    if not units_to_give_in(request.user):
        raise PermissionDenied(policy.GIVEN_ABOVE)
    form = GroupRuleForm(request.POST or None, person=request.user, holder=request.user)
    if form.is_valid() and form.save():
        messages.success(request, _("The rule is made. It gives the role to each member who signs in from now on."))
        return redirect("organisation:group_rules")
    return render(request, "organisation/group_rule_new.html", {"form": form}, status=422 if form.is_bound else 200)


@login_required
@require_POST
def group_rule_end(request: PersonRequest, pk: int) -> HttpResponse:
    rule = get_object_or_404(visible_rules(request.user), pk=pk)
    end_group_rule(rule=rule, by=request.user)
    messages.success(request, _("The rule is ended, and what it gave is taken back."))
    return redirect("organisation:group_rules")
