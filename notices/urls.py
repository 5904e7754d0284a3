from django.urls import path

from notices import views

app_name = "notices"

urlpatterns = [
    path("notices/", views.notice_list, name="list"),
    path("notices/seen/", views.see_everything, name="seen"),
    path("notices/letters/", views.letter_list, name="letters"),
    path("notices/letters/<int:pk>/again/", views.letter_again, name="letter_again"),
    path("notices/webhooks/", views.target_list, name="targets"),
    path("notices/webhooks/new/", views.target_new, name="target_new"),
    path("notices/webhooks/<int:pk>/", views.target_detail, name="target_detail"),
    path("notices/webhooks/<int:pk>/test/", views.target_test, name="target_test"),
    path("notices/webhooks/<int:pk>/end/", views.target_end, name="target_end"),
    path("me/notices/off/<str:token>/", views.switch_off, name="off"),
    path("me/notices/", views.choices, name="choices"),
    path("notices/<int:pk>/", views.open_notice, name="open"),
]
