"""Lists of organisations: complete, without sites, and with the successions that touch the study."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from smq.readers import ods, rda
from smq.readers.errors import DataFileError


def line(code: str, opened: str = "20171001", closed: str = "") -> str:
    return ",".join(
        f'"{cell}"' for cell in [code, "A TRUST", "Y62", "QOP", *[""] * 5, "M1", opened, closed, *[""] * 15]
    )


def test_the_list_of_2025_holds_trusts_and_names_what_is_none(raw_samples: Path) -> None:
    reading = ods.read_trust_list(raw_samples / "ods-etr-2025.csv")
    assert len(reading.rows) == 209
    assert reading.dropped[["row", "code", "name"]].to_numpy().tolist() == [
        [1, "G6V2S", "NORTH LONDON NHS FOUNDATION TRUST"]
    ]
    first = reading.rows.iloc[0]
    assert (first["code"], first["postcode"]) == ("R0A", "M13 9WL")
    assert first["opened"] == pd.Timestamp(2017, 10, 1)


def test_successions_between_trusts(mirror: Path, real_data: Path) -> None:
    path = next(mirror.rglob("lookup_trust_trust.rda"))
    rows = ods.read_successors(path).rows
    converted = pd.read_csv(
        real_data / "geographr-ods" / "successor_trust_to_trust.csv", parse_dates=["date"]
    )
    merged = rows.merge(converted, how="outer", indicator=True)
    assert (merged["_merge"] == "both").sum() == len(converted) == 416
    # Six more than the conversion kept: care trusts have codes with T.
    more = merged[merged["_merge"] != "both"]
    assert len(more) == 6
    assert (more["old_code"].str.startswith("T") | more["new_code"].str.startswith("T")).all()
    known = set(zip(rows["old_code"], rows["new_code"], rows["date"].dt.strftime("%Y-%m-%d"), strict=True))
    assert {("RD7", "RDU", "2014-10-01"), ("RQQ", "RGN", "2017-04-01"), ("RJF", "RTG", "2018-06-30")} <= known
    assert len(ods.read_successors(path, trusts_only=False).rows) == 25_480


def test_regions_and_points(mirror: Path, real_data: Path) -> None:
    regions = ods.read_regions(next(mirror.rglob("lookup_nhs_trusts22_nhs_region21.rda"))).rows
    converted = pd.read_csv(real_data / "geographr-ods" / "nhs_trusts22_to_nhs_region21.csv")
    merged = regions.merge(converted, left_on="code", right_on="nhs_trust22_code")
    assert len(regions) == len(converted) == len(merged) == 214
    assert (merged["region"] == merged["nhs_region21_name"].fillna("")).all()
    points = ods.read_points(next(mirror.rglob("points_nhs_trusts22.rda"))).rows
    converted = pd.read_csv(real_data / "geographr-ods" / "nhs_trusts22_points.csv")
    merged = points.merge(converted, left_on="code", right_on="nhs_trust22_code")
    assert len(points) == len(converted) == len(merged) == 218
    assert (merged["longitude_x"] - merged["longitude_y"]).abs().max() < 1e-9
    assert (merged["latitude_x"] - merged["latitude_y"]).abs().max() < 1e-9


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('"R0A","A TRUST"\n', "line 1: the row has 2 cells, the header 27"),
        (line("r0a"), "not a well-formed ODS code"),
        (line("R0A") + "\n" + line("R0A"), "line 2, column 'code', value 'R0A': a second row for this code"),
        (line("R0A", "2017-10-01"), "not a date (yyyymmdd)"),
        (line("R0A", "20171001", "99999999"), "not a date (yyyymmdd)"),
    ],
)
def test_what_is_wrong_in_a_list_is_named(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "etr.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        ods.read_trust_list(path)
    assert said in str(caught.value)


def test_what_is_wrong_in_a_table_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = ["nhs_trust22_code", "nhs_trust22_name", "nhs_region21_nhs_code", "nhs_region21_name", "status"]
    table = pd.DataFrame(
        {name: ["R0A", "R0A", "x"] for name in columns}
        | {"old_code": ["R0A", None, "RBB"], "new_code": ["RCC"] * 3, "date": [1.0, 1.0, float("nan")]}
        | {"geometry": [(-2.2, 53.4), (53.4, -2.2), "x"]},
        dtype=object,
    )
    monkeypatch.setattr(rda, "load_data_frame", lambda _, names: table[list(names)])
    with pytest.raises(DataFileError, match="line 3, column 'code', value 'x': not a well-formed ODS code"):
        ods.read_regions(Path("regions.rda"))
    with pytest.raises(DataFileError, match="2 problems"):
        ods.read_successors(Path("successors.rda"))
    with pytest.raises(DataFileError, match="line 2, column 'geometry'.*not a place in England"):
        ods.read_points(Path("points.rda"))
