"""Every address. A room brings its own first words: /posts/ or /inbox/ stand in the room's urls.py."""

from allauth.account import views as account
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path

from governance import views
from governance.api_pages import api_docs
from governance.oidc.views import provider_back, provider_begin
from governance.search import search
from governance.today import today
from organisation.admin import administration

ROOMS = (
    "organisation",
    "notices",
    "accounts_registry",
    "approvals",
    "delivery",
    "publishing",
    "monitoring",
    "conversations",
    "crisis",
)

handler404 = "governance.api.not_found"

SIGN_IN: list[URLPattern | URLResolver] = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("signup/", account.signup, name="account_signup"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("password/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("provider/", provider_begin, name="provider_begin"),
    path("provider/again/", provider_begin, {"purpose": "again"}, name="provider_again"),
    path("provider/back/", provider_back, name="provider_back"),
    path("two-step/", include("allauth.mfa.urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", today, name="today"),
    path("search/", search, name="search"),
    path("api/v1/", include("governance.api")),
    path("me/", include(SIGN_IN)),
    path("me/api/", api_docs, name="api_docs"),
    path("me/theme/", views.choose_theme, name="choose_theme"),
    path("me/language/", views.choose_language, name="choose_language"),
    path("me/unit/", views.choose_unit, name="choose_unit"),
    path("admin/", administration.urls),
    *(path("", include(f"{room}.urls")) for room in ROOMS),
]

if not settings.PRODUCTION:
    urlpatterns.append(path("_components/", views.components, name="components"))
