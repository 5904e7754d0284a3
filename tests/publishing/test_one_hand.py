"""Two accounts of one person approve nothing for each other."""

from __future__ import annotations

import pytest
from django.utils import timezone

from organisation.enums import Permission
from organisation.models import Person
from organisation.policy import allows
from publishing.queries.approvers import approvers_of
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.organisation import person_with
from tests.factories.publishing import submitted

pytestmark = pytest.mark.django_db


def test_who_was_added_by_the_author_approves_once_a_second_person_confirmed_them() -> None:
    account = ConnectedAccountFactory.create()
    author, puppet = person_with("communication_cell", account.unit), person_with("communication_cell", account.unit)
    post = submitted(author, account)
    assert allows(puppet, Permission.POST_APPROVE, post)
    Person.objects.filter(pk=puppet.pk).update(invited_by=author)
    assert not allows(Person.objects.get(pk=puppet.pk), Permission.POST_APPROVE, post)
    assert puppet not in approvers_of(post)
    Person.objects.filter(pk=puppet.pk).update(vouched_at=timezone.now())
    assert allows(Person.objects.get(pk=puppet.pk), Permission.POST_APPROVE, post)
    assert puppet in approvers_of(post)


def test_two_whom_one_person_added_count_as_one() -> None:
    account = ConnectedAccountFactory.create()
    people = [person_with("communication_cell", account.unit) for _ in range(2)]
    inviter = person_with("administrator", account.unit)
    Person.objects.filter(pk__in=[one.pk for one in people]).update(invited_by=inviter)
    author, other = (Person.objects.get(pk=one.pk) for one in people)
    assert not allows(other, Permission.POST_APPROVE, submitted(author, account))
