"""Where a request comes from, as far as our own proxies can be believed."""

import ipaddress

from django.conf import settings

IPV6_HOME = 64  # one subscriber holds a whole /64


def client_address(request):
    """Return the network address of the visitor, an IPv6 one cut to its /64; « :: » when nothing says it."""
    given = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        # Each proxy adds on the right the address that called it: what stands further left is the visitor's say.
        chain = [step.strip() for step in request.headers.get("X-Forwarded-For", "").split(",")]
        given = chain[-min(settings.TRUSTED_PROXIES, len(chain))]
    try:
        address = ipaddress.ip_address(given)
    except ValueError:
        return "::"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.IPv6Network((address, IPV6_HOME), strict=False).network_address)
    return str(address)
