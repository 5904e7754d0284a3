from django.urls import path

from notices import views

app_name = "notices"

urlpatterns = [
    path("notices/", views.notice_list, name="list"),
    path("notices/seen/", views.see_everything, name="seen"),
    path("notices/letters/", views.letter_list, name="letters"),
    path("notices/letters/<int:pk>/again/", views.letter_again, name="letter_again"),
    path("me/notices/", views.choices, name="choices"),
    path("notices/<int:pk>/", views.open_notice, name="open"),
]
