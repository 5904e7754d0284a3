from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublishingConfig(AppConfig):
    name = "publishing"
    verbose_name = _("Posts")

    def ready(self) -> None:
        from delivery.origins import register  # reason: apps are not loaded before
        from organisation.queries import named_by
        from publishing.actions.origin import VariantOrigin
        from publishing.queries.posts import visible_posts

        named_by("publishing.post", visible_posts)
        register(VariantOrigin())
