"""The raw files must be the same each time, plainly simulated, small, and hold no real value."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from smq.readers.errors import DataFolderError
from smq.simulation.calendar import YEARS
from smq.simulation.folder import TRUTH, write_world
from smq.simulation.record_files import CHALLENGED
from smq.simulation.support import loan_table
from smq.simulation.world import World, simulate
from tests.smq.simulation.readings import default_world

if TYPE_CHECKING:
    from smq.worlds.tidy_folder import TidyData

NAMELESS = {"cancer"}
"""Statistics in whose layout organisations have no names: only their codes tell that they are fictional."""


def checksums(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path, files: Path, world: World) -> None:
    write_world(simulate(len(world.trusts), world.seed), tmp_path / "again")
    assert checksums(tmp_path / "again") == checksums(files)
    write_world(simulate(len(world.trusts), world.seed + 1), tmp_path / "other")
    assert checksums(tmp_path / "other") != checksums(files)


def test_a_folder_that_is_there_is_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    write_world(simulate(10, 2), folder)
    (folder / "old.csv").write_text("left from before\n", encoding="utf-8")
    write_world(simulate(10, 1), folder)
    assert not (folder / "old.csv").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


def test_a_folder_of_somebody_else_is_not_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    (folder / "mappings.yaml").write_text("files: []\n", encoding="utf-8")
    with pytest.raises(DataFolderError, match="something else than a simulated world"):
        write_world(simulate(10, 1), folder)
    assert (folder / "mappings.yaml").read_text(encoding="utf-8") == "files: []\n"


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(DataFolderError, match="cannot be written"):
        write_world(simulate(10, 1), tmp_path / "file" / "demo")


def test_every_row_tells_that_it_is_simulated(files: Path) -> None:
    notice = (files / "SIMULATED.txt").read_text(encoding="utf-8")
    assert "no figure" in notice
    for path in sorted(files.rglob("*.csv")):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines()[1:] if line]
        if path.parent.name == TRUTH:
            continue
        rows = [line for line in lines if "ZZ" in line or "imulated" in line or line.startswith("Total,")]
        front = 3 if path.parent.name in ("dtoc", "shmi") else 0
        assert len(lines) - len(rows) <= front, path
        codes_alone = (CHALLENGED, "successors.csv")
        if path.parent.name not in (*NAMELESS, "support") and path.name not in codes_alone:
            assert "simulated" in "".join(lines).casefold(), path


def test_mappings_declare_everything_as_simulated(files: Path) -> None:
    declared = json.loads((files / "mappings.yaml").read_text(encoding="utf-8").split("\n", 1)[1])
    assert {entry["origin"] for part in ("files", "national") for entry in declared[part]} == {"simulated"}


def test_the_truth_is_read_by_nothing(files: Path) -> None:
    text = (files / "mappings.yaml").read_text(encoding="utf-8")
    assert (files / TRUTH / "parameters.csv").is_file()
    assert TRUTH not in text


def test_the_list_of_challenged_providers_is_found_by_its_name(plain_files: Path, made: TidyData) -> None:
    listed = pd.read_csv(plain_files / CHALLENGED, parse_dates=["on", "off"])
    assert len(listed) == 8
    found = made.challenged.astype({"trust": "object"})
    pd.testing.assert_frame_equal(found, listed.sort_values("trust", ignore_index=True), check_dtype=False)


def test_the_panel_has_every_indicator_and_only_simulated_trusts(made: TidyData) -> None:
    # The eleven indicators of the study.
    wanted = {
        "ae_4h", "rtt_18w", "cancer_62d", "shmi", "dtoc", "sickness", "agency", "turnover",
        "survey_work", "survey_care", "survey_stress",
    }  # fmt: skip
    assert wanted <= set(made.panel["indicator"].unique())
    assert set(made.panel["origin"].unique()) == {"simulated"}
    assert made.panel["unit"].astype("str").str.fullmatch(r"ZZ[0-9]{2}").all()
    assert made.differences.empty
    assert (made.totals["difference"] == 0).all()
    assert set(made.missing["mark"]) >= {"0"}


def test_no_figure_is_that_of_a_real_trust(real_data: Path) -> None:
    """Numerator and denominator of A&E in the same month: none is that of a real trust."""
    real = pd.read_csv(real_data / "ae-panel" / "ae_monthly_trust_panel.csv")
    pairs = set(zip(real["period"].str[:7], real["over_4h"], real["attendances"], strict=True))
    figures = default_world().figures["ae_4h"]
    months = pd.date_range("2010-01-01", "2021-12-01", freq="MS").strftime("%Y-%m")
    made = {
        (months[month], float(figures.numerator[trust, month]), int(figures.denominator[trust, month]))
        for trust, month in zip(*figures.reported.nonzero(), strict=True)
    }
    assert len(made) > 10_000
    assert not pairs & made


def test_no_mortality_survey_or_loan_is_that_of_a_real_trust(real_data: Path) -> None:
    """Deaths and their ratio in a year, all that staff of a trust answered in a year, and each loan."""
    world = default_world()
    shmi = pd.read_csv(real_data / "health-data-uk-shmi" / "shmi.csv")
    # An edition of July covers the calendar year before.
    july = shmi[shmi["DATE"].str.slice(5, 7) == "07"]
    deaths = set(zip(july["DATE"].str[:4].astype(int) - 1, july["OBSERVED"], july["VALUE"], strict=True))
    figures = world.figures["shmi"]
    ratio = np.round(figures.numerator / np.maximum(figures.denominator, 1), 4)
    made = {
        (YEARS[year], int(figures.numerator[trust, year]), float(ratio[trust, year]))
        for trust, year in zip(*figures.reported.nonzero(), strict=True)
    }
    assert len(deaths) > 250
    assert not deaths & made

    names = {"survey_work": "recommend_work_share", "survey_care": "recommend_care_share"}
    table = pd.read_csv(
        real_data / "ebmgt-shmi-staff-survey" / "shmi_staff_survey_acute_trusts_2012_2019.csv"
    )
    known = table.dropna(subset=["staff_survey_responses", *names.values()])
    answers = {
        (year, int(number), round(100 * work), round(100 * care))
        for year, number, work, care in zip(
            known["year"],
            known["staff_survey_responses"],
            *(known[column] for column in names.values()),
            strict=True,
        )
    }
    counted = {name: world.figures[name] for name in names}
    size, shares = (
        counted["survey_work"].denominator,
        {
            name: np.rint(100 * one.numerator / np.maximum(one.denominator, 1))
            for name, one in counted.items()
        },
    )
    said = {
        (YEARS[year], int(size[trust, year]), *(int(shares[name][trust, year]) for name in names))
        for trust, year in zip(*counted["survey_work"].reported.nonzero(), strict=True)
    }
    assert len(answers) > 500
    assert not answers & said

    money = ["opening_gbp", "drawn_gbp", "repaid_gbp", "closing_gbp", "interest_gbp"]
    path = real_data / "dhsc-loans-2016-19" / "interim_revenue_support_loans_by_trust.csv"
    real, drawn = (
        set(loans[money].to_numpy().ravel()) - {0} for loans in (pd.read_csv(path), loan_table(world))
    )
    assert len(real) > 300
    assert not real & drawn


def test_the_files_stay_small(files: Path, world: World) -> None:
    """The default demo has 160 trusts and may have 60 MB: 375,000 bytes a trust."""
    size = sum(path.stat().st_size for path in files.rglob("*.csv"))
    assert size / len(world.trusts) < 375_000


def test_the_limits_of_mortality_hold_about_19_trusts_in_20(made: TidyData) -> None:
    """Limits are for 95%; 60 trusts and twelve overlapping years leave room for chance."""
    panel = made.panel.astype({"indicator": "str", "unit": "str"})
    names = ["shmi", "shmi_limit_lower", "shmi_limit_upper"]
    value, lower, upper = (
        panel[panel["indicator"] == name].set_index(["unit", "period"])["value"] for name in names
    )
    assert 0.90 < float(value.between(lower, upper).mean()) < 0.99
