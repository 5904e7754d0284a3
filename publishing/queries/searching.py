"""Posts, by what they say."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.postgres.search import SearchRank
from django.db.models import F, Value
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from networks.folding import as_query
from organisation.models import Person
from organisation.queries.searching import MOST, Find, Finds
from publishing.models import Post
from publishing.queries.posts import visible_posts

COUNT_UP_TO = 100  # of the newest that match, the best come first


class Query(Value):
    """What `as_query` wrote, as it stands."""

    def as_sql(self, compiler, connection):  # type: ignore[no-untyped-def]
        return "%s::tsquery", [self.value]


def found_for(person: Person, words: str) -> Iterable[Finds]:
    """Of the newest posts in sight that hold the `words`, those first whose title does."""
    query = as_query(words)
    if not query:
        return
    newest = visible_posts(person).filter(words__matching=query).order_by("-changed_at", "-pk")
    keys = list(newest.values_list("pk", flat=True)[: COUNT_UP_TO + 1])
    rank = SearchRank(F("words"), Query(query))
    best = Post.objects.filter(pk__in=keys).annotate(rank=rank).select_related("unit").defer("words")
    rows = [_told(post) for post in best.order_by("-rank", "-changed_at", "-pk")[:MOST]]
    if rows:
        url = f"{reverse('publishing:post_list')}?{urlencode({'words': words})}"
        yield Finds(_("Posts"), "card-text", rows, min(len(keys), COUNT_UP_TO), url, len(keys) > COUNT_UP_TO)


def _told(post: Post) -> Find:
    return Find(post.title, f"{post.get_state_display()} · {post.unit.name}", post.get_absolute_url())
