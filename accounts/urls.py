from django.urls import path

from . import views

app_name = "accounts"
urlpatterns = [
    path("connexion/", views.sign_in, name="sign_in"),
    path("connexion/code/", views.sign_in_code, name="sign_in_code"),
    path("connexion/mot-de-passe/", views.sign_in_password, name="sign_in_password"),
    path("deconnexion/", views.sign_out, name="sign_out"),
    path("compte/", views.account, name="account"),
    path("compte/profil/", views.profile, name="profile"),
    path("compte/collectivites/ajouter/", views.declare_membership, name="declare_membership"),
    path("compte/collectivites/<int:number>/quitter/", views.end_membership, name="end_membership"),
    path("compte/rattachements/", views.memberships, name="memberships"),
    path("compte/verification/", views.prove, name="prove"),
    path("compte/verification/code/", views.prove_code, name="prove_code"),
    path("compte/adresse/", views.change_email, name="change_email"),
    path("compte/adresse/code/", views.change_email_code, name="change_email_code"),
    path("compte/mot-de-passe/", views.set_password, name="set_password"),
    path("compte/sessions/fermer/", views.close_sessions, name="close_sessions"),
    path("compte/sessions/<int:number>/fermer/", views.close_session, name="close_session"),
    path("compte/supprimer/", views.delete, name="delete"),
]
