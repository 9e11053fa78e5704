"""Backup: the rows of every table and the uploaded files in one ZIP, the same for SQLite and PostgreSQL.

    manifest.json            format, when, applied migrations, rows of every table, SHA-256 of every member
    tables/<label>.jsonl     one row a line, columns in the order of the first line
    files/<path>             uploaded files

Why not the databases' own dumps: docs/adr/0005-backup.md.
"""

from core.backup.archive import BadArchive, check, write
from core.backup.restore import NotEmpty, restore

__all__ = ["BadArchive", "NotEmpty", "check", "restore", "write"]
