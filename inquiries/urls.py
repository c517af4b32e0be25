"""Asking, following and answering questions."""

from django.urls import path

from .views import asked, asking, desk, files, following

app_name = "inquiries"
urlpatterns = [
    path("questions/poser/", asking.ask, name="ask"),
    path("questions/eligibilite/", asking.ask_verdict, name="ask_verdict"),
    path("questions/poser/<str:draft_key>/", asking.ask_question, name="ask_question"),
    path("questions/poser/<str:draft_key>/collectivite/", asking.ask_collectivity, name="ask_collectivity"),
    path("questions/poser/<str:draft_key>/proches/", asking.ask_near, name="ask_near"),
    path("questions/poser/<str:draft_key>/suffit/", asking.enough, name="enough"),
    path("questions/poser/<str:draft_key>/plus-tard/", asking.ask_later, name="ask_later"),
    path("questions/poser/<str:draft_key>/envoi/", asking.ask_send, name="ask_send"),
    path("questions/poser/<str:draft_key>/recue/", asked.asked, name="asked"),
    path("questions/poser/<str:draft_key>/recue/code/", asked.asked_again, name="asked_again"),
    path("questions/poser/<str:draft_key>/recue/adresse/", asked.asked_address, name="asked_address"),
    path("bureau/", desk.desk, name="desk"),
    path("bureau/apercu/", desk.preview, name="preview"),
    path("bureau/appel/", desk.log_call, name="log_call"),
    path("bureau/appel/eligibilite/", desk.call_verdict, name="call_verdict"),
    path("bureau/appel/<str:number>/", desk.call_logged, name="call_logged"),
    path("bureau/questions/<str:number>/", desk.desk_question, name="desk_question"),
    path("bureau/questions/<str:number>/prendre/", desk.claim, name="claim"),
    path("bureau/questions/<str:number>/confier/", desk.hand_over, name="hand_over"),
    path("bureau/questions/<str:number>/repondre/", desk.write, name="write"),
    path("bureau/questions/<str:number>/classer/", desk.end, name="end"),
    path("bureau/questions/<str:number>/theme/", desk.set_theme, name="set_theme"),
    path("bureau/questions/<str:number>/exception/", desk.override, name="override"),
    path("fichiers/<uuid:key>/", files.file, name="file"),
    path("mes-questions/", following.mine, name="mine"),
    path("mes-questions/export/", following.export, name="export"),
    path("mes-questions/<str:number>/", following.thread, name="thread"),
    path("mes-questions/<str:number>/repondre/", following.reply, name="reply"),
    path("mes-questions/<str:number>/retirer/", following.withdraw, name="withdraw"),
    path("mes-questions/<str:number>/resolue/", following.solve, name="solve"),
    path("mes-questions/<str:number>/rouvrir/", following.reopen, name="reopen"),
    path("mes-questions/<str:number>/accord/", following.consent, name="consent"),
    path("mes-questions/<str:number>/partage/", following.share, name="share"),
    path("mes-questions/<str:number>/noter/", following.rate, name="rate"),
]
