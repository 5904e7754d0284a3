"""The ground floor in the API: who is asking, who holds which role, and access reviews."""

from rest_framework.routers import SimpleRouter

from organisation.api.base import CURSOR, Pages, asked, person_of, said
from organisation.api.delegations import DelegationViewSet
from organisation.api.house_rules import CertificateViewSet, PolicyViewSet
from organisation.api.identities import GroupRuleViewSet, IdentityViewSet
from organisation.api.machines import KeyViewSet, MachineViewSet
from organisation.api.nouns import Noun
from organisation.api.people import GrantViewSet, MeViewSet
from organisation.api.persons import PersonViewSet, RecoveryViewSet
from organisation.api.reviews import ReviewLineViewSet, ReviewViewSet
from organisation.api.sessions import SessionViewSet
from organisation.api.trail import EventViewSet
from organisation.api.units import ClosureViewSet, UnitViewSet

__all__ = ["CURSOR", "Noun", "Pages", "asked", "person_of", "router", "said"]

router = SimpleRouter()
router.register("people", PersonViewSet, basename="person")
router.register("recoveries", RecoveryViewSet, basename="recovery")
router.register("service-accounts", MachineViewSet, basename="service-account")
router.register("keys", KeyViewSet, basename="key")
router.register("audit-events", EventViewSet, basename="audit-event")
router.register("units", UnitViewSet, basename="unit")
router.register("closures", ClosureViewSet, basename="closure")
router.register("me", MeViewSet, basename="me")
router.register("me/sessions", SessionViewSet, basename="session")
router.register("me/certificates", CertificateViewSet, basename="certificate")
router.register("house-policies", PolicyViewSet, basename="policy")
router.register("grants", GrantViewSet, basename="grant")
router.register("delegations", DelegationViewSet, basename="delegation")
router.register("identities", IdentityViewSet, basename="identity")
router.register("group-rules", GroupRuleViewSet, basename="grouprule")
router.register("access-reviews", ReviewViewSet, basename="review")
router.register("review-lines", ReviewLineViewSet, basename="reviewline")
