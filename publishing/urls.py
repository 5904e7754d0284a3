from django.urls import path

from publishing import views

app_name = "publishing"
POST = "posts/<int:pk>/"

urlpatterns = [
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/<int:year>/<int:month>/", views.calendar, name="calendar_month"),
    path("calendar/<int:year>/<int:month>/<int:day>/", views.day, name="calendar_day"),
    path("posts/", views.post_list, name="post_list"),
    path("posts/new/", views.post_new, name="post_new"),
    path("posts/approvals/", views.approvals, name="approvals"),
    path("posts/images/<int:pk>/", views.image, name="image"),
    path("posts/videos/<int:pk>/", views.video, name="video"),
    path("posts/captions/<int:pk>/", views.captions, name="captions"),
    path(POST, views.post_detail, name="post_detail"),
    path(f"{POST}edit/", views.post_edit, name="post_edit"),
    path(f"{POST}uploads/<int:upload>/", views.upload, name="upload"),
    path(f"{POST}uploads/<int:upload>/dismiss/", views.dismiss_upload, name="dismiss_upload"),
    path(f"{POST}cards/", views.cards, name="cards"),
    path(f"{POST}cards/<str:name>", views.card_picture, name="card_picture"),
    path(f"{POST}submit/", views.submit, name="submit"),
    path(f"{POST}approval/", views.approval, name="approval"),
    path(f"{POST}approve/", views.approve, name="approve"),
    path(f"{POST}request-changes/", views.request_changes, name="request_changes"),
    path(f"{POST}reject/", views.reject, name="reject"),
    path(f"{POST}schedule/", views.step, {"verb": "schedule"}, name="schedule"),
    path(f"{POST}move/", views.move, name="move"),
    path(f"{POST}reschedule/", views.step, {"verb": "reschedule"}, name="reschedule"),
    path(f"{POST}reconfirm/", views.step, {"verb": "reconfirm"}, name="reconfirm"),
    path(f"{POST}unschedule/", views.step, {"verb": "unschedule"}, name="unschedule"),
    path(f"{POST}time-seen/", views.time_seen, name="time_seen"),
    path(f"{POST}withdraw/", views.withdraw, name="withdraw"),
]
