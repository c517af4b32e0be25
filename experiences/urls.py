from django.urls import path

from . import views

app_name = "experiences"
urlpatterns = [
    path("", views.experience_list, name="list"),
    path("comme-la-mienne/", views.like_mine, name="like_mine"),
    path("apercu/<str:token>/", views.preview, name="preview"),
    path("<slug:slug>/", views.detail, name="detail"),
]
