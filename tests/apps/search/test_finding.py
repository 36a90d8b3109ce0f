"""What is indexed is found, on either database."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hatchline.apps.bodies.models import Territory
from hatchline.apps.search import actions, queries
from hatchline.apps.search.actions import Row

pytestmark = pytest.mark.django_db
KIND = "bodies.territory"


def found(q: str, kind: str = KIND) -> list[int]:
    return queries.everything(q, [kind])[kind]


def test_every_substring_of_two_characters_is_found():
    names = ["北京望京启元科技孵化器（有限合伙）", "Cambridge Ångström Labs 3M", "ＮＯＶＯ创业・工场", "서울스타트업"]
    actions.index_many(KIND, [Row(pk, [name]) for pk, name in enumerate(names, 1)])
    for pk, name in enumerate(names, 1):
        letters = "".join(c for c in name if c.isalnum())
        for at in range(len(letters) - 1):
            for size in (2, 3, 5):
                assert pk in found(letters[at : at + size]), letters[at : at + size]


@pytest.mark.parametrize(
    "q", ["望京", "启元科技", "WJQY", "wjqy", "jqy", "wangjing", "wangjingqiyu", "京启", "91110105MA", "Qiyuan Tech",
          "tech qiyuan", "望京 科技", "街道", "望京qy", "qi yuan"],
)  # fmt: skip
def test_by_name_initials_pinyin_code_words_and_text(q):
    actions.index(
        KIND, 7, names=["望京启元科技孵化器", "Qiyuan Technology"], codes=["91110105MA0000027N"], text="酒仙桥街道"
    )
    actions.index(KIND, 8, names=["东湖物联创业园"])
    assert found(q) == [7]


@pytest.mark.parametrize(
    "q", ["望东", "元望", "wjdh", "0000027N", "", "  ", "，。", "%", "' OR 1=1", '"*"', "AND", "NEAR("]
)
def test_what_is_not_there_is_not_found_and_nothing_breaks(q):
    actions.index(KIND, 7, names=["望京启元"], codes=["91110105MA0000027N"])
    assert found(q) == []


def test_a_single_character_is_looked_for_at_the_beginning_and_says_so():
    actions.index(KIND, 1, names=["望京启元"])
    actions.index(KIND, 2, names=["启元望京"])
    asked = queries.understand("望")
    assert asked.by_start and not queries.understand("望京").by_start
    assert found("望") == [1] and found("w") == [1]


def test_a_changed_name_replaces_the_old_one_and_a_forgotten_row_is_gone():
    actions.index(KIND, 1, names=["望京启元"])
    actions.index(KIND, 1, names=["东湖物联"])
    assert found("望京") == [] and found("东湖") == [1]
    actions.forget(KIND, 1)
    actions.forget(KIND, 1)
    assert found("东湖") == []


def test_kinds_do_not_meet():
    actions.index("a.b", 1, names=["望京启元"])
    actions.index("c.d", 1, names=["望京东湖"])
    assert queries.everything("望京", ["a.b", "c.d"]) == {"a.b": [1], "c.d": [1]}
    assert found("启元", "c.d") == []


def test_it_is_one_query_inside_a_filter(django_assert_num_queries):
    rows = [Territory(code=f"11{n:04d}", prefix=f"11{n}", name=name, path_name=name, level=3)
            for n, name in enumerate(["望京", "东湖", "望东"], 1)]  # fmt: skip
    made = Territory.objects.bulk_create(rows)
    actions.index_many(KIND, [Row(row.pk, [row.name]) for row in made])
    with django_assert_num_queries(1):
        names = set(Territory.objects.filter(pk__in=queries.matching(KIND, "望")).values_list("name", flat=True))
    assert names == {"望京", "望东"}
    assert queries.narrowed(Territory.objects.all(), KIND, " ").count() == Territory.objects.count()
    assert not queries.narrowed(Territory.objects.all(), KIND, "，").exists()


def test_what_a_rolled_back_verb_indexed_is_not_found():
    from django.db import transaction

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        actions.index(KIND, 5, names=["望京启元"])
        raise ZeroDivisionError
    assert found("望京") == []


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=5), st.text(max_size=12))
def test_any_text_can_be_indexed_and_asked_for(names, q):
    actions.index(KIND, 1, names=names, codes=names, text=q)
    letters = "".join(c for c in q if c.isascii() and c.isalnum())
    queries.everything(q, [KIND])
    if len(letters) >= 2:
        assert 1 in found(letters[:2]) or letters[:2].lower() not in q.lower()


def test_a_long_text_keeps_its_names_findable():
    random.seed(3)
    text = "".join(chr(random.randrange(0x4E00, 0x9000)) for _ in range(30_000))
    actions.index(KIND, 1, names=["望京启元"], codes=["X1" * 40], text=text)
    assert found("望京") == [1] and found("wjqy") == [1] and found("X1X1") == [1]
