from django.urls import path

from . import views

app_name = "design"
urlpatterns = [
    path("", views.components, name="components"),
]
