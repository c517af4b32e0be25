from django.conf import settings
from django.contrib.auth.backends import BaseBackend

from accounts.permissions import has_right


class RightsBackend(BaseBackend):
    """Answers the admin, which asks for Django's permissions, from the rights of the person."""

    def has_perm(self, user_obj, perm, obj=None):
        app, _, codename = perm.partition(".")
        action = codename.partition("_")[0]
        return any(
            action in apps.get(app, ()) and has_right(user_obj, right) for right, apps in settings.ADMIN_RIGHTS.items()
        )

    def has_module_perms(self, user_obj, app_label):
        return any(app_label in apps and has_right(user_obj, right) for right, apps in settings.ADMIN_RIGHTS.items())
