"""Django's SQLite backend with a queue before its only pen: see `core.sqlite.turns`."""
