from django.urls import path

from delivery.views import deliveries, holds, outgoing

app_name = "delivery"
urlpatterns = [
    path("deliveries/", deliveries.unresolved_list, name="unresolved"),
    path("deliveries/<int:pk>/", deliveries.delivery_detail, name="delivery_detail"),
    path("deliveries/<int:pk>/decide/", deliveries.delivery_decide, name="delivery_decide"),
    path("deliveries/<int:pk>/reconfirm/", deliveries.delivery_reconfirm, name="delivery_reconfirm"),
    path("deliveries/<int:pk>/complete/", deliveries.delivery_complete, name="delivery_complete"),
    path("media/outgoing/<str:token>/", outgoing.outgoing, name="outgoing"),
    path("holds/", holds.hold_list, name="hold_list"),
    path("holds/new/", holds.hold_new, name="hold_new"),
    path("holds/<int:pk>/lift/", holds.hold_lift, name="hold_lift"),
]
