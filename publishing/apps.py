from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublishingConfig(AppConfig):
    name = "publishing"
    verbose_name = _("Posts")

    def ready(self) -> None:
        from approvals import subjects  # reason: apps are not loaded before
        from delivery.origins import register
        from notices import kinds
        from organisation import open_work
        from organisation.queries import named_by
        from publishing.actions.leaving import WORK
        from publishing.actions.origin import VariantOrigin
        from publishing.actions.subject import POSTS
        from publishing.queries.posts import visible_posts

        named_by("publishing.post", visible_posts)
        subjects.register(POSTS)
        kinds.tell_of(kinds.Happening("post", _("Posts"), "publishing.post", "publishing:post_detail"))
        open_work.register(WORK)
        register(VariantOrigin())
