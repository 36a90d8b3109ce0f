"""What is held about a person is handed over whole, and erased whole."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.db import connection

from hatchline.apps.files import actions as files
from hatchline.apps.imports import actions as imports
from hatchline.apps.imports.models import Run
from hatchline.apps.ledger.models import Entry
from hatchline.apps.messages import actions as messages
from hatchline.apps.messages import queries as told
from hatchline.apps.people import actions as people
from hatchline.apps.people.models import Account, Person
from hatchline.apps.shelf import actions as shelf
from hatchline.apps.tokens import actions as tokens
from hatchline.apps.tokens import queries as known
from hatchline.core.values.refusal import Refused
from hatchline.journeys import personal

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)

# Tables with a key to a person or an account. A new one is named here once personal.py exports and erases it,
# or because it tells what an office did and not what the person is like.
COVERED = {
    "people.ContactPoint",
    "people.Identity",
    "people.Account",
    "people.Role",
    "people.Invitation",
    "people.Tie",
    "institutions.Staff",
    "institutions.Mentor",
    "tokens.ApiToken",
    "inbox.Message",
    "inbox.Preference",
    "inbox.CalendarEntry",
    "inbox.CalendarFeed",
    "shelf.SavedView",
    "shelf.Draft",
    "imports.Run",
    "ventures.Founder",
    "ventures.Asked",
    "mfa.Authenticator",
    "socialaccount.SocialAccount",
    "usersessions.UserSession",
}
OFFICE = {
    "indicators.Target": "who answers for a published target",
    "observations.Recording": "who recorded a value",
    "ventures.Question": "who settled a question",
    "rulebooks.Draft": "who drafted and who published a public document",
    "rulebooks.Confirmation": "who answers for a figure of the law",
    "rulebooks.Scenario": "who kept a working scenario",
    "rulebooks.Evaluation": "who pinned an evaluation",
    "admin.LogEntry": "the admin only reads, so it writes none",
    "account.EmailAddress": "addresses are contact points; the library's table stays empty",
}


@pytest.fixture
def admin() -> Person:
    made = people.register("管理员", by=None, now=NOW)
    people.grant(made, kind="administrator", starts_on=TODAY, by=None, now=NOW)
    return made


@pytest.fixture
def zhang(tmp_path) -> Person:
    """Somebody of whom every table knows something, whose roles have ended."""
    made = people.register("张三", by=None, now=NOW)
    people.make_account(made, username="zhangsan", password="a long enough pass", by=None, now=NOW)
    role = people.grant(made, kind="official", starts_on=date(2026, 1, 1), by=None, now=NOW)
    tokens.make(made, role=role, name="张三的脚本", days=30, by=made, now=NOW, today=TODAY)
    people.end_role(role, ends_before=TODAY, by=None, now=NOW, today=TODAY)
    messages.send(to=made, kind="tests.told", text="请张三查收", now=NOW)
    messages.set_preference(made, mode="weekly", by=made, now=NOW)
    messages.enter(person=made, title="与张三面谈", on=TODAY, place="张三办公室", now=NOW)
    messages.open_feed(made, by=made, now=NOW)
    shelf.save_view(made, "console.organisations", name="张三的视图", query="q=1")
    shelf.keep_draft(made, "console.organisation", {"name": ["张三写的草稿"]}, now=NOW)
    imports.upload(target="organisations", name="张三的名单.csv", file_hash="0" * 64, by=made, now=NOW)
    sheet = tmp_path / "about.csv"
    sheet.write_text("姓名\n张三\n", encoding="utf-8")
    files.store(sheet, name="张三的简历.csv", subject=made, by=made, now=NOW)
    return made


def held(person: Person, by: Person) -> dict:
    archive = zipfile.ZipFile(io.BytesIO(personal.export(person, by=by, now=NOW)))
    found = json.loads(archive.read("person.json"))
    assert all(f"{part}" in archive.read("README.txt").decode() for part in found if part != "exported_at")
    return found


def rows_naming(word: str) -> set[str]:
    """Tables that hold the word in any column, as it is or as JSON escapes it."""
    forms, found = (word, json.dumps(word)[1:-1]), set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith("search_"):
                continue  # asked through its own queries; its tables hold parts of words
            cursor.execute(f'SELECT * FROM "{table}"')
            if any(form in str(value) for row in cursor.fetchall() for value in row for form in forms):
                found.add(table)
    return found


def test_every_table_with_a_key_to_a_person_is_thought_of():
    keys = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model in (Person, Account)
    }
    assert {"people.Role", "inbox.Message"} < keys
    assert not keys - COVERED - OFFICE.keys(), "tell in journeys/personal.py and here what becomes of these rows"


def test_the_export_has_every_part(zhang, admin):
    found = held(zhang, admin)
    assert found["person"]["name"] == "张三" and found["account"]["username"] == "zhangsan"
    assert [each["title"] for each in found["messages"]] == ["请张三查收"]
    assert found["preference"]["mode"] == "weekly"
    assert found["calendar"][0] | {"on": ""} == {
        "on": "",
        "title": "与张三面谈",
        "place": "张三办公室",
        "status": "set",
    }
    assert found["calendar_feed_opened_at"] == NOW.isoformat()
    assert found["tokens"][0]["name"] == "张三的脚本" and "digest" not in found["tokens"][0]
    assert found["views"][0]["name"] == "张三的视图"
    assert found["drafts"][0]["values"] == {"name": ["张三写的草稿"]}
    assert [each["name"] for each in found["lists"]] == ["张三的名单.csv"]
    assert [each["name"] for each in found["files"]] == ["张三的简历.csv"]
    assert Entry.objects.filter(event="people.person.exported", subject_id=str(zhang.pk)).exists()


def test_the_export_of_one_person_tells_nothing_of_another(zhang, admin):
    found = held(admin, admin)
    assert "张三" not in json.dumps({part: rows for part, rows in found.items() if part != "moves"}, ensure_ascii=False)
    assert not found["messages"] and not found["files"] and not found["lists"]


def test_erasure_leaves_the_name_nowhere_but_in_the_office_s_lists(zhang, admin):
    assert {"shelf_draft", "shelf_savedview", "tokens_apitoken", "files_file"} < rows_naming("张三")
    personal.erase(zhang, by=admin, now=NOW, today=TODAY)
    assert rows_naming("张三") == {Run._meta.db_table}  # a list's file name is the office's record
    assert not told.of(zhang).exists() and not known.tokens_of(zhang).exists() and not told.has_feed(zhang)
    revoked = Entry.objects.filter(event="tokens.api_token.revoked")
    assert revoked.count() == 1 and revoked.get().by_id == admin.pk
    assert Entry.objects.filter(event="files.file.erased", by_id=admin.pk).exists()


def test_what_is_refused_changes_nothing(zhang, admin):
    people.grant(zhang, kind="expert", starts_on=TODAY, by=None, now=NOW)
    before = held(zhang, admin)
    with pytest.raises(Refused):
        personal.erase(zhang, by=admin, now=NOW, today=TODAY)
    after = held(zhang, admin)
    before.pop("moves"), after.pop("moves")  # each export is itself a move
    assert after == before
