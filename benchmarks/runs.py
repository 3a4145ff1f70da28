"""What `press run` costs beside nbclient's own command, on the same notebook: `python benchmarks/runs.py`.

Prints medians of whole commands and their ratios. Compare ratios; seconds belong to one machine.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

REPEATS = 5
PEER = "from nbclient.cli import main; main()"
CELLS = (
    ("code", "import pandas as pd\nimport matplotlib.pyplot as plt"),
    ("code", "frame = pd.DataFrame({'x': range(100)})\nframe.describe()"),
)


def write_project(folder: Path) -> None:
    """Write a project with one run of a notebook that imports pandas and pyplot."""
    cells = [
        nbformat.v4.new_code_cell("n: int = 1", metadata={"tags": ["parameters"]}),  # type: ignore[no-untyped-call]
        *(nbformat.v4.new_code_cell(source) for _, source in CELLS),  # type: ignore[no-untyped-call]
    ]
    for name, text in {
        "config/config.yaml": "report_date: 2026-11-30\n",
        "config/runs.yaml": "- {notebook: describe_frame, namespace: frame}\n",
        "config/documents.yaml": "[]\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "src").mkdir()
    (folder / "notebooks").mkdir()
    node = nbformat.v4.new_notebook(cells=cells)  # type: ignore[no-untyped-call]
    nbformat.write(node, folder / "notebooks/describe_frame.ipynb")  # type: ignore[no-untyped-call]


def seconds(folder: Path, *command: str) -> float:
    """Time one command from start to end."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *command], cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Measure, alternating the commands so that a slow moment of the machine hits all of them."""
    peer, executed, restored = [], [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_project(folder)
        run = ("-m", "press", "run", "describe_frame")
        for number in range(REPEATS + 1):
            peer.append(seconds(folder, "-c", PEER, "notebooks/describe_frame.ipynb"))
            # Another value, so that the store cannot help.
            executed.append(seconds(folder, *run, "-p", f"n={number + 2}"))
            restored.append(seconds(folder, *run, "-p", f"n={number + 2}"))
    # The first round fills the caches of the system and of matplotlib.
    medians = {
        "nbclient's command": statistics.median(peer[1:]),
        "press run, executed": statistics.median(executed[1:]),
        "press run, restored": statistics.median(restored[1:]),
    }
    base = medians["nbclient's command"]
    print(f"{'command':<22} {'median, s':>10} {'ratio':>7}")
    for label, median in medians.items():
        print(f"{label:<22} {median:>10.2f} {median / base:>7.2f}")


if __name__ == "__main__":
    main()
