from django.urls import path

from crisis.views import crises, playbooks

app_name = "crisis"

urlpatterns = [
    path("crisis/", crises.home, name="home"),
    path("crisis/playbooks/new/", playbooks.playbook_new, name="playbook_new"),
    path("crisis/playbooks/<int:pk>/", playbooks.playbook_detail, name="playbook_detail"),
    path("crisis/playbooks/<int:pk>/edit/", playbooks.playbook_edit, name="playbook_edit"),
    path("crisis/playbooks/<int:pk>/declare/", crises.declare, name="declare"),
    path("crisis/<int:pk>/", crises.crisis_detail, name="crisis_detail"),
    path("crisis/<int:pk>/note/", crises.note, name="note"),
    path("crisis/<int:pk>/freeze/", crises.freeze, name="freeze"),
    path("crisis/<int:pk>/thaw/", crises.thaw, name="thaw"),
    path("crisis/<int:pk>/end/", crises.end, name="end"),
    path("crisis/steps/<int:pk>/tick/", crises.tick, name="tick"),
    path("crisis/steps/<int:pk>/untick/", crises.untick, name="untick"),
]
