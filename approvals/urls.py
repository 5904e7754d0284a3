from django.urls import path

from approvals import views

app_name = "approvals"

urlpatterns = [
    path("approvals/routes/", views.route_list, name="route_list"),
    path("approvals/routes/new/", views.route_new, name="route_new"),
    path("approvals/routes/<int:pk>/end/", views.route_end, name="route_end"),
]
