from django.urls import path

from monitoring.views import sources, streams, watches, webhooks

app_name = "monitoring"

urlpatterns = [
    path("inbox/streams/", streams.stream_list, name="stream_list"),
    path("inbox/watches/", watches.watch_list, name="watch_list"),
    path("inbox/watches/new/", watches.watch_new, name="watch_new"),
    path("inbox/watches/<int:pk>/", watches.watch_detail, name="watch_detail"),
    path("inbox/watches/<int:pk>/edit/", watches.watch_edit, name="watch_edit"),
    path("inbox/watches/<int:pk>/activate/", watches.watch_activate, name="watch_activate"),
    path("inbox/watches/<int:pk>/end/", watches.watch_end, name="watch_end"),
    path("inbox/sources/", sources.source_list, name="source_list"),
    path("inbox/sources/new/", sources.source_new, name="source_new"),
    path("inbox/sources/<int:pk>/", sources.source_detail, name="source_detail"),
    path("inbox/sources/<int:pk>/edit/", sources.source_edit, name="source_edit"),
    path("inbox/sources/<int:pk>/pause/", sources.source_pause, name="source_pause"),
    path("inbox/sources/<int:pk>/resume/", sources.source_resume, name="source_resume"),
    path("inbox/sources/<int:pk>/end/", sources.source_end, name="source_end"),
    path("inbox/entries/", sources.entry_list, name="entry_list"),
    path("webhooks/<str:network>/", webhooks.webhook, name="webhook"),
]
