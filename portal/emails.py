from jobs.outbox import compose


def private_link(journey, email):
    """Asked by whoever typed the address, which may not be theirs: it holds nothing but our words and the link."""
    return compose("portal/mails/private_link", {"journey": journey}, to=email, forgets_address=True)
