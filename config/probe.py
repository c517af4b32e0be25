"""The health check of the image: `python -m config.probe` ends well when the web server of this container answers.

It knows no setting but the two addresses, so that it stays quick: it runs every half minute.
"""

import os
import sys
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit


def is_alive(port: int, host: str) -> bool:
    """Ask this machine's server on that port, by the name under which the site is known."""
    connection = HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", "/sante/", headers={"Host": host})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    name = urlsplit(os.environ.get("SITE_URL", "")).netloc or "127.0.0.1"
    sys.exit(0 if is_alive(int(os.environ.get("PORT", "8000")), name) else 1)
