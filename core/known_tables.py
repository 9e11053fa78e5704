"""What the embedded database knows of its tables, so that it chooses the right index.

PostgreSQL keeps this by itself. SQLite has to be asked, else it sorts a whole list for the sake of one page of it.
"""

from __future__ import annotations

from django.db import connection, transaction

# How many rows of an index are looked at: some milliseconds whatever the size of the table.
ROWS_LOOKED_AT = 1000


def know_tables() -> None:
    """Look at the tables again; connections that are opened from now on choose by what was found."""
    if connection.vendor != "sqlite":
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit={ROWS_LOOKED_AT}")
        cursor.execute("ANALYZE")
