from django.urls import path

from notices import views

app_name = "notices"

urlpatterns = [
    path("notices/", views.notice_list, name="list"),
    path("notices/seen/", views.see_everything, name="seen"),
    path("me/notices/", views.choices, name="choices"),
    path("notices/<int:pk>/", views.open_notice, name="open"),
]
