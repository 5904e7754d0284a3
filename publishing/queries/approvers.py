"""Who may approve a post next."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from organisation.enums import Permission
from organisation.models import Grant, Person
from organisation.queries.units import reach
from organisation.roles import holding
from publishing.models import Approval, Post, Variant


def approvers_of(post: Post) -> QuerySet[Person]:
    """People whose grant reaches the post's unit and who neither wrote nor edited it, by name.

    A say over accounts of other units is asked for when they approve.
    """
    path, step = post.unit.path, post.unit.steplen
    above = [path[:length] for length in range(step, len(path) + 1, step)]
    grants = Grant.objects.in_force().filter(role__in=holding(Permission.POST_APPROVE), unit__path__in=above)
    touched = Q(pk=post.author_id) | Q(pk__in=post.editors.values("pk"))
    return Person.objects.filter(is_active=True, pk__in=grants.values("person")).exclude(touched).order_by("name")


def still_backed(approval: Approval) -> bool:
    """True while whoever gave it is active, and still may approve in the post's unit and for every account of it.

    Loads the person anew. That they wrote nothing of it was made sure of when they approved it.
    """
    approver = Person.objects.filter(pk=approval.by_id, is_active=True).first()
    if approver is None:
        return False
    accounts = Variant.objects.filter(post=approval.post_id).values_list("account__unit__path", flat=True)
    own = Post.objects.filter(pk=approval.post_id).values_list("unit__path", flat=True)
    paths = reach(approver, Permission.POST_APPROVE)
    return all(any(path.startswith(held) for held in paths) for path in own.union(accounts))
