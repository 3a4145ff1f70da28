"""What is staged is what the document quotes, no more, and only as its run recorded it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from press.publish import assemble
from press.publish.errors import PublishError
from tests.press.publish.library import make_records, number

if TYPE_CHECKING:
    from tests.press.publish.library import Study

TEXT = "[]{n=visits.total}\n\n::: {#fig-t result=visits.trend}\n:::\n"


def test_only_what_is_quoted_is_staged_and_the_rest_is_taken_out(study: Study) -> None:
    study.write(TEXT + "::: {#tbl-l result=loans.town.years}\n:::\n")
    study.stage(study.read())
    study.write(TEXT)
    staged = study.stage(study.read())
    names = sorted(path.name for path in staged.iterdir())
    assert names == ["values.json", "visits.trend.csv", "visits.trend.svg"]
    values = json.loads((staged / "values.json").read_text(encoding="utf-8"))
    assert sorted(values["results"]) == ["visits.total", "visits.trend"]
    assert values["world"] == "demo"
    assert values["simulated"] is False
    assert values["results"]["visits.total"]["display"] == "1,234"
    assert values["results"]["visits.trend"]["data"]["rows"] == [["2010", "1000.12"], ["2011", "1037"]]
    assert values["results"]["visits.trend"]["data"]["rounded"] is True


def test_one_simulated_result_makes_the_document_simulated(study: Study) -> None:
    study.write(TEXT + "[]{n=loans.town.total}\n")
    staged = study.stage(study.read())
    assert json.loads((staged / "values.json").read_text(encoding="utf-8"))["simulated"] is True


def test_unknown_keys_are_named_with_place_and_nearest(study: Study) -> None:
    study.write("[]{n=visits.totl}\n\n::: {.content-visible when-result=loans.twon.total}\n:::\n")
    with pytest.raises(PublishError) as caught:
        study.stage(study.read())
    first, second = str(caught.value).splitlines()
    assert (
        "paper.qmd, line 4: no notebook names a result 'visits.totl'. Did you mean 'visits.total'?" in first
    )
    assert "paper.qmd, line 6: " in second
    assert "'loans.town.total'" in second


@pytest.mark.parametrize("change", ["edited", None])
def test_a_figure_that_its_run_did_not_make_is_refused(study: Study, change: str | None) -> None:
    study.write(TEXT)
    records, folders = make_records(study.folder, {})
    picture = folders["visits"] / "trend.svg"
    if change is None:
        picture.unlink()
    else:
        picture.write_text(change, encoding="utf-8")
    with pytest.raises(PublishError, match=r"trend\.svg.*Build its run again"):
        assemble.stage(study.read(), records, folders, study.folder / "staged", "demo")


def test_the_same_results_are_the_same_bytes(study: Study) -> None:
    study.write(TEXT)
    staged = study.stage(study.read())
    before = {path.name: path.read_bytes() for path in staged.iterdir()}
    study.stage(study.read())
    assert {path.name: path.read_bytes() for path in staged.iterdir()} == before


def test_characters_that_reorder_or_hide_words_do_not_get_through(study: Study) -> None:
    study.write(TEXT)
    staged = study.stage(study.read(), total=number("total", 1, "1\u202e2\x07"))
    values = json.loads((staged / "values.json").read_text(encoding="utf-8"))
    assert values["results"]["visits.total"]["display"] == "1\ufffd2\ufffd"
