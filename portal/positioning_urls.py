"""The addresses of the positioning: its questions know no experience, what follows an answer does."""

from django.urls import path

from roles import views

from . import positioning, saved_results

app_name = "positioning"
urlpatterns = [
    path("positionnement/", views.start, name="start"),
    path("positionnement/commencer/", views.begin, name="begin"),
    path("positionnement/partage/<str:link>/", positioning.shared, name="shared"),
    path("positionnement/<str:state>/", views.resume, name="resume"),
    path("positionnement/<str:state>/<int:number>/", views.question, name="question"),
    path("positionnement/<str:state>/<int:number>/reponse/", views.answer, name="answer"),
    path("positionnement/<str:state>/<int:number>/retour/", positioning.feedback, name="feedback"),
    path("positionnement/<str:state>/resultat/", positioning.result, name="result"),
    path("positionnement/<str:state>/garder/", positioning.keep, name="keep"),
    path("positionnement/<str:state>/enregistrer/", saved_results.save, name="save"),
    path("positionnement/<str:state>/comparer/", saved_results.compare_present, name="compare_present"),
    path("compte/positionnements/", saved_results.saved_list, name="saved_list"),
    path("compte/positionnements/comparer/", saved_results.compare, name="compare"),
    path("compte/positionnements/<int:number>/", saved_results.saved, name="saved"),
    path("compte/positionnements/<int:number>/supprimer/", saved_results.delete, name="delete_saved"),
]
