"""The one history of the schema (Alembic). `python -m shared.migrations` brings a database up to date."""
