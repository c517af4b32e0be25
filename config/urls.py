from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from config import health

urlpatterns = [
    path("", include("portal.urls")),
    path("experiences/", include("experiences.urls")),
    path("", include("portal.roles_urls")),
    path("territoires/", include("portal.places_urls")),
    path("", include("portal.positioning_urls")),
    path("", include("inquiries.urls")),
    path("", include("accounts.urls")),
    path(f"{settings.ADMIN_PATH}/", admin.site.urls),
    path("composants/", include("design.urls")),
    path("_courriels/", include("jobs.urls")),
    path("sante/", health.alive, name="alive"),
    path("sante/prete/", health.ready, name="ready"),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
