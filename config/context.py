"""What every page may say about who answers for the portal."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from accounts.permissions import Right, has_right


def about_site():
    return {
        "url": settings.SITE_URL,
        "is_demonstration": settings.IS_DEMONSTRATION,
        "publisher": settings.PUBLISHER_NAME,
        "publisher_address": settings.PUBLISHER_ADDRESS,
        "publication_director": settings.PUBLICATION_DIRECTOR,
        "host_provider": settings.HOST_PROVIDER,
        "contact_email": settings.CONTACT_EMAIL,
        "data_protection_email": settings.DATA_PROTECTION_EMAIL or settings.CONTACT_EMAIL,
        "desk_phone": settings.DESK_PHONE,
        "desk_hours": settings.DESK_HOURS,
    }


def site(request):
    """Who reads is only looked up by the pages that ask: the others stay the same for everybody."""
    user = getattr(request, "user", None)  # a request may fail before it is known
    return {"site": about_site(), "is_adviser": SimpleLazyObject(lambda: bool(user) and has_right(user, Right.ANSWER))}
