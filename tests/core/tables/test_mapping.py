"""The mapping language: what it accepts, how it names what is wrong, and that it round-trips."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatchline.core.tables import mapping as language
from hatchline.core.tables.mapping import Condition, Mapping, Rule, Source, SubHeaders, from_data, from_yaml
from hatchline.core.tables.problems import UnableToReadMapping
from tests.core.tables.targets import INSTITUTIONS

GOOD = """
target: institutions
source: {sheet: 名单, header_row: auto, date_order: dmy, skip_rows: ["^合计"], sub_headers: {field: territory}}
when:
- {column: 类型, matches: 孵化器}
constants: {country: CN}
columns:
- {column: 名称, field: name}
- {column: 类型, field: kinds, split: 、, values: {no: null, 孵化器: incubator}, otherwise: reject}
- {column: 面积, field: area, unit: 亩}
- {column: 起止, pattern: '(?P<opened>.+)至(?P<closed>.+)'}
"""


def wrong(text, fields=INSTITUTIONS):
    with pytest.raises(UnableToReadMapping) as caught:
        from_yaml(text, fields, ["institutions"])
    for problem in caught.value.problems:
        assert problem.sentence("zh") != problem.code and problem.sentence("en") != problem.code
    return [
        (problem.code, problem.params.get("line"), problem.params.get("nearest")) for problem in caught.value.problems
    ]


def test_reads_and_writes_itself():
    read = from_yaml(GOOD, INSTITUTIONS)
    assert read.rules[1].values == {"no": None, "孵化器": "incubator"}
    assert read.source.sub_headers == SubHeaders(field="territory")
    assert from_yaml(read.to_yaml(), INSTITUTIONS) == read
    assert from_data(read.to_data(), INSTITUTIONS) == read
    assert read.columns() == ("名称", "类型", "面积", "起止")


def test_the_example_in_the_documentation_is_valid():
    example = textwrap.dedent(language.__doc__.split("\n\n", 1)[1])
    assert from_yaml(example).target == "institutions"


def test_the_hash_is_of_what_it_does():
    read = from_yaml(GOOD)
    assert from_yaml(GOOD + "title: other\n").content_hash() == read.content_hash()
    assert from_yaml(GOOD.replace("亩", "m²")).content_hash() != read.content_hash()


def test_each_mistake_names_its_line_and_the_nearest_name():
    assert wrong("target: institutions\nsource: {shet: x}\ncolumns:\n- {column: a, field: name}\n") == [
        ("mapping.unknown_key", 2, "sheet")
    ]
    assert wrong("target: institutions\ncolumns:\n- {column: a, field: name}\n- {column: b, field: opend}\n") == [
        ("mapping.unknown_field", 4, "opened")
    ]
    assert wrong("target: instituions\ncolumns:\n- {column: a, field: name}\n") == [
        ("mapping.not_allowed", 1, "institutions")
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{column: b, field: kinds, values: {x: incubater}}", "mapping.not_allowed"),
        ("{column: b, field: area, unit: 公斤}", "mapping.unit"),
        ("{column: b, field: opened, date_order: ydm}", "mapping.not_allowed"),
        ("{column: b, field: opened, transforms: [stripp]}", "mapping.not_allowed"),
        ("{column: b, pattern: '(?P<opened>x+)+$'}", "mapping.pattern_repeat"),
        ("{column: b, pattern: '(x'}", "mapping.pattern"),
        ("{column: b, pattern: 'x'}", "mapping.pattern_groups"),
        ("{column: b, columns: [c], field: opened}", "mapping.one_column_key"),
        ("{column: b, field: opened, split: ';'}", "mapping.split_single"),
        ("{column: b, field: opened, when: [{column: c}]}", "mapping.empty_condition"),
        ("{column: b, field: opened, otherwise: {}}", "mapping.otherwise"),
        ("{column: b, field: opened, column: c}", "mapping.key_twice"),
        ("just text", "mapping.not_a_map"),
    ],
)
def test_rules_are_checked(line, code):
    found = wrong(f"target: institutions\ncolumns:\n- {{column: a, field: name}}\n- {line}\n")
    assert (code, 4) in [(one, row) for one, row, _ in found]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("target: [", "mapping.not_yaml"), ("", "mapping.not_a_map"), ("- a", "mapping.not_a_map"),
        ("a: &x 1\nb: *x\n", "mapping.alias"),
        ("target: institutions\n", "mapping.missing"), ("hatchline_mapping: 9\ntarget: institutions\ncolumns: []\n",
        "mapping.version"),
        ("target: institutions\ncolumns:\n- {column: a, field: opened}\n", "mapping.required_field"),
        ("target: institutions\nsource: {header_row: -1}\ncolumns:\n- {column: a, field: name}\n",
        "mapping.header_row"),
        ("x" * 600_000, "mapping.too_large"), ("[" * 50_000, "mapping.too_deep"), ("a: !!python/object:os.system x\n",
        "mapping.unknown_key"),
    ],
)  # fmt: skip
def test_whole_mappings_are_checked(text, code):
    assert code in [one for one, _, _ in wrong(text)]


@given(st.one_of(st.text(max_size=200), st.text(alphabet="target: columns\n-{}[]'\"&*!|>#field", max_size=120)))
def test_any_text_is_a_mapping_or_a_list_of_problems(text):
    try:
        from_yaml(text, INSTITUTIONS)
    except UnableToReadMapping as caught:
        assert caught.problems


JSONLIKE = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["target", "source", "columns", "column", "field", "values", "split", "when", "pattern", "x"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@given(JSONLIKE)
def test_any_data_is_a_mapping_or_a_list_of_problems(data):
    try:
        from_data(data, INSTITUTIONS)
    except UnableToReadMapping as caught:
        assert caught.problems


WORDS = st.text(min_size=1, max_size=8).filter(lambda text: text.isprintable() and bool(text.strip()))
RULES = st.builds(
    Rule,
    columns=st.lists(WORDS, min_size=1, max_size=3).map(tuple),
    field=st.sampled_from(["name", "kinds", "opened"]),
    join=WORDS,
    split=st.lists(WORDS, max_size=2).map(tuple),
    transforms=st.lists(st.sampled_from(["strip", "upper", "half_width"]), max_size=3).map(tuple),
    values=st.dictionaries(WORDS, st.one_of(st.none(), WORDS), max_size=3),
    otherwise=st.sampled_from(["keep", "reject", "ignore"]),
    default=st.one_of(st.none(), WORDS),
    carry=st.sampled_from(["no", "merged", "blank"]),
    unknown=st.lists(WORDS, max_size=2).map(tuple),
    when=st.lists(st.builds(Condition, column=WORDS, equals=WORDS, negate=st.booleans()), max_size=1).map(tuple),
)
MAPPINGS = st.builds(
    Mapping,
    target=WORDS,
    rules=st.lists(RULES, min_size=1, max_size=3).map(tuple),
    source=st.builds(
        Source,
        sheet=st.one_of(st.none(), WORDS, st.integers(1, 9)),
        header_row=st.one_of(st.none(), st.integers(0, 20)),
        sub_headers=st.one_of(st.none(), st.builds(SubHeaders, number_column=WORDS)),
    ),
    constants=st.dictionaries(st.sampled_from(["country", "name"]), WORDS, max_size=2),
)


@given(MAPPINGS)
def test_every_mapping_round_trips(made):
    again = from_yaml(made.to_yaml())
    assert again == made
    assert again.content_hash() == made.content_hash()
