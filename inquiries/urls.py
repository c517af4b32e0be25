from django.urls import path

from .views import desk, files

app_name = "inquiries"
urlpatterns = [
    path("bureau/", desk.desk, name="desk"),
    path("bureau/apercu/", desk.preview, name="preview"),
    path("bureau/appel/", desk.log_call, name="log_call"),
    path("bureau/appel/<str:number>/", desk.call_logged, name="call_logged"),
    path("bureau/questions/<str:number>/", desk.desk_question, name="desk_question"),
    path("bureau/questions/<str:number>/prendre/", desk.claim, name="claim"),
    path("bureau/questions/<str:number>/confier/", desk.hand_over, name="hand_over"),
    path("bureau/questions/<str:number>/repondre/", desk.write, name="write"),
    path("bureau/questions/<str:number>/classer/", desk.end, name="end"),
    path("bureau/questions/<str:number>/theme/", desk.set_theme, name="set_theme"),
    path("bureau/questions/<str:number>/exception/", desk.override, name="override"),
    path("fichiers/<uuid:key>/", files.file, name="file"),
]
