"""`evaluate` and `whatif` over the district's own record; kept evaluations reckoned again."""

from __future__ import annotations

import csv
import io
import json

import pytest
from click.testing import CliRunner

pytest.importorskip("pyarrow")

from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.rulebooks import actions as rulebooks
from hatchline.apps.rulebooks import queries
from hatchline.apps.ventures import actions as ventures_actions
from hatchline.apps.ventures import queries as ventures
from hatchline.config.commands import evaluate, whatif
from hatchline.core.values.dates import parse
from hatchline.journeys import gather, judge
from tests.journeys.test_gather import NOW, TODAY, documents, place, right, tenant
from tests.sites.console.conftest import somebody

pytestmark = pytest.mark.django_db
__all__ = ["documents"]
DAY = ("--as-of", "2017-07-18")


def run(command, *arguments):
    return CliRunner().invoke(command.command, list(arguments), env={"LC_ALL": "en_GB.UTF-8"})


@pytest.fixture
def district(documents):
    first, second = place(), place("酒仙桥孵化器")
    for number in range(3):
        right(tenant(first, f"听雨{number}"))
    tenant(second, "听雪科技")
    return first, second


def rows(result):
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout.strip().splitlines()[-1])["rows"]
    return {(each["key"], each["criterion"]): each["verdict"] for each in found}


@pytest.mark.parametrize("name", ["sample-district", "most-2018-300", "graduation-2010"])
def test_the_facts_written_out_and_fed_back_give_the_same_verdicts(district, tmp_path, name):
    path = tmp_path / "facts.csv"
    here = rows(run(evaluate, name, "--here", *DAY, "--facts-out", str(path), "--engine", "numpy", "--json"))
    assert here
    files = ["--institutions", str(path), "--ventures", str(tmp_path / "facts-ventures.csv")]
    if name == "graduation-2010":
        files = ["--ventures", str(path)]
    assert rows(run(evaluate, name, *files, *DAY, "--engine", "numpy", "--json")) == here
    with path.open(encoding="utf-8") as handle:
        head = next(csv.reader(handle))
    assert head[0] == "key"


def test_the_page_and_the_command_agree(district):
    found = rows(run(evaluate, "sample-district", "--here", *DAY, "--engine", "numpy", "--json"))
    for where in district:
        its = judge.judge(gather.INSTITUTION, where.pk, "sample-district", as_of=TODAY)
        assert found[str(where.pk), "overall"] == its.explanation.verdict
        for finding in its.explanation.findings:
            assert found[str(where.pk), finding.name] == finding.verdict


def test_whom_the_pages_judge_the_commands_judge(district, client):
    """Nobody who is closed or ended, nobody who is planned or opens later."""
    draft = InstitutionDraft(name="已关的孵化器", opened=parse("2012-05-01"), kinds=("incubator",))
    gone = institutions.register(draft, by=None, now=NOW, today=TODAY.replace(year=2015))
    ended = tenant(district[1], "已散的企业")
    institutions.close(gone, on=parse("2016-05-01"), version=gone.version, by=None, now=NOW)
    ventures_actions.cease(
        ventures.venture(ended), on=parse("2016-05-01"), reason="注销", by=None, now=NOW, today=TODAY
    )
    later = InstitutionDraft(name="后开的孵化器", opened=parse("2017-12-01"), kinds=("incubator",))
    institutions.register(later, by=None, now=NOW, today=TODAY.replace(year=2018))
    client.force_login(somebody("official"), backend="allauth.account.auth_backends.AuthenticationBackend")
    for name in ("sample-district", "graduation-2010"):
        found = rows(run(evaluate, name, "--here", *DAY, "--engine", "numpy", "--json"))
        page = client.get(f"/console/rules/{name}/matrix/?as_of=2017-07-18&export=csv")
        listed = csv.DictReader(io.StringIO(b"".join(page.streaming_content).decode("utf-8-sig")))
        assert len({key for key, _name in found}) == len(list(listed)) > 0
    told = json.loads(run(whatif, "sample-district", "--here", *DAY, "--json").stdout)
    assert told["subjects"] == 2


def test_what_if_speaks_of_the_record(district):
    result = run(whatif, "sample-district", "--here", *DAY, "--set", "min_tenants=1,5", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout.strip().splitlines()[-1])
    assert told["subjects"] == 2
    assert [each["criteria"]["D-2"] for each in told["scenarios"]] == [2, 0]


def test_what_if_counts_by_groups_of_the_record(district):
    first, second = district
    asked = ["--here", *DAY, "--json"]
    told = json.loads(run(whatif, "sample-district", *asked, "--set", "min_tenants=2", "--by", "kind").stdout)
    [scenario] = told["scenarios"]
    assert scenario["groups"]["incubator"]["D-2"]["met"] == scenario["by_criterion"]["D-2"]["met"] == 1
    told = json.loads(run(whatif, "graduation-2010", *asked, "--by", "institution").stdout)
    counts = {name: sum(vars_["overall"].values()) for name, vars_ in told["scenarios"][0]["groups"].items()}
    assert set(counts) == {first.name, second.name}
    assert told["by"] == "institution" and told["digest"] == rulebook_digest("graduation-2010")
    wrong = run(whatif, "sample-district", "--here", *DAY, "--by", "stage")
    assert (wrong.exit_code, "territory, kind" in wrong.output) == (2, True)


def rulebook_digest(name):
    return queries.edition(name).digest


def test_a_kept_evaluation_is_reckoned_again(district, monkeypatch):
    where = district[0]
    its = judge.judge(gather.INSTITUTION, where.pk, "mof-2016-89", as_of=TODAY)
    made = rulebooks.pin(
        its.edition, subject_kind=gather.INSTITUTION, subject_id=where.pk, as_of=TODAY, known_at=NOW,
        facts=its.gathered.by_value(), purpose="试", by=None, now=NOW,
    )  # fmt: skip
    tenant(where, "后来的企业")  # what is recorded later changes nothing
    result = run(evaluate, "--recompute", str(made.pk))
    assert (result.exit_code, "agrees" in result.output) == (0, True)
    found = queries.evaluation(made.pk)
    found.result = found.result.replace('"verdict":"unknown"', '"verdict":"met"', 1)
    assert found.result != made.result
    monkeypatch.setattr(queries, "evaluation", lambda pk: found)
    result = run(evaluate, "--recompute", str(made.pk), "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["agrees"], len(told["differences"])) == (1, False, 1)


def test_a_fact_of_the_record_is_explained_with_its_source_and_day(district):
    first, _second = district
    mine = ventures.ventures().get(name="听雨0").pk
    told = run(evaluate, "graduation-2010", "--here", *DAY, "--explain", str(mine), "--json")
    assert told.exit_code == 0, told.output
    facts = {each["name"]: each for part in json.loads(told.stdout)["findings"] for each in part["facts"]}
    assert facts["valid_rights"]["source"]["on"] and facts["valid_rights"]["source"]["text"]
    lines = run(evaluate, "sample-district", "--here", *DAY, "--explain", str(first.pk), "--language", "en").output
    assert "(mentors): unknown" in lines and "sample" in lines and "示例" not in lines.split("\n", 1)[1]
    assert run(evaluate, "sample-district", "--here", *DAY, "--explain", "99999").exit_code == 2


def test_wrong_calls_are_told(district, tmp_path):
    assert run(evaluate).exit_code == 2
    assert run(evaluate, "--recompute", "999").exit_code == 2
    result = run(evaluate, "sample-distric", "--here")
    assert (result.exit_code, "sample-district" in result.output) == (2, True)
    given = tmp_path / "x.csv"
    given.write_text("key\n1\n", encoding="utf-8")
    assert run(evaluate, "sample-district", "--here", "--institutions", str(given)).exit_code == 2
    assert run(evaluate, "sample-district", "--institutions", str(given), "--facts-out", str(given)).exit_code == 2
