"""A post as the person who asks may see it; out of sight is not there."""

from __future__ import annotations

from django.http import Http404

from organisation.forms import PersonRequest
from publishing.models import Post
from publishing.queries import post_to_show


def seen(request: PersonRequest, pk: int) -> Post:
    post = post_to_show(request.user, pk)
    if post is None:
        raise Http404
    return post
