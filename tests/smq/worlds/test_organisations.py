"""A figure must not change its unit unless somebody chose so and said why."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from smq.readers.errors import MappingError
from smq.readers.ods import read_successors
from smq.reference import load_spells
from smq.worlds.organisations import (
    OWN_CODE,
    Organisations,
    foundation,
    load_organisations,
    organisation_table,
    to_units,
    unit_table,
)
from tests.smq.indicator_cases import PROJECT, SHARED

ROWS = pd.DataFrame(
    {
        "code": ["5QT", "R1F", "RJF", "RJF", "RTG", "RTG"],
        "name": ["", "Isle of Wight", "Burton", "", "Derby", "Derby and Burton"],
        "period": pd.to_datetime(
            ["2011-10-01", "2012-04-01", "2018-05-01", "2018-06-01", "2018-06-01", "2018-07-01"]
        ),
    }
)
SUCCESSORS = pd.DataFrame({"old_code": ["RJF"], "new_code": ["RTG"], "date": pd.to_datetime(["2018-06-30"])})


def choices(*entries: dict[str, str]) -> Organisations:
    return Organisations.model_validate({"choices": entries})


def test_without_a_choice_a_code_is_its_own_unit() -> None:
    assert to_units(ROWS, ()).tolist() == ROWS["code"].tolist()
    assert set(unit_table(ROWS, ())["reason"]) == {OWN_CODE}


def test_a_merger_moves_no_figure_and_is_told() -> None:
    table = unit_table(ROWS, (), SUCCESSORS).set_index("code")
    assert table["unit"].tolist() == table.index.tolist()
    assert table.loc["RJF", "reason"] == (f"{OWN_CODE}; merged into RTG on 2018-06-30, which is another unit")
    assert table.loc["RTG", "reason"] == f"{OWN_CODE}; RJF joined on 2018-06-30"
    assert table.loc["RJF", "name"] == "Burton"
    assert table.loc["RTG", "name"] == "Derby and Burton"
    assert table["first_period"]["RJF"] == pd.Timestamp("2018-05-01")
    assert table["last_period"]["RJF"] == pd.Timestamp("2018-06-01")


def test_figures_under_an_old_code_after_its_merger_are_told() -> None:
    late = SUCCESSORS.assign(date=pd.to_datetime(["2018-05-15"]))
    reason = unit_table(ROWS, (), late).set_index("code").loc["RJF", "reason"]
    assert str(reason).endswith("figures under the old code go on to 2018-06")


def test_a_choice_holds_in_its_months_only() -> None:
    chosen = choices(
        {"code": "5QT", "unit": "R1F", "reason": "the same hospital"},
        {"code": "RTG", "unit": "RJF", "from": "2018-07", "reason": "a choice"},
    ).choices
    assert to_units(ROWS, chosen).tolist() == ["R1F", "R1F", "RJF", "RJF", "RTG", "RJF"]
    table = unit_table(ROWS, chosen)
    assert table.loc[table["code"] == "RTG", ["unit", "reason"]].to_numpy().tolist() == [
        ["RTG", OWN_CODE],
        ["RJF", "a choice"],
    ]


def test_a_code_that_was_passed_on_has_the_name_of_its_time() -> None:
    rows = pd.concat(
        [ROWS, pd.DataFrame({"code": ["R1F"], "name": ["Later"], "period": [pd.Timestamp("2015-04-01")]})]
    )
    chosen = choices({"code": "R1F", "unit": "5QT", "until": "2012-12", "reason": "a choice"}).choices
    table = unit_table(rows.reset_index(drop=True), chosen)
    assert table.loc[table["code"] == "R1F", ["name", "unit"]].to_numpy().tolist() == [
        ["Isle of Wight", "5QT"],
        ["Later", "R1F"],
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("choices: [{code: RTG, unit: RTG}]", r"choices\.0\.reason: Field required"),
        ("choices: [{code: rtg, unit: RTG, reason: x}]", r"choices\.0\.code"),
        (
            "choices: [{code: RTG, unit: RTG, reason: x}, {code: RTG, unit: RJF, from: 2018-07, reason: x}]",
            "RTG: two choices hold in the same month",
        ),
        ("choices: [{code: RTG, unit: RTG, reason: x, from: 2018-07, until: 2018-01}]", "is later than"),
        ("choices: [{code: RTG, unit: RTG, reason: x, until: 2018}]", r"choices\.0\.until"),
    ],
)
def test_a_wrong_choice_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "organisations.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MappingError, match=message):
        load_organisations(path)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Burton Hospitals NHS Foundation Trust", "yes"),
        ("KETTERING GENERAL HOSPITAL NHS  FOUNDATION TRUST", "yes"),
        ("George Eliot Hospital NHS Trust", "no"),
        ("East London Foundation School", ""),
        ("", ""),
    ],
)
def test_foundation_trusts_are_known_by_their_names_alone(name: str, says: str) -> None:
    assert foundation(name) == says


def test_an_organisation_without_a_region_is_still_listed() -> None:
    regions = pd.DataFrame(
        {"code": ["RTG"], "name": ["Derby and Burton"], "region": ["Midlands"], "status": ["open"]}
    )
    table = organisation_table(["RTG", "RJF", "8J094"], regions, SUCCESSORS).set_index("code")
    assert table["type"].to_dict() == {"8J094": "other provider", "RJF": "NHS trust", "RTG": "NHS trust"}
    assert table["succeeded_by"].to_dict() == {"8J094": "", "RJF": "RTG", "RTG": ""}
    assert table["region"].to_dict() == {"8J094": "", "RJF": "", "RTG": "Midlands"}


def test_every_merger_of_a_trust_of_the_regime_was_chosen() -> None:
    lists = sorted(SHARED.glob("mirror/*/geographr/*/data/lookup_trust_trust.rda"))
    if not lists:
        pytest.skip(f"no folder {SHARED.name} with the pinned files beside the project")
    successors = read_successors(lists[0]).rows
    regime = set(load_spells(PROJECT / "data/reference/smq_spells.csv")["ods_code"])
    dated = successors[successors["date"].between("2013-07-16", "2021-12-31")]
    touched = dated[dated["old_code"].isin(regime) | dated["new_code"].isin(regime)]
    chosen = {choice.code for choice in load_organisations(PROJECT / "config/organisations.yaml").choices}
    assert set(touched["new_code"]) == {"RDU", "RGN", "RDE", "RTG", "RNN", "RAJ", "RYR"}
    assert set(touched["new_code"]) <= chosen
