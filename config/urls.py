from django.urls import include, path

urlpatterns = [
    path("", include("portal.urls")),
    path("experiences/", include("experiences.urls")),
    path("composants/", include("design.urls")),
]
