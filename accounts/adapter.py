from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.shortcuts import redirect

from limits.addresses import client_address


class AccountAdapter(DefaultAccountAdapter):
    """What allauth asks of us while it takes somebody through the steps of signing in."""

    def get_client_ip(self, request):
        return client_address(request)

    def add_message(self, request, level, *args, **kwargs):
        """The pages are ours and speak for themselves."""

    def respond_user_inactive(self, request, user):
        messages.error(request, "Ce compte est fermé. Écrivez-nous si vous pensez que c’est une erreur.")
        return redirect("accounts:sign_in")
