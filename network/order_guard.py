"""The database's own promise that a registered order does not change, whoever writes past the model.

Put in place after every `migrate`: SQLite loses the triggers of a table that a migration makes anew.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

REFUSAL = "a registered order does not change"

# What may still move on: the state (a later order cancels it) and the scan, once.
_FREE = {"state", "scan"}

_POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION order_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state = 'draft' OR (OLD.state = 'cancelled' AND NEW.state <> 'cancelled')
     OR (OLD.scan <> '' AND NEW.scan <> OLD.scan)
     OR (to_jsonb(NEW) - 'state' - 'scan') <> (to_jsonb(OLD) - 'state' - 'scan') THEN
    RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION annex_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM network_order WHERE id = OLD.order_id AND state <> 'draft') THEN
    RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS order_is_final ON network_order;
CREATE TRIGGER order_is_final BEFORE UPDATE ON network_order
  FOR EACH ROW WHEN (OLD.state <> 'draft') EXECUTE FUNCTION order_is_final();
DROP TRIGGER IF EXISTS annex_is_final ON network_orderannex;
CREATE TRIGGER annex_is_final BEFORE UPDATE ON network_orderannex
  FOR EACH ROW EXECUTE FUNCTION annex_is_final();
"""


def guard_orders(sender: Any, using: str, **kwargs: Any) -> None:
    """Signal handler of `post_migrate`."""
    connection = connections[using]
    with connection.cursor() as cursor:
        # The app may be migrated to a state before its tables.
        if not {"network_order", "network_orderannex"} <= set(connection.introspection.table_names(cursor)):
            return
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL)
        elif connection.vendor == "sqlite":
            for statement in _sqlite():
                cursor.execute(statement)


def _sqlite() -> list[str]:
    from network.models import Order

    kept = [field.column for field in Order._meta.concrete_fields if field.column not in _FREE]
    changed = " OR ".join(f'NEW."{column}" IS NOT OLD."{column}"' for column in kept)
    return [
        "DROP TRIGGER IF EXISTS order_is_final",
        f"""CREATE TRIGGER order_is_final BEFORE UPDATE ON network_order
            WHEN OLD.state <> 'draft' AND (NEW.state = 'draft'
              OR (OLD.state = 'cancelled' AND NEW.state <> 'cancelled')
              OR (OLD.scan <> '' AND NEW.scan <> OLD.scan) OR {changed})
            BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
        "DROP TRIGGER IF EXISTS annex_is_final",
        f"""CREATE TRIGGER annex_is_final BEFORE UPDATE ON network_orderannex
            WHEN EXISTS (SELECT 1 FROM network_order WHERE id = OLD.order_id AND state <> 'draft')
            BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    ]
