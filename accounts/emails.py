"""The mails about an account: text, short, and without any link that would change something when a machine opens it."""

from jobs.outbox import compose


def sign_in_code(email, digits):
    return compose("accounts/mails/sign_in_code", {"digits": grouped(digits)}, to=email)


def prove_code(email, digits):
    return compose("accounts/mails/prove_code", {"digits": grouped(digits)}, to=email)


def change_email_code(email, digits):
    return compose("accounts/mails/change_email_code", {"digits": grouped(digits)}, to=email)


def email_changed(old_email, new_email):
    return compose("accounts/mails/email_changed", {"new_email": new_email}, to=old_email)


def membership_decided(membership, *, confirmed):
    about = {"collectivity": membership.collectivity, "confirmed": confirmed}
    return compose("accounts/mails/membership_decided", about, to=membership.person.email)


def account_deleted(email):
    return compose("accounts/mails/account_deleted", {}, to=email)


def grouped(digits):
    """Read, copied and dictated four by four; the spaces are accepted back."""
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))
