from __future__ import annotations

from django.db.models import Model, QuerySet

from organisation.models import AuditEvent


def story(thing: Model) -> QuerySet[AuditEvent]:
    """What happened to `thing`, newest first. The caller has made sure that the thing itself is in sight."""
    return AuditEvent.objects.filter(noun=thing._meta.label_lower, object_id=str(thing.pk)).order_by("-sequence")
