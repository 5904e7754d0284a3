"""The demonstration's access review is half done, and a role ends soon."""

from __future__ import annotations

import pytest

from governance.demonstration import access, service
from notices.queries.ending import ending_grants
from organisation.access_review import LineState
from organisation.models import AccessReview
from organisation.queries.reviews import progress

pytestmark = [pytest.mark.django_db, pytest.mark.longer]


def test_half_of_the_roles_are_confirmed_and_one_ends_soon() -> None:
    made = service.build()
    access.build(made)
    found = progress(made.people["administrator"], AccessReview.objects.get())
    assert found.counts == {LineState.CONFIRMED: 7, LineState.OPEN: 8}
    assert [grant.person for grant in ending_grants()] == [made.people["member_ict"]]
