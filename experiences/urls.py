from django.urls import path

from . import views

app_name = "experiences"
urlpatterns = [
    path("", views.experience_list, name="list"),
    path("apercu/<str:token>/", views.preview, name="preview"),
    path("<slug:slug>/", views.detail, name="detail"),
]
