"""What holds for every provider's table: its words are the catalogue's, and what is not listed is unknown."""

import re
import tomllib
from importlib import import_module
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations import refusals, registry
from integrations.ports import Refusal, Role
from integrations.refusals import Rule, Said
from sync.catalogue import exhibits
from sync.outcomes import Rejected, Unknown, judge_result

INTEGRATIONS = Path(refusals.__file__).parent
TABLES = {slug: import_module(f"integrations.{slug}.errors").rules() for slug in registry.LISTINGS}
RULES = [
    pytest.param(slug, rule, id=f"{slug}-{place}") for slug, table in TABLES.items() for place, rule in enumerate(table)
]

#: Facts that the engine knows of every entry, so that no table must.
KNOWN = {"provider"}
#: Facts that only a person's own mapping or the entry can name; their sentences read well without.
PERHAPS = {"party", "role", "account", "closed_until", "date", "why"}


@pytest.mark.parametrize(("slug", "rule"), RULES)
def test_every_code_named_is_in_the_catalogue(slug: str, rule: Rule) -> None:
    assert {rule.catalogue, *rule.by_role.values()} <= set(exhibits())


@pytest.mark.parametrize(("slug", "rule"), RULES)
def test_every_sentence_gets_its_facts(slug: str, rule: Rule) -> None:
    given = {*rule.facts, *rule.text.groupindex, *KNOWN, *PERHAPS}
    for code in {rule.catalogue, *rule.by_role.values()}:
        needed = {name for _, name, _, _ in Formatter().parse(exhibits()[code].sentence) if name}
        assert needed <= given


@pytest.mark.parametrize("slug", sorted(TABLES))
def test_no_row_has_a_word_nobody_reads(slug: str) -> None:
    rows = tomllib.loads((INTEGRATIONS / slug / "errors.toml").read_text())["rule"]
    known = {"code", "text", "catalogue", "proven", "facts", *(role.value for role in Role)}
    assert [sorted(set(row) - known) for row in rows] == [[] for _ in rows]


@given(st.sampled_from(sorted(TABLES)), st.text(), st.sampled_from(["", "1", "600", "630", "1000", "6002", "10000"]))
def test_what_is_not_listed_is_unknown(slug: str, words: str, code: str) -> None:
    listed = any(code in rule.codes and rule.text.search(words) for rule in TABLES[slug])
    found = refusals.refusal(TABLES[slug], [Said(words=words, code=code)], Role.BILL)
    assert listed or isinstance(judge_result(found), Unknown)


def a_rule(text: str, catalogue: str, *, is_proven: bool, **facts: str) -> Rule:
    return Rule(
        codes=frozenset({""}),
        text=re.compile(text),
        catalogue=catalogue,
        by_role={Role.INVOICE: "DUP-03"},
        is_proven=is_proven,
        facts=facts,
    )


TAKEN = a_rule("taken(?: by (?P<party>.+))?", "DUP-01", is_proven=True, number="this", party="somebody")
LATER = a_rule("later", "UNC-01", is_proven=False)


def judged(*words: str, role: Role = Role.BILL, known: dict[str, str] | None = None) -> Refusal:
    return refusals.refusal((TAKEN, LATER), [Said(words=each) for each in words], role, known=known)


def test_one_reason_that_proves_nothing_makes_the_whole_prove_nothing() -> None:
    assert isinstance(judge_result(judged("taken")), Rejected)
    assert isinstance(judge_result(judged("taken", "later")), Unknown)
    assert isinstance(judge_result(judged("taken", "something new")), Unknown)
    assert isinstance(judge_result(judged()), Unknown)


def test_their_words_go_before_what_is_known_and_that_before_the_table() -> None:
    (problem,) = judged("taken by Hanson", known={"number": "INV-88", "party": "ours"}).problems
    assert problem.facts == {"number": "INV-88", "party": "Hanson"}
    assert problem.their_words == "taken by Hanson"


def test_a_role_may_have_its_own_word() -> None:
    assert judged("taken", role=Role.INVOICE).problems[0].code == "DUP-03"
    assert judged("taken", role=Role.BILL).problems[0].code == "DUP-01"


def test_all_reasons_are_told() -> None:
    assert [problem.their_words for problem in judged("taken", "later").problems] == ["taken", "later"]
