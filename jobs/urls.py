from django.urls import path

from . import views

app_name = "jobs"
urlpatterns = [
    path("", views.mailbox, name="mailbox"),
    path("<int:number>/", views.mail, name="mail"),
]
