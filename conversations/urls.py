from django.urls import path

from conversations.views import conversation, impersonation, inbox, pictures

app_name = "conversations"

urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<int:pk>/", conversation.conversation, name="conversation"),
    path("inbox/<int:pk>/take/", conversation.take, name="take"),
    path("inbox/<int:pk>/assign/", conversation.assign, name="assign"),
    path("inbox/<int:pk>/categorise/", conversation.categorise, name="categorise"),
    path("inbox/<int:pk>/answer/", conversation.answer, name="answer"),
    path("inbox/<int:pk>/close/", conversation.close, name="close"),
    path("inbox/<int:pk>/impersonation/", impersonation.report_author, name="report_author"),
    path("inbox/<int:pk>/reopen/", conversation.reopen, name="reopen"),
    path("inbox/messages/<int:pk>/parts/", pictures.parts, name="message_parts"),
    path("inbox/messages/<int:pk>/pictures/<int:place>/", pictures.picture, name="picture"),
    path("inbox/answers/<int:pk>/withdraw/", conversation.withdraw, name="withdraw_answer"),
    path("inbox/answers/<int:pk>/again/", conversation.again, name="send_again"),
]
