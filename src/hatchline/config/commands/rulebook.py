"""`hatchline rulebook`: the packaged documents, checked and shown."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

import click

from hatchline import rulebook as packaged
from hatchline.config import factfiles
from hatchline.config.cli import start_django
from hatchline.config.language import in_language, said, spoken
from hatchline.core.rules import prose
from hatchline.core.rules.check import besides, check_all
from hatchline.core.rules.documents import Document
from hatchline.core.rules.library import Library, NoDocument
from hatchline.core.rules.load import load_document
from hatchline.core.rules.problems import InvalidRule, Position, Problem
from hatchline.core.rules.texts import Text
from hatchline.core.rules.vocabulary import FactDeclaration, Vocabulary

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for a program to read.")
from_here = click.option("--here", is_flag=True, help="The documents that stand in this district, its own too.")


@click.group(name="rulebook")
def command() -> None:
    """The law as data: list, check and read the documents and the facts they speak of."""


@command.command(name="list")
@from_here
@as_json
@in_language
def list_documents(here: bool, as_json: bool, language: str) -> None:
    """List the documents: since when, what for, how many criteria and cases."""
    found = standing() if here else list(packaged.library().documents.values())
    documents = sorted(found, key=lambda d: (d.series, d.in_force))
    if as_json:
        click.echo(json.dumps([summary(d) for d in documents], ensure_ascii=False, indent=1))
        return
    for d in documents:
        until = d.until.isoformat() if d.until else "-"
        flag = "" if d.is_complete else ("  尚有未编入" if language == "zh" else "  incomplete")
        click.echo(f"{d.name:22} {d.in_force}  {until:10}  {len(d.criteria):3} {len(d.cases):3}  "
                   f"{d.number} {d.title.get(language)}{flag}")  # fmt: skip


def standing() -> list[Document]:
    """Every document of this district, packaged and its own, with the figures its officials confirmed."""
    start_django()
    from hatchline.apps.rulebooks import queries

    return [queries.document(each) for each in queries.editions()]


def summary(document: Document) -> dict[str, object]:
    """One document for a program."""
    return {
        "id": document.name, "number": document.number, "title": vars(document.title), "issuer": vars(document.issuer),
        "series": document.series, "subject": document.subject, "in_force": document.in_force.isoformat(),
        "until": document.until.isoformat() if document.until else None, "dates_mark": document.dates_mark,
        "criteria": list(document.criteria), "parameters": list(document.parameters), "cases": len(document.cases),
        "complete": document.is_complete, "sample": document.is_sample, "digest": document.digest,
    }  # fmt: skip


@command.command()
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
@in_language
def check(files: tuple[Path, ...], as_json: bool, language: str) -> None:
    """Check every document: names, units, dates, variants, and every case. Exit code 1 when something is wrong.

    With FILEs these documents are checked instead, beside the packaged editions of the same rule.
    """
    try:
        library, problems = packaged.read()
    except InvalidRule as error:
        library, problems = None, list(error.problems)
    documents = list(library.documents.values()) if library else []
    if files and library:
        documents, problems = own_documents(files, library.vocabulary)
    found: list[Problem] = sorted([*problems, *check_all(documents, beside(documents, library) if files else ())])
    cases = sum(len(d.cases) for d in documents)
    if as_json:
        rows = [{"path": p.at.path, "line": p.at.line, "column": p.at.column, "code": p.code, "message": p.message,
                 "hint": p.hint, "zh": p.said.zh, "hint_zh": p.advice.zh} for p in found]  # fmt: skip
        click.echo(
            json.dumps({"documents": len(documents), "cases": cases, "problems": rows}, ensure_ascii=False, indent=1)
        )
    else:
        for problem in found:
            click.echo(problem.text(language))
        click.echo(
            said(f"{len(documents)} 份文件，{cases} 个案例，{len(found)} 处错误",
                 f"{len(documents)} documents, {cases} cases, {len(found)} problems")
        )  # fmt: skip
    if found:
        sys.exit(1)


def own_documents(files: tuple[Path, ...], vocabulary: Vocabulary) -> tuple[list[Document], list[Problem]]:
    """The documents of files, and what is wrong with those that cannot be read."""
    documents: list[Document] = []
    problems: list[Problem] = []
    for path in files:
        try:
            documents.append(load_document(path.read_text(encoding="utf-8-sig"), vocabulary, str(path)))
        except UnicodeDecodeError as error:
            problems.append(
                Problem(
                    Position(str(path), 1, 1), "bad_yaml", Text("文件不是 UTF-8 编码", f"not UTF-8: {error.reason}")
                )
            )
        except InvalidRule as error:
            problems.extend([*error.problems, *besides(error)])
    return documents, problems


def beside(documents: list[Document], library: Library | None) -> list[Document]:
    """The packaged documents that are not themselves among these."""
    names = {document.name for document in documents}
    return [packed for packed in library.documents.values() if packed.name not in names] if library else []


@command.command()
@click.argument("name", metavar="ID")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day whose figures are shown.")
@from_here
@as_json
@in_language
def show(name: str, as_of: object, here: bool, as_json: bool, language: str) -> None:
    """Show one document (by id or number) as a readable page."""
    document = shown(name, here)
    day = as_of.date() if hasattr(as_of, "date") else document.in_force
    if as_json:
        click.echo(json.dumps(whole(document, day), ensure_ascii=False, indent=1))
        return
    click.echo(prose.markdown(prose.page(document, language, day)), nl=False)


def shown(name: str, here: bool) -> Document:
    """The document of an id or a number; a usage error that offers the nearest name."""
    if here:
        start_django()
        return factfiles.standing_document(name)
    try:
        return packaged.library().get(name)
    except NoDocument as error:
        raise click.UsageError(error.said.get(spoken())) from None


def whole(document: Document, day: date) -> dict[str, object]:
    """One document with its parameters and criteria, for a program."""
    figures = prose.figures_on(document, day)
    return summary(document) | {
        "parameters": [
            {"name": p.name, "value": figures[p.name].text("en"), "article": p.article, "mark": p.mark, **vars(p.text)}
            for p in document.parameters.values()
        ],
        "criteria": [
            {"id": c.name, "article": c.article, "mark": c.mark, "label": vars(c.label),
             "sense": {lang: prose.fill(c.text.get(lang), figures, lang) for lang in ("zh", "en")}}
            for c in document.criteria.values()
        ],
        "variants": [{"name": v.name, **vars(v.text)} for v in document.variants.values()],
        "gaps": [vars(gap) for gap in document.gaps],
    }  # fmt: skip


@command.command()
@as_json
@in_language
def facts(as_json: bool, language: str) -> None:
    """List the facts documents may speak of: name, subject, type, unit, meaning. They are the columns of files."""
    declared = list(packaged.library().vocabulary)
    if as_json:
        click.echo(json.dumps([fact_row(f) for f in declared], ensure_ascii=False, indent=1))
        return
    for fact in declared:
        name = fact.name + ("@YEAR" if fact.is_yearly else "")
        unit = fact.unit.name if fact.kind == "number" else ", ".join(fact.codes)
        click.echo(f"{fact.subject:11} {name:28} {fact.kind:6} {unit:10} {fact.zh} | {fact.en}")


def fact_row(fact: FactDeclaration) -> dict[str, object]:
    return {
        "name": fact.name, "subject": fact.subject, "type": fact.kind, "yearly": fact.is_yearly,
        "unit": fact.unit.name if fact.kind == "number" else None, "choices": list(fact.codes) or None,
        "zh": fact.zh, "en": fact.en,
    }  # fmt: skip
