"""The registry in the API: the same actions and the same policy as its pages."""

from rest_framework.routers import SimpleRouter

from accounts_registry.api.accounts import AccountViewSet
from accounts_registry.api.audits import (
    AuditViewSet,
    FindingViewSet,
    LineViewSet,
    ListedViewSet,
    ListImportViewSet,
)
from accounts_registry.api.comments import CommentViewSet
from accounts_registry.api.committee import ConditionViewSet
from accounts_registry.api.dossiers import DossierViewSet
from accounts_registry.api.security import SecurityExceptionViewSet, SecurityRecordViewSet
from accounts_registry.api.sessions import SessionViewSet
from accounts_registry.api.sightings import AbuseCaseViewSet, NilReturnViewSet, SightingViewSet
from accounts_registry.api.third_parties import AppViewSet

router = SimpleRouter()
router.register("accounts", AccountViewSet, basename="account")
router.register("third-party-apps", AppViewSet, basename="third-party-app")
router.register("account-audits", AuditViewSet, basename="account-audit")
router.register("account-lists", ListImportViewSet, basename="account-list-import")
router.register("list-lines", LineViewSet, basename="list-line")
router.register("listed-accounts", ListedViewSet, basename="listed-account")
router.register("findings", FindingViewSet, basename="finding")
router.register("dossiers", DossierViewSet, basename="dossier")
router.register("conditions", ConditionViewSet, basename="condition")
router.register("comments", CommentViewSet, basename="comment")
router.register("security-records", SecurityRecordViewSet, basename="security-record")
router.register("security-exceptions", SecurityExceptionViewSet, basename="security-exception")
router.register("sightings", SightingViewSet, basename="sighting")
router.register("abuse-cases", AbuseCaseViewSet, basename="abuse-case")
router.register("nil-returns", NilReturnViewSet, basename="nil-return")
router.register("committee-sessions", SessionViewSet, basename="committee-session")
