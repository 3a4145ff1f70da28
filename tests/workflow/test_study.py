"""The study's own build: the demo in two folders, real data where they are, changes, and bad files."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from press.record import Record, read_record
from smq.effects.estimate import NAMES as EFFECTS
from tests.workflow.study import FORMS, assert_published, build, pages, runs, words_of
from tests.workflow.tiny import checksums, replace, said


@pytest.fixture
def study(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "study", symlinks=True))


def test_two_builds_in_two_folders_give_the_same_bytes(built: Path, fresh: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(fresh, tmp_path / "other"))
    done = build(
        other, TZ="Pacific/Auckland", PYTHONHASHSEED="12345", LC_ALL="C", OMP_NUM_THREADS="4", LANG="de_DE"
    )
    assert_published(done)
    # This one begins from nothing, whatever the other was built from.
    assert said(done, "executed") == runs(other)
    assert sorted(path.name for path in (other / "dist").iterdir()) == FORMS
    # The executed notebooks, their records and the notes beside them too; locks and stores are not compared.
    places = ("dist", "figures", "report/_results", "data/tidy", "results")
    one, another = (checksums(folder, *places) for folder in (other, built))
    assert one.keys() == another.keys()
    # Notes about the confidential list hold digests with a key that each folder has for itself.
    assert {path for path, digest in one.items() if another[path] != digest} == {
        "data/tidy/demo/checksums.json",
        "results/demo/estimate_challenged/run.json",
    }


def test_a_second_build_runs_no_job(study: Path) -> None:
    times = {path: path.stat().st_mtime_ns for path in (study / "results").rglob("*") if path.is_file()}
    done = build(study)
    assert done.stdout == "dist/ is up to date.\n"
    assert {path: path.stat().st_mtime_ns for path in times} == times


def test_a_word_of_prose_renders_documents_and_executes_nothing(study: Path) -> None:
    replace(study / "report/summary.qmd", "What we asked", "What was asked")
    done = build(study)
    assert said(done, "executed") == said(done, "restored") == said(done, "staged") == []
    assert said(done, "rendered") == ["summary.html", "summary.pdf"]
    assert "What was asked" in (study / "dist/summary.html").read_text(encoding="utf-8")


def test_a_changed_function_executes_only_the_notebooks_that_import_it(study: Path) -> None:
    # survival.py is imported by the regime's module and by that of the ratings.
    module = study / "src/smq/statistics/survival.py"
    module.write_text(module.read_text(encoding="utf-8") + "\n# A change.\n", encoding="utf-8")
    done = build(study)
    assert said(done, "executed") == ["describe_ratings", "describe_regime"]
    # The results are the same, so whatever quotes them is restored, not made again.
    assert said(done, "rendered") == []


def test_every_page_of_the_demo_says_that_it_is_simulated(built: Path) -> None:
    import pikepdf

    values = json.loads((built / "report/_results/demo/full-report/values.json").read_text(encoding="utf-8"))
    assert values["simulated"] is True
    origins = {key: result.get("origin") for key, result in values["results"].items()}
    assert {origin for key, origin in origins.items() if key.startswith("indicator.ae_4h")} == {"simulated"}
    regime = {key: origin for key, origin in origins.items() if key.startswith("regime.")}
    assert set(regime.values()) == {"public record", "published"}
    assert [key for key, origin in regime.items() if origin == "published"] == ["regime.published_24m_share"]
    unmarked = [
        name
        for name, html in pages(built / "dist").items()
        if "Demonstration with simulated data" not in html
    ]
    assert unmarked == []
    for name in ("summary", "full-report"):
        with pikepdf.open(built / f"dist/{name}.pdf") as pdf:
            assert str(pdf.Root.Lang) == "en-GB"
            assert "pdfuaid" in pdf.Root.Metadata.read_bytes().decode("utf-8")


def test_every_figure_of_the_demo_alone_says_that_it_is_simulated(built: Path) -> None:
    """The picture, as it is seen (its words stand in the file as comments), and the numbers behind it."""
    seen = set()
    for path in sorted((built / "results/demo").rglob("record.json")):
        run = path.parent.relative_to(built / "results/demo")
        for result in read_record(path).results:
            if result.origin != "simulated" or result.kind not in ("figure", "table"):
                continue
            seen.add(result.kind)
            file = built / "figures/demo" / run / result.name
            rows = file.with_suffix(".csv").read_text(encoding="utf-8").splitlines()[1:]
            assert all("simulated" in row for row in rows), file
            if result.kind == "figure":
                assert "Simulated data about fictional trusts." in file.with_suffix(".svg").read_text(
                    encoding="utf-8"
                ), file
    assert seen == {"figure", "table"}


# Acceptance values: published in the notes on the list of spells and on the panel of real A&E statistics.


@pytest.fixture(scope="module")
def regime(real: Path) -> Record:
    return read_record(real / "results/real/describe_regime/record.json")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("spells", 42),
        ("trusts", 38),
        ("exits", 33),
        ("exits_12m", 5),
        ("exits_18m", 8),
        ("exits_24m", 13),
        ("exits_36m", 24),
    ],
)
def test_counts_at_the_end_of_2020(regime: Record, name: str, expected: int) -> None:
    assert regime["cutoff"].value == "31 December 2020"
    assert regime[name].value == expected


@pytest.mark.parametrize(
    ("name", "expected"), [("median_months", 29.8), ("quartile_lower", 20.3), ("quartile_upper", 41.9)]
)
def test_kaplan_meier_quantiles(regime: Record, name: str, expected: float) -> None:
    assert regime[name].value == pytest.approx(expected, abs=0.05)


def test_thirty_spells_have_two_years_of_waits_on_both_sides(real: Path) -> None:
    record = read_record(real / "results/real/describe_indicator/ae_4h/record.json")
    assert record["spells_used"].value == 30
    assert record["change"].origin == "official statistics"


def effects_of(folder: Path, world: str) -> dict[str, Record]:
    """Give the records of the effects by indicator; each result is present, or absent with a reason."""
    records = {}
    for path in sorted((folder / f"results/{world}/estimate_effects").glob("*/record.json")):
        records[path.parent.name] = record = read_record(path)
        assert {result.name for result in record.results} == set(EFFECTS)
        assert all(result.reason for result in record.results if result.kind == "absent")
        # The direction that is claimed is none that its own interval leaves open.
        if record["effect"].interval is not None and record["effect_word"].value != "no different":
            low, high = record["effect"].interval
            assert low * high > 0
    assert len(records) == 11
    return records


def test_every_effect_of_the_demo_is_simulated_or_absent_with_its_reason(built: Path) -> None:
    records = effects_of(built, "demo")
    assert {one.origin for record in records.values() for one in record.results} <= {"simulated", ""}
    # The demo has figures on all eleven; no world of real figures that is at hand has.
    assert [name for name, record in records.items() if record["effect"].kind == "absent"] == []


def test_effects_of_real_data_are_of_the_indicators_that_have_figures_and_no_others(real: Path) -> None:
    records = effects_of(real, "real")
    shown = [name for name, record in records.items() if record["effect"].kind != "absent"]
    assert shown == ["ae_4h", "shmi", "survey_care", "survey_stress", "survey_work"]
    assert {one.origin for record in records.values() for one in record.results} <= {
        "official statistics",
        "",
    }
    assert records["ae_4h"]["spells"].value == 30
    # The three reviewed trusts that were not placed have no counterpart but in the real record.
    assert records["shmi"]["reviewed_placed"].denominator == 11
    page = (real / "dist/real/full-report/effects.html").read_text(encoding="utf-8")
    for indicator in ("four-hour waits", "mortality"):
        beside = (
            rf"better {indicator} relative to national trends.*? (points|shows) (the|no) \w+ (way|direction)"
        )
        assert re.search(beside, page, re.DOTALL)


@pytest.mark.parametrize("world", ["demo", "real"])
def test_abstract_and_plain_language_summary_keep_to_the_words_that_the_funder_allows(
    request: pytest.FixtureRequest, world: str
) -> None:
    folder = request.getfixturevalue("built" if world == "demo" else "real")
    place = folder / ("dist" if world == "demo" else f"dist/{world}") / "full-report"
    abstract = (place / "abstract.html").read_text(encoding="utf-8")
    # Registration and funding, which come last, are not counted.
    counted = re.sub(r"<h2[^>]*>Study registration.*</main>", "</main>", abstract, flags=re.DOTALL)
    assert words_of(counted) < words_of(abstract)
    assert 300 < words_of(counted) <= 500
    assert 150 < words_of((place / "plain-language-summary.html").read_text(encoding="utf-8")) <= 300


def test_nothing_simulated_reaches_a_document_of_real_data(real: Path) -> None:
    for name in ("summary", "full-report"):
        values = json.loads((real / f"report/_results/real/{name}/values.json").read_text(encoding="utf-8"))
        assert values["simulated"] is False
    for html in pages(real / "dist/real").values():
        assert "Fictional" not in html
        assert "Demonstration with simulated data" not in html


def test_the_demo_beside_it_is_untouched(real: Path, built: Path) -> None:
    assert {path: digest for path, digest in checksums(real, "dist").items() if "/real/" not in path} == (
        checksums(built, "dist")
    )


HEADER = "ods_code,period,attendances,over_4h\n"


class TestBadInput:
    """Each fault in a team's own files: one clear message, an exit code, and dist/ as it was."""

    @pytest.fixture
    def data(self, tmp_path: Path) -> Path:
        folder = tmp_path / "our data"
        (folder / "ae-panel").mkdir(parents=True)
        return folder

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            ("ods_code,period,attendances\nRAA,2016-04-01,10\n", ["over_4h"]),
            (HEADER + "RAA,2016-04-01,10,1\nRAA,soon,10,1\n", ["line 3, column 'period', value 'soon'"]),
            (HEADER + "R A,2016-04-01,10,1\n", ["line 2, column 'ods_code', value 'R A'"]),
            ("", ["empty"]),
        ],
        ids=["missing column", "unparsable date", "malformed code", "empty file"],
    )
    def test_a_bad_file_is_named_with_row_and_column(
        self, study: Path, data: Path, content: str, words: list[str]
    ) -> None:
        before = checksums(study, "dist")
        (data / "ae-panel/ae_monthly_trust_panel.csv").write_text(content, encoding="utf-8")
        done = build(study, "--data", str(data))
        assert done.returncode == 1
        for word in ["ae_monthly_trust_panel.csv", *words]:
            assert word in done.stderr
        assert "Traceback" not in done.stderr
        assert "Snakefile" not in done.stderr
        assert checksums(study, "dist") == before

    @pytest.mark.parametrize(("name", "words"), [("nix", "does not exist"), ("README.md", "is a file")])
    def test_a_wrong_data_path_is_refused_at_once(self, study: Path, name: str, words: str) -> None:
        before = checksums(study, "dist")
        done = build(study, "--data", name)
        assert done.returncode == 2
        assert f"DATA={name}" in done.stderr
        assert words in done.stderr
        assert len(done.stderr.splitlines()) == 1
        assert checksums(study, "dist") == before

    def test_a_folder_with_none_of_the_mapped_files_says_what_it_looked_for(
        self, study: Path, data: Path
    ) -> None:
        done = build(study, "--data", str(data))
        assert done.returncode == 1
        assert "ae-panel/ae_monthly_trust_panel.csv (ae_4h)" in done.stderr

    def test_an_unknown_parameter_in_the_configuration_is_refused(self, study: Path) -> None:
        before = checksums(study, "dist")
        replace(study / "config/runs.yaml", "{indicator: ae_4h}", "{indicatr: ae_4h}")
        done = build(study)
        assert done.returncode == 2
        assert "describe_indicator has no parameter 'indicatr'. Did you mean 'indicator'?" in done.stderr
        assert checksums(study, "dist") == before

    def test_codes_that_are_not_trusts_are_kept_counted_and_listed(self, study: Path, data: Path) -> None:
        months = [date(2015 + month // 12, month % 12 + 1, 1).isoformat() for month in range(60)]
        rows = [
            f"{code},{month},1000,{over}" for code, over in (("RAA", 90), ("Y02584", 10)) for month in months
        ]
        text = HEADER + "\n".join(rows) + "\n"
        (data / "ae-panel/ae_monthly_trust_panel.csv").write_text(text, encoding="utf-8")
        done = build(study, "--data", str(data), "--cores", "2")
        assert said(done, "published") == FORMS
        assert "1 other codes (unknown_codes.csv)" in done.stdout
        listed = (study / "data/tidy/our-data/unknown_codes.csv").read_text(encoding="utf-8")
        assert listed.splitlines()[1:] == ["Y02584,60,2015-01-01,2019-12-01"]
