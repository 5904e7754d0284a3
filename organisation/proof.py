"""Before an act that is dangerous in the wrong hands: whoever is at the keyboard proves anew who they are, if the last
proof is older than a quarter of an hour.

What they sent is kept in their session meanwhile, and carried out once they proved it: nothing is typed twice.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import suspend_request
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from organisation.clock import database_now
from organisation.models import Person

PROVED = "proved_at"  # in the session: when its person last proved who they are, by the database's clock
LASTS = timedelta(minutes=15)
# What gives or takes authority, opens a way in, ends what others began, or lets messages out again.
DANGEROUS = frozenset(
    {
        *("organisation:grant_give", "organisation:grant_confirm", "organisation:grant_revoke"),
        *("organisation:delegation_new", "organisation:person_unlink", "organisation:unit_move"),
        *("organisation:grant_prolong", "organisation:grant_advance", "organisation:unit_governance"),
        "organisation:unit_gates",
        *("organisation:service_account_new", "organisation:key_new", "organisation:key_renew"),
        *("organisation:person_suspend", "organisation:person_reinstate", "organisation:person_leave"),
        *("organisation:person_link", "organisation:person_factor", "organisation:person_confirm"),
        *("organisation:recovery_confirm", "organisation:identity_unlink", "organisation:person_move"),
        *("organisation:group_rule_new", "organisation:group_rule_end"),
        *("organisation:review_new", "organisation:line_strike", "review-list", "reviewline-strike"),
        *("accounts_registry:account_connect", "accounts_registry:consent_begin"),
        *("accounts_registry:account_disconnect", "accounts_registry:account_close"),
        "accounts_registry:account_begin_closing",
        *("accounts_registry:account_reactivate", "delivery:hold_lift", "crisis:thaw", "crisis:end"),
        *("notices:target_new", "admin:organisation_unit_change"),
        # In the API.
        *("grant-list", "grant-confirm", "grant-end", "grant-prolong", "grant-advance", "account-close"),
        "account-begin-closing",
        *("grouprule-list", "identity-end", "delegation-list", "unit-move"),
        *("hold-lift", "webhook-list", "unit-govern", "service-account-list", "service-account-keys", "key-renew"),
        *("person-suspend", "person-reinstate", "person-leave", "person-confirm", "grouprule-end"),
        *("account-disconnect", "account-reactivate", "person-move", "crisis-thaw", "crisis-end"),
    }
)
# Where secrets are typed. Asked before the page opens, for nothing that is sent there may be kept in the clear.
WITH_SECRETS = frozenset({"accounts_registry:account_connect"})


def prove(request: HttpRequest) -> None:
    """The person of this session has just proved who they are: with a password, a factor, or at the provider."""
    request.session[PROVED] = database_now().timestamp()


def proved_lately(request: HttpRequest) -> bool:
    at = request.session.get(PROVED)
    return isinstance(at, float) and 0 <= database_now().timestamp() - at <= LASTS.total_seconds()


class ProofMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not isinstance(request.user, Person) or not _is_dangerous(request) or proved_lately(request):
            return None
        if request.path.startswith("/api/"):
            told = _("The last proof of who you are is too old for this. Sign in anew, on a page of Parvis.")
            return JsonResponse({"code": "proof_too_old", "detail": told}, status=403)
        ways = get_adapter(request).get_reauthentication_methods(request.user)
        way = ways[0]["url"] if ways else reverse("account_reauthenticate")
        if _name(request) in WITH_SECRETS:
            if request.method == "POST":
                messages.warning(request, _("What you typed is secret and was not kept. Type it once more."))
            request.kept_for_proof = True  # type: ignore[attr-defined]
            return redirect_to_login(request.get_full_path(), way)
        # It is kept, so nobody has to send it again (`middleware` hands back what was typed where a session is over).
        request.kept_for_proof = True  # type: ignore[attr-defined]
        return suspend_request(request, way)


def _name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _is_dangerous(request: HttpRequest) -> bool:
    name = _name(request)
    if request.method == "POST" or name in WITH_SECRETS:
        return name in DANGEROUS
    return name == "provider_begin" and request.GET.get("for") == "link"
