"""National files need no mapping of their columns; the newest publication of a figure wins."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smq.config import load_study
from smq.mappings import data_files
from smq.readers.errors import DataConflictError, DataFolderError, MappingError
from smq.worlds.mapped_folder import read_folder
from tests.smq.readers.csv_cases import Lines, write_csv
from tests.smq.readers.test_cqc_ratings import GOOD as RATINGS
from tests.smq.readers.test_dtoc_extract import GOOD as DTOC
from tests.smq.readers.test_sickness_absence import GOOD as SICKNESS
from tests.smq.readers.test_tac_agency import GOOD as TAC

if TYPE_CHECKING:
    from smq.worlds.tidy_folder import TidyData

FILES = "national:\n  - {files: s/*.csv, layout: sickness_absence, origin: official statistics%s}\n"
BEDS = """\
files:
  - file: beds.csv
    indicator: beds_occupied
    columns: {trust: code, period: quarter, value: occupied}
    period_length: quarter
    origin: official statistics
"""


def read(project: Path, folder: Path, mappings: str) -> TidyData:
    folder.mkdir(exist_ok=True)
    (folder / "mappings.yaml").write_text(mappings, encoding="utf-8")
    study = load_study(project / "config/study.yaml")
    return read_folder(folder, project / "config/mappings.yaml", study, ())


def put(folder: Path, name: str, lines: Lines) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    write_csv(folder / name, lines)


def revised() -> Lines:
    return [SICKNESS[0], [*SICKNESS[1][:6], 500, 10000, 5]]


def test_the_newest_publication_wins_and_the_older_value_is_kept(project: Path, tmp_path: Path) -> None:
    put(tmp_path, "s/2014.csv", SICKNESS)
    put(tmp_path, "s/2015.csv", revised())
    days = ", published: {s/2014.csv: 2014-09-01, s/2015.csv: 2015-09-01}"
    made = read(project, tmp_path, FILES % days)
    first = made.panel.iloc[0]
    assert [first["unit"], first["value"], first["source"]] == ["RAA", 5.0, "s/2015.csv"]
    assert f"{first['published']:%Y-%m-%d}" == "2015-09-01"
    assert made.differences[["value_used", "value_other"]].to_numpy().tolist() == [
        [10000, 10000.5],
        [500, 450],
    ]
    # A figure that is in the older file alone stays.
    assert len(made.panel) == 3
    assert made.missing[["indicator", "mark", "rows"]].to_numpy().tolist() == [["sickness", "*", 1]]


def test_two_publications_without_their_days_are_refused(project: Path, tmp_path: Path) -> None:
    put(tmp_path, "s/2014.csv", SICKNESS)
    put(tmp_path, "s/2015.csv", revised())
    with pytest.raises(DataConflictError, match="1 trust-months of sickness are in more than one file"):
        read(project, tmp_path, FILES % "")


def test_days_of_delay_become_a_rate_of_occupied_bed_days(project: Path, tmp_path: Path) -> None:
    put(tmp_path, "d/october.csv", DTOC)
    put(tmp_path, "beds.csv", [["code", "quarter", "occupied"], ["RAA", "2016-10-01", 100]])
    entry = "national:\n  - {files: d/*.csv, layout: dtoc_extract, origin: official statistics}\n"
    panel = read(project, tmp_path, entry + BEDS).panel
    rate = panel[panel["indicator"] == "dtoc"]
    # 50 days in October, of 100 beds on 31 days; RBB has no beds, and so no rate.
    assert rate[["unit", "numerator", "denominator"]].to_numpy().tolist() == [["RAA", 50, 3100]]
    assert rate["value"].tolist() == [pytest.approx(1000 * 50 / 3100)]


def test_names_of_the_accounts_get_their_codes_from_a_list_of_the_folder(
    project: Path, tmp_path: Path
) -> None:
    put(tmp_path, "tac/2019-20.csv", TAC)
    put(tmp_path, "list.csv", [["code", "name"], ["RAA", "Fictional Trust A"]])
    made = read(
        project,
        tmp_path,
        "national:\n  - {files: tac/*.csv, layout: tac_agency, origin: official statistics}\n"
        "organisations:\n  - {file: list.csv, columns: {code: code, name: name}}\n",
    )
    assert made.panel[["unit", "value"]].to_numpy().tolist() == [["RAA", 2.5]]
    assert made.dropped["name"].tolist() == ["Fictional Trust B", "Unheard Trust"]


def test_ratings_stand_in_a_table_of_their_own(project: Path, tmp_path: Path) -> None:
    put(tmp_path, "s/2014.csv", SICKNESS)
    put(tmp_path, "ratings.csv", RATINGS)
    more = "  - {files: ratings.csv, layout: cqc_ratings, origin: official statistics}\n"
    made = read(project, tmp_path, FILES % "" + more)
    assert made.ratings[["code", "rating", "source"]].to_numpy().tolist() == [
        ["RAA", "Requires improvement", "ratings.csv"],
        ["RAA", "Inadequate", "ratings.csv"],
    ]
    assert b"Requires improvement" in made.files(b"")["ratings.csv"]
    with pytest.raises(DataFolderError, match="names files of ratings alone"):
        read(project, tmp_path, "national:\n" + more)


def test_the_build_depends_on_every_file_that_fits(project: Path, tmp_path: Path) -> None:
    put(tmp_path, "s/2014.csv", SICKNESS)
    (tmp_path / "mappings.yaml").write_text(FILES % "", encoding="utf-8")
    found = data_files(str(tmp_path), project / "config/mappings.yaml")
    assert [Path(file).name for file in found] == ["mappings.yaml", "2014.csv"]


def test_a_series_by_month_and_by_quarter_is_refused(project: Path, tmp_path: Path) -> None:
    put(tmp_path, "s/2014.csv", SICKNESS)
    put(tmp_path, "beds.csv", [["code", "quarter", "occupied"], ["RAA", "2016-10-01", 100]])
    mapped = BEDS.replace("beds_occupied", "sickness")
    with pytest.raises(
        DataConflictError, match=r"sickness is given by month in s/2014.csv and by quarter in beds"
    ):
        read(project, tmp_path, FILES % "" + mapped)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "national:\n  - {files: a.csv, layout: sicknes, origin: simulated}\n",
            "Did you mean 'sickness_absence'?",
        ),
        ((FILES % ", series: [shmi]"), "sickness_absence gives sickness, not shmi"),
        ((FILES % "").replace("s/*", "../s/*"), "a path inside the data folder"),
        ("files: []\n", "at least 1 item is needed, or one of 'national'"),
    ],
)
def test_a_wrong_declaration_is_named(project: Path, tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(MappingError) as caught:
        read(project, tmp_path, text)
    assert said in str(caught.value)


def test_no_file_there_says_what_was_looked_for(project: Path, tmp_path: Path) -> None:
    with pytest.raises(DataFolderError, match=r"s/\*\.csv \(sickness_absence\)"):
        read(project, tmp_path, FILES % "")
