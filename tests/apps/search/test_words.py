"""How text is cut into tokens."""

import pytest

from hatchline.apps.search import words


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("望京启元", "wjqy"),
        ("重庆银行", "cqyh"),
        ("朝阳", "cy"),
        ("长城", "cc"),
        ("北京朝阳区", "bjcyq"),
        ("乐视", "ls"),
    ],
)
def test_initials_of_words_with_several_readings_are_among_those_kept(name, initials):
    kept, _syllables = words.sounds([name])
    assert " ".join(words.bigrams(initials)) in kept


def test_case_width_accents_and_punctuation_do_not_count():
    assert words.joined("ＡＢＣ（北京）・Café 2.0") == "abc北京cafe20"


def test_hangul_and_kana_stay_whole():
    assert words.joined("서울 ガス") == "서울ガス"


def test_no_phrase_crosses_from_one_name_to_the_next():
    tokens = words.grams(["望京", "启元"]).split()
    assert "京启" not in tokens
    assert tokens.index("启元") - tokens.index("望京") > 1


def test_pinyin_is_cut_into_syllables_with_an_unfinished_end():
    assert ["wang", "jing", "q"] in words.cut_pinyin("wangjingq")
    assert {("xi", "an"), ("xian",)} <= {tuple(way) for way in words.cut_pinyin("xian")}
    assert words.cut_pinyin("wjqy") == []
