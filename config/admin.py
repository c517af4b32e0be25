"""The admin, opened by rights: which right opens which app is told in the settings."""

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator

from accounts.permissions import has_right


class PortalAdminSite(AdminSite):
    site_title = index_title = "Administration"
    site_header = "Territoires Conseils, administration"

    def has_permission(self, request):
        return any(has_right(request.user, right) for right in settings.ADMIN_RIGHTS)

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        """One way in for everybody: the mailed code."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", reverse("admin:index")), reverse("accounts:sign_in"))

    def password_change(self, request, extra_context=None):
        return redirect("accounts:set_password")
