"""The addresses of roles and postures, under the name of their app although their pages gather several."""

from django.urls import path

from . import entrepreneurship, roles

app_name = "roles"
urlpatterns = [
    path("roles/", roles.index, name="list"),
    path("roles/<slug:role>/", roles.role, name="role"),
    path("postures/", roles.postures, name="postures"),
    path("postures/<slug:posture>/", roles.posture, name="posture"),
    path("pourquoi/", roles.reasons, name="reasons"),
    path("entrepreneuriat-de-territoire/", entrepreneurship.index, name="entrepreneurship"),
    path("entrepreneuriat-de-territoire/<slug:moment>/", entrepreneurship.conditions, name="conditions"),
]
