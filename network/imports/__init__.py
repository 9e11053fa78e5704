"""What is taken in from spreadsheets: organisations and staff."""

from network.imports import organisations, staff  # noqa: F401  (registers the imports)
