"""The library on the portal: nobody has signed in."""

import pytest

from hatchline.journeys import reference
from tests.sites.console.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(db):
    return list(reference.load(district="110105", now=NOW))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_document_reads_in_both_languages(client, loaded, language):
    from hatchline import rulebook

    listing = client.get("/rules/", {"lang": language}).content.decode()
    for each in rulebook.library().documents.values():
        assert each.number in listing
        client.cookies["django_language"] = language
        answer = client.get(f"/rules/{each.name}/")
        assert answer.status_code == 200
        page = answer.content.decode()
        for criterion in each.criteria.values():
            assert criterion.name in page


def test_the_list_says_what_is_in_force_today(client, loaded):
    page = client.get("/rules/").content.decode()
    assert "施行中" in page and "已失效" in page and "尚未施行" in page


def test_two_editions_of_one_rule_are_compared(client, loaded):
    page = client.get("/rules/most-2010-680/compare/?with=most-2018-300").content.decode()
    assert "20,000 平方米" in page and "10,000 平方米" in page and "删去" in page and "新增" in page
    assert client.get("/rules/most-2010-680/compare/").status_code == 200
    assert client.get("/rules/most-2010-680/compare/?with=nothing").status_code == 404


def test_a_document_is_handed_out_as_it_is_kept(client, loaded):
    from hatchline import rulebook

    text = dict(rulebook.sources()[1])["rulebook/documents/most-2018-300.yaml"]
    assert client.get("/rules/most-2018-300/text/").content.decode() == text
    assert client.get("/rules/nothing/").status_code == 404


def test_the_list_asks_as_often_for_one_document_as_for_all(client, loaded, django_assert_max_num_queries):
    client.get("/rules/")
    with django_assert_max_num_queries(8):
        client.get("/rules/")
