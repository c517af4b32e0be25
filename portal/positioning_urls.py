"""The addresses of the positioning: its questions know no experience, what follows an answer does."""

from django.urls import path

from roles import views

from . import positioning

app_name = "positioning"
urlpatterns = [
    path("positionnement/", views.start, name="start"),
    path("positionnement/commencer/", views.begin, name="begin"),
    path("positionnement/<str:state>/", views.resume, name="resume"),
    path("positionnement/<str:state>/<int:number>/", views.question, name="question"),
    path("positionnement/<str:state>/<int:number>/reponse/", views.answer, name="answer"),
    path("positionnement/<str:state>/<int:number>/retour/", positioning.feedback, name="feedback"),
    path("positionnement/<str:state>/resultat/", positioning.result, name="result"),
    path("positionnement/<str:state>/garder/", positioning.keep, name="keep"),
]
