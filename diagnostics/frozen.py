"""A published questionnaire never changes: the database refuses it too.

The triggers are made after each `migrate` and taken away before it: SQLite rebuilds a table to alter it and
stumbles over triggers that mention it (docs/adr/0011-surveys.md). They refuse updates; deleting is refused
by the foreign key of campaigns and by the actions.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

MESSAGE = "a published questionnaire does not change"
_DRAFT_OF = {
    "diagnostics_section": (
        "SELECT q.state FROM diagnostics_questionnaire q WHERE q.id = OLD.questionnaire_id"
    ),
    "diagnostics_item": (
        "SELECT q.state FROM diagnostics_questionnaire q"
        " JOIN diagnostics_section s ON s.questionnaire_id = q.id WHERE s.id = OLD.section_id"
    ),
    "diagnostics_itemoption": (
        "SELECT q.state FROM diagnostics_questionnaire q"
        " JOIN diagnostics_section s ON s.questionnaire_id = q.id"
        " JOIN diagnostics_item i ON i.section_id = s.id WHERE i.id = OLD.item_id"
    ),
}
_OWN_FIELDS = ("family", "version", "title", "intro", "audience", "minutes")
CONDITIONS = {
    "diagnostics_questionnaire": "OLD.state <> 'draft' AND ("
    + " OR ".join(f"NEW.{name} <> OLD.{name}" for name in _OWN_FIELDS)
    + " OR NEW.state = 'draft')",
    **{table: f"({state}) <> 'draft'" for table, state in _DRAFT_OF.items()},
}


def install(using: str = "default", **kwargs: Any) -> None:
    """Receiver of post_migrate."""
    connection = connections[using]
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table, condition in CONDITIONS.items():
            if table in present:
                for statement in _statements(connection.vendor, table, condition):
                    cursor.execute(statement)


def remove(using: str = "default", **kwargs: Any) -> None:
    """Receiver of pre_migrate; only SQLite needs it."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for table in CONDITIONS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_frozen")


def _statements(vendor: str, table: str, condition: str) -> list[str]:
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS {table}_frozen BEFORE UPDATE ON {table}"
            f" WHEN {condition} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {table}_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {condition} THEN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';"
        " END IF; RETURN NEW; END $$",
        f"CREATE OR REPLACE TRIGGER {table}_frozen BEFORE UPDATE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION {table}_frozen()",
    ]
