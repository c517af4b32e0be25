import pytest

from limits.addresses import client_address


@pytest.mark.parametrize(
    ("proxies", "seen", "expected"),
    [
        (0, ("198.51.100.7", "203.0.113.9"), "198.51.100.7"),  # nobody vouches for the header
        (1, ("127.0.0.1", "203.0.113.9"), "203.0.113.9"),
        (1, ("127.0.0.1", "10.0.0.1, 203.0.113.9"), "203.0.113.9"),  # the visitor wrote the first one
        (2, ("127.0.0.1", "10.0.0.1, 203.0.113.9, 192.0.2.4"), "203.0.113.9"),
        (3, ("127.0.0.1", "203.0.113.9"), "203.0.113.9"),
        (1, ("127.0.0.1", ""), "::"),
        (0, ("", ""), "::"),
        (0, ("2001:db8:1:2:3:4:5:6", ""), "2001:db8:1:2::"),
        (0, ("::ffff:198.51.100.7", ""), "198.51.100.7"),
        (1, ("127.0.0.1", "<script>"), "::"),
    ],
)
def test_the_address_is_the_one_our_own_proxies_tell(rf, settings, proxies, seen, expected):
    settings.TRUSTED_PROXIES = proxies
    remote, forwarded = seen
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert client_address(rf.get("/", REMOTE_ADDR=remote, headers=headers)) == expected
