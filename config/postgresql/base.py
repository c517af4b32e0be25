"""Django’s PostgreSQL, which asks a kept connection whether it still works only when there is a reason to."""

import select

from django.db.backends.postgresql import base
from psycopg2.extensions import TRANSACTION_STATUS_IDLE


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self):
        """Whether the connection, kept since an earlier request, still answers.

        A server that ends says so on the line. While there is nothing to read, asking would cost each page one more
        statement, and tell nothing that the next one does not.
        """
        connection = self.connection
        if connection is None or connection.closed:
            return False
        if connection.info.transaction_status != TRANSACTION_STATUS_IDLE or has_something_to_read(connection):
            return super().is_usable()
        return True


def has_something_to_read(connection):
    watched = select.poll()
    watched.register(connection.fileno(), select.POLLIN)
    return bool(watched.poll(0))
