"""Nouns of the ground floor."""

from organisation.models.audit import AuditEvent
from organisation.models.grant import Grant
from organisation.models.person import Person
from organisation.models.shared import SharedValue
from organisation.models.unit import Unit

__all__ = ["AuditEvent", "Grant", "Person", "SharedValue", "Unit"]
