"""Names made comparable, hosts, credit codes."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from hatchline.core.values import names
from hatchline.core.values.names import CreditCode
from hatchline.core.values.unreadable import Unreadable
from tests.realdata import real

SAME = [
    ("北京启元创业服务有限公司", "北京启元（创业）服务 有限责任公司"),
    ("北京启元创业服务有限公司", "北京启元创业服务股份有限公司"),
    ("ＡＣＭＥ　Ｃｏ．， Ｌｔｄ．", "Acme"),
    ("Oxford-Street Labs Limited", "oxford street LABS ltd."),
    ("首都科技集团有限公司", "首都科技"),
    ("Straße GmbH", "STRASSE"),
]
DIFFERENT = [
    ("中国矿业大学（北京）", "中国矿业大学"),
    ("北京启元科技有限公司", "上海启元科技有限公司"),
    ("Limited Brands", "Brands"),
    ("望京一号", "望京二号"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_name_are_the_same(one, other):
    assert names.key(one) == names.key(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_names_stay_different(one, other):
    assert names.key(one) != names.key(other)


@given(st.text(min_size=1, max_size=250).filter(str.strip))
def test_any_name_has_a_key_that_is_its_own_key(text):
    key = names.key(text)
    assert key
    assert len(key) <= names.KEY_LENGTH
    assert names.key(key) == key


@given(
    st.text(alphabet="北京启元创业服务科技", min_size=1, max_size=12),
    st.sampled_from(["（", "）", " ", "·", "-", "　"]),
)
def test_brackets_and_spaces_do_not_matter(text, sign):
    middle = len(text) // 2
    assert names.key(text[:middle] + sign + text[middle:]) == names.key(text)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("https://www.example.com/a?b", "example.com"),
        ("Example.COM:8080", "example.com"),
        ("http://中文.中国/", "中文.中国"),
        ("localhost", ""),
        ("no site", ""),
        ("http://[::", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_host_of_a_website(text, host):
    assert names.host(text) == host


@given(st.text(max_size=80))
def test_no_text_breaks_the_readers(text):
    assert len(names.host(text)) <= names.HOST_LENGTH
    assert isinstance(names.credit_code(text), CreditCode | Unreadable)


@given(st.text(alphabet="0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9), st.integers(0, 999999))
def test_a_wrong_check_digit_is_doubtful_and_no_more(organisation, division):
    body = f"91{division:06d}{organisation}"
    right = uscc.calc_check_digit(body)
    assert names.credit_code(body + right) == CreditCode(body + right, False)
    wrong = "0" if right != "0" else "1"
    assert names.credit_code(body + wrong) == CreditCode(body + wrong, True)


def test_letters_that_no_code_has_are_refused():
    assert names.credit_code("9111000060003IOZSV") == Unreadable(
        "credit_code.form", {"value": "9111000060003IOZSV"}, "hint.credit_code"
    )
    assert names.credit_code("123").code == "credit_code.length"


def test_real_codes_are_read_as_their_list_says():
    counts = {"valid": 0, "doubtful": 0, "malformed": 0}
    with real("uscc_vectors.csv").open(encoding="utf-8-sig", newline="") as handle:
        for row in csv.DictReader(handle):
            read = names.credit_code(row["code"])
            if row["expected"] == "invalid-format":
                assert isinstance(read, Unreadable)
                counts["malformed"] += 1
                continue
            assert isinstance(read, CreditCode), row
            assert read.is_doubtful == (row["gb32100_check_ok"] == "False"), row
            counts["doubtful" if read.is_doubtful else "valid"] += 1
    print(counts)
    assert counts == {"valid": 108, "doubtful": 3, "malformed": 1}
