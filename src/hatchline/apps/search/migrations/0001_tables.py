"""The index: an FTS5 table on SQLite, a table of tsvectors on PostgreSQL. Tokens are made by words.py, not by the
database, so that both find the same."""

from django.db import migrations

SQLITE = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS search_words USING fts5(grams, initials, pinyin, codes, tokenize = 'ascii')"
)
POSTGRES = (
    "CREATE TABLE IF NOT EXISTS search_words (id bigint PRIMARY KEY, words tsvector NOT NULL)",
    "CREATE INDEX IF NOT EXISTS search_words_gin ON search_words USING gin (words)",
)


def make(apps, schema_editor):
    statements = POSTGRES if schema_editor.connection.vendor == "postgresql" else (SQLITE,)
    for statement in statements:
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    schema_editor.execute("DROP TABLE IF EXISTS search_words")


class Migration(migrations.Migration):
    dependencies = []
    operations = [migrations.RunPython(make, remove)]
