"""What publishing costs beside bare pandoc and Typst, on the same document: `python benchmarks/publish.py`.

The document is made for the benchmark: 20 chapters on 200 pages, 50 figures, 50 tables, references in half of
the paragraphs and a citation in every third, which are twice as many as in the study's own report
(`--cited 1`: in each). Prints medians of whole commands, from results that exist, and their ratios; before
that the same for a quarter and a half of it. `--sentence` times `press build` after a change of one sentence
in each document, in a copy of the project.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf

from press.publish import assemble
from press.publish.sources import read_document
from press.record import Column, Record, Result

if TYPE_CHECKING:
    from collections.abc import Callable

PROJECT = Path(__file__).resolve().parent.parent
CHAPTERS, FIGURES, TABLES, SOURCES = 20, 50, 50, 120
CITED = 1 / 3
WORDS = (
    "the trust board held that waits in emergency care had grown faster than the number of people who came "
    "and that staff who stayed through the regime spoke of support as well as of scrutiny while beds and "
    "budgets remained what they were before any inspection"
)
DOCUMENTS = "- {name: paper, source: paper.qmd, template: report, formats: [html, pdf]}\n"
REPEATS = 3
LIMITS = {"html": 3.0, "pdf": 4.0, "sentence": 5.0}
BARE_TYPST = (
    "import sys, typst; typst.compile(sys.argv[1], output=sys.argv[2], root=sys.argv[3], "
    "ignore_system_fonts=True)"
)


class Prose:
    """The same document twice: for `press`, which quotes results, and for pandoc, which has them typed in."""

    def __init__(self, share: float, cited: float) -> None:
        self.cited = cited
        self.chance = random.Random(20261123)  # noqa: S311 - the same words each time
        self.chapters = max(1, round(CHAPTERS * share))
        self.figures, self.tables = round(FIGURES * share), round(TABLES * share)

    def sentence(self) -> str:
        """Give words that end with a full stop."""
        words = self.chance.choices(WORDS.split(), k=self.chance.randint(9, 22))
        return f"{' '.join(words).capitalize()}."

    def paragraph(self, figure: int, table: int) -> str:
        """Give sentences with a value and often a citation and two references."""
        words = " ".join(self.sentence() for _ in range(self.chance.randint(4, 7)))
        source = f"[@s{self.chance.randint(1, SOURCES)}]" if self.chance.random() < self.cited else ""
        shown = f"See @fig-f{figure} and @tbl-t{table}." if self.chance.random() < 0.5 else ""
        return f"{words} Of all, []{{n=study.total}} were counted.{source} {shown}".strip()

    def text(self, figure: Callable[[int], str], table: Callable[[int], str]) -> str:
        """Give the document; the callers say how a figure and a table are written."""
        self.chance.seed(20261123)
        parts: list[str] = []
        for chapter in range(self.chapters):
            shares = [
                range(count * chapter // self.chapters, count * (chapter + 1) // self.chapters)
                for count in (self.figures, self.tables)
            ]
            parts.append(f"# Chapter of findings {{#sec-c{chapter}}}")
            for section in range(6):
                parts.append(f"## What was found in part {section + 1}")
                near = [span[min(section, len(span) - 1)] for span in shares]
                parts += [self.paragraph(*near) for _ in range(9)]
                parts += [
                    make(span[section])
                    for make, span in zip((figure, table), shares, strict=True)
                    if section < len(span)
                ]
        parts += ["# References {.unnumbered}", "::: {#refs}\n:::"]
        return "\n\n".join(parts) + "\n"


def sources(text: str) -> str:
    """Give a bibliography in BibTeX with what the text cites."""
    return "".join(
        f"@article{{s{number}, author={{Writer, Ann and Author, Bo}}, title={{Waits in year {number}}},\n"
        f" journal={{J Health Serv Res}}, year={{{1990 + number % 30}}}, volume={{{number}}},\n"
        f" pages={{{number}--{number + 9}}}}}\n"
        for number in sorted({int(cited) for cited in re.findall(r"@s(\d+)", text)})
    )


def picture(number: int) -> str:
    """Draw a chart of some 30 kB: lines, a band, an axis of text."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    chance = random.Random(number)  # noqa: S311
    figure = Figure(figsize=(6.3, 3.2))
    axes = figure.subplots()
    for line in range(4):
        axes.plot(range(60), [chance.random() + line for _ in range(60)], label=f"series {line}")
    axes.fill_between(range(60), 1, 3, alpha=0.2)
    axes.legend()
    stream = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "press"}):
        figure.savefig(stream, format="svg", metadata={"Date": None})
    return stream.getvalue()


ROWS = tuple(
    tuple([f"Trust number {row}"] + [f"{row * column * 137:,}" for column in range(1, 7)])
    for row in range(12)
)
COLUMNS = (
    Column("trust", "Trust", "left"),
    *(Column(f"y{year}", f"{2010 + year}", "right") for year in range(6)),
)


def records(folder: Path) -> Record:
    """Write the figures and give the record that names them, the tables and one number."""
    results = [Result(name="total", kind="number", origin="public record", value=1234, display="1,234")]
    for number in range(FIGURES):
        files = {"svg": picture(number), "csv": "month,waits\n1,2.5\n2,3.5\n"}
        digests = {}
        for suffix, content in files.items():
            (folder / f"f{number}.{suffix}").write_text(content, encoding="utf-8")
            digests[suffix] = hashlib.sha256(content.encode()).hexdigest()
        results.append(
            Result(
                name=f"f{number}", kind="figure", origin="public record", files=digests,
                caption=f"Waits in series {number}", notes=("Source: made for the benchmark.",),
                alt="Four lines that go up and down over sixty months, none of them away from its band.",
            )
        )  # fmt: skip
    results += [
        Result(
            name=f"t{number}", kind="table", origin="public record", columns=COLUMNS, rows=ROWS,
            caption=f"Waits by trust, table {number}", notes=("Figures made for the benchmark.",),
        )
        for number in range(TABLES)
    ]  # fmt: skip
    return Record(run="study", key="study", results=tuple(results))


def write_project(folder: Path, prose: Prose) -> None:
    """Write a project with the document `paper`, its results staged; and `bare.md` beside it."""
    report, figures = folder / "report", folder / "figures"
    figures.mkdir(parents=True)
    (folder / "data").mkdir()
    for name in ("_extensions", "theme"):
        shutil.copytree(PROJECT / "report" / name, report / name)
    shutil.copy(PROJECT / "report/nlm-citation-sequence-superscript.csl", report)
    settings = (
        "lang: en-GB\nbibliography: references.bib\ncsl: nlm-citation-sequence-superscript.csl\n"
        "link-citations: true\nnotes-after-punctuation: true\n"
    )
    front = "title: Two hundred pages\nauthor: [{name: The benchmark}]\n"
    text = prose.text(
        lambda number: f"::: {{#fig-f{number} result=study.f{number}}}\n:::",
        lambda number: f"::: {{#tbl-t{number} result=study.t{number}}}\n:::",
    )
    text = f"---\n{front}---\n\n{text}"
    for name, content in {
        "config/config.yaml": "report_date: 2026-11-30\n",
        "config/runs.yaml": "[]\n",
        "config/documents.yaml": DOCUMENTS,
        "report/_quarto.yml": settings,
        "report/references.bib": sources(text),
        "report/paper.qmd": text,
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    record = records(figures)
    document = read_document(report, "paper.qmd")
    assemble.stage(document, {"study": record}, {"study": figures}, report / "_results/demo/paper", "demo")
    table = "\n".join(
        ["| " + " | ".join(column.label for column in COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]
        + ["| " + " | ".join(row) + " |" for row in ROWS]
    )
    text = prose.text(
        lambda number: f"![Waits in series {number}](figures/f{number}.svg)\n",
        lambda number: f"{table}\n\n: Waits by trust, table {number}",
    )
    # Citations stay, references to figures and tables are typed in.
    text = re.sub(
        r"@(fig|tbl)-[ft](\d+)",
        lambda at: f"{'Figure' if at[1] == 'fig' else 'Table'} {int(at[2]) + 1}",
        text,
    )
    text = text.replace("[]{n=study.total}", "1,234")
    (folder / "bare.md").write_text(f"---\n{front}{settings}---\n\n{text}", encoding="utf-8")


def pandoc() -> str:
    """Give the program that the wheel carries."""
    spec = find_spec("pypandoc")
    if spec is None or spec.origin is None:
        raise SystemExit("pandoc is not installed: make test")
    return str(Path(spec.origin).parent / "files/pandoc")


def seconds(folder: Path, *commands: list[str]) -> tuple[float, float]:
    """Time commands that follow on one another, from start to end: clock and processor."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    for command in commands:
        done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - start, (after.ru_utime + after.ru_stime) - (
        before.ru_utime + before.ru_stime
    )


def change(path: Path, number: int) -> None:
    """Begin the first paragraph with another sentence: nothing made before can be taken from the store."""
    head, mark, tail = path.read_text(encoding="utf-8").partition("\n\n# ")
    heading, _, rest = tail.partition("\n\n")
    path.write_text(f"{head}{mark}{heading}\n\nSentence {number}. {rest}", encoding="utf-8")


def measure(share: float, cited: float, repeats: int) -> tuple[int, dict[str, tuple[float, float]]]:
    """Give the pages of this share of the document, and medians of the commands, which take turns."""
    press = [sys.executable, "-m", "press", "render", "paper", "--to"]
    times: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory(prefix="press-benchmark-") as name:
        folder = Path(name)
        write_project(folder, Prose(share, cited))
        bare = [pandoc(), "bare.md", "--citeproc", "--standalone", "--resource-path=.:report"]
        to_html = [*bare, "--to", "html5", "--mathml", "--embed-resources", "-o", "bare.html"]
        to_typst = [*bare, "--to", "typst", "-o", "bare.typ"]
        typst = [sys.executable, "-c", BARE_TYPST, "bare.typ", "bare.pdf", "."]
        commands = {
            "bare pandoc, html": [to_html],
            "press, html": [[*press, "html"]],
            "bare pandoc and Typst, pdf": [to_typst, typst],
            "press, pdf": [[*press, "pdf"]],
        }
        for number in range(repeats + 1):
            for label, each in commands.items():
                if label.startswith("press"):
                    change(folder / "report/paper.qmd", number)
                times.setdefault(label, []).append(seconds(folder, *each))
        with pikepdf.open(folder / "results/demo/_documents/paper.pdf") as file:
            pages = len(file.pages)
    return pages, {label: middle(found) for label, found in times.items()}


def middle(found: list[tuple[float, float]]) -> tuple[float, float]:
    """Give both medians; the first round fills the caches of the system and does not count."""
    clock, processor = zip(*found[1:], strict=True)
    return statistics.median(clock), statistics.median(processor)


def one_sentence(repeats: int) -> tuple[float, float]:
    """Time `press build` in a copy of the project after one sentence has changed in each document."""
    left_out = shutil.ignore_patterns(".git", ".venv", ".tools", "__pycache__", ".*_cache", "public", "real")
    with tempfile.TemporaryDirectory(prefix="press-benchmark-") as name:
        folder = Path(name) / "project"
        shutil.copytree(PROJECT, folder, ignore=left_out, symlinks=True)
        build = [sys.executable, "-m", "press", "build"]
        subprocess.run(build, cwd=folder, check=True, capture_output=True)
        found = []
        for number in range(repeats + 1):
            for path in ("report/summary.qmd", "report/chapters/discussion.qmd"):
                with (folder / path).open("a", encoding="utf-8") as stream:
                    stream.write(f"\nThis sentence is the last but {number}.\n")
            found.append(seconds(folder, build))
        return middle(found)


def main() -> int:
    """Print the figures; 1 where a limit is not kept."""
    parser = argparse.ArgumentParser(description="What publishing costs beside bare pandoc and Typst.")
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--cited", type=float, default=CITED, help="share of paragraphs with a citation")
    parser.add_argument("--sentence", action="store_true", help="time one changed sentence (builds the demo)")
    given = parser.parse_args()
    if given.sentence:
        clock, processor = one_sentence(given.repeats)
        print(
            f"one sentence in each document: press build {clock:.2f} s ({processor:.2f} s of processor time)"
        )
        return 0 if clock <= LIMITS["sentence"] else 1
    print(f"{'pages':>6} {'command':<28} {'median, s':>10} {'ratio':>7} {'processor, s':>13} {'ratio':>7}")
    kept = True
    for share in (0.25, 0.5, 1.0):
        pages, found = measure(share, given.cited, given.repeats)
        for form, base in (("html", "bare pandoc, html"), ("pdf", "bare pandoc and Typst, pdf")):
            for label in (base, f"press, {form}"):
                (clock, processor), (bare_clock, bare_processor) = found[label], found[base]
                print(
                    f"{pages:>6} {label:<28} {clock:>10.2f} {clock / bare_clock:>7.2f} {processor:>13.2f} "
                    f"{processor / bare_processor:>7.2f}",
                    flush=True,
                )
            kept = kept and (share < 1 or found[f"press, {form}"][0] <= LIMITS[form])
    print(
        f"limits: {LIMITS['html']:.0f} s to HTML, {LIMITS['pdf']:.0f} s to PDF: {'' if kept else 'NOT '}kept"
    )
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
