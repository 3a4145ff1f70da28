"""The command line. Nothing heavy is imported before a command is known."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from press.errors import EXIT_DONE, EXIT_WRONG_USE, PressError, WrongUseError

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0 done, 1 the build failed, 2 wrong use."""
    options = _parser().parse_args(arguments)
    # A polite stop ends kernels and removes half-written files just as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        from press.layout import find_project

        os.chdir(find_project(Path.cwd()))
        return int(options.command(options))
    except PressError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="press", description="Builds a report from data by way of notebooks."
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    build = commands.add_parser("build", help="build the documents, or the targets named")
    build.add_argument("targets", nargs="*", metavar="TARGET", help="a file, or a rule of the Snakefile")
    _add_data(build)
    build.add_argument("--cores", default=None, help="how many jobs at once (default: all cores)")
    build.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    build.set_defaults(command=_build)

    fetch = commands.add_parser("fetch", help="download the public files of config/sources.yaml, checked")
    fetch.add_argument(
        "--mirror",
        metavar="PLACE",
        help="take them from this address or folder instead of their own addresses",
    )
    fetch.set_defaults(command=_fetch)

    why = commands.add_parser("why", help="say what is stale, and which part of it changed")
    why.add_argument("target", nargs="?", help="a run or a document (default: everything)")
    _add_data(why)
    why.set_defaults(command=_why)

    run = commands.add_parser(
        "run", help="execute one run, or a notebook with other parameters", add_help=False
    )
    run.add_argument(
        "-h", "--help", action="store_true", help="show this, or the parameters of RUN, and exit"
    )
    run.add_argument(
        "run", metavar="RUN", nargs="?", help="as in config/runs.yaml, or the name of a notebook"
    )
    run.add_argument(
        "-p",
        "--parameter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="set a parameter (repeatable)",
    )
    _add_data(run)
    run.set_defaults(command=_run, usage=run.format_help)

    stage = commands.add_parser("stage", help="collect what a document quotes (a step of the build)")
    stage.add_argument("document")
    _add_data(stage)
    stage.set_defaults(command=_stage)

    render = commands.add_parser("render", help="render one document from what was staged")
    render.add_argument("document")
    render.add_argument("--to", required=True, choices=("html", "site", "pdf"), help="the form")
    render.add_argument(
        "--engine",
        choices=("builtin", "quarto"),
        help="render with this one (default: that of config.yaml); what Quarto makes goes into dist/quarto/",
    )
    _add_data(render)
    render.set_defaults(command=_render)

    store = commands.add_parser("store", help="look after the run store")
    store_commands = store.add_subparsers(metavar="COMMAND", required=True)
    prune = store_commands.add_parser("prune", help="delete old entries, never those the current build uses")
    prune.add_argument("--older-than", type=float, metavar="DAYS", help="entries not used for so many days")
    prune.add_argument("--max-size", type=float, metavar="MB", help="the least recently used above this size")
    prune.set_defaults(command=_prune)

    open_ = commands.add_parser("open", help="open the notebook of a run, with its values in place")
    open_.add_argument("run", metavar="RUN", help="as in config/runs.yaml")
    _add_data(open_)
    open_.set_defaults(command=_open)

    seal = commands.add_parser("seal", help="note what files were made from (a step of the build)")
    seal.add_argument("note", type=Path)
    seal.add_argument("files", type=Path, nargs="+", help="the files that were made")
    seal.add_argument("--of", type=Path, nargs="*", default=[], help="the files they were made from")
    seal.add_argument(
        "--confidential", type=Path, nargs="*", default=[], help="those of which no plain checksum is noted"
    )
    seal.set_defaults(command=_seal)

    publish = commands.add_parser(
        "publish", help="put all rendered documents into dist/ (a step of the build)"
    )
    _add_data(publish)
    publish.set_defaults(command=_publish)
    return parser


def _add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", default=None, help="the world: demo, public, or a folder with data files")


def _build(options: argparse.Namespace) -> int:
    from press.build import build

    return build(options.targets, data=options.data, cores=options.cores, dry_run=options.dry_run)


def _fetch(options: argparse.Namespace) -> int:
    from press.fetch import fetch_all
    from press.layout import FETCHED
    from press.sources import load_sources

    fetch_all(load_sources(Path()), FETCHED, mirror=options.mirror, echo=partial(print, flush=True))
    print(f"{FETCHED}/ is complete. Build from it: make report DATA=public")
    return EXIT_DONE


def _why(options: argparse.Namespace) -> int:
    from press.project import open_project
    from press.why import why

    stale = why(open_project(options.data), options.target)
    for each in stale:
        print(f"{each.name}\n" + "\n".join(f"    {reason}" for reason in each.reasons))
    if not stale:
        print("Everything is up to date." if options.target is None else f"{options.target} is up to date.")
    return EXIT_DONE


def _run(options: argparse.Namespace) -> int:
    if options.run is None:
        print(options.usage())
        return EXIT_DONE if options.help else EXIT_WRONG_USE
    from press.project import open_project
    from press.runs import describe_parameters, execute_or_restore, find_run, plan_run

    if options.help:
        project = open_project(options.data)
        print(describe_parameters(find_run(project.config, options.run, {}), project.layout))
        return EXIT_DONE
    project = open_project(options.data)
    overrides: dict[str, str] = {}
    for assignment in options.parameter:
        name, equals, value = assignment.partition("=")
        if not equals:
            raise WrongUseError(f"-p {assignment}: write it as NAME=VALUE.")
        overrides[name.strip()] = value
    run = find_run(project.config, options.run, overrides)
    planned = plan_run(run, project.layout, project.config.build.timeout_seconds, overrides)
    print(f"{execute_or_restore(planned):<9} {project.layout.run(run.slug)}")
    return EXIT_DONE


def _stage(options: argparse.Namespace) -> int:
    from press.documents import stage
    from press.project import open_project

    project = open_project(options.data)
    stage(project, options.document)
    print(f"staged    {project.layout.staged(options.document)}")
    return EXIT_DONE


def _render(options: argparse.Namespace) -> int:
    from press.documents import publish_one, render
    from press.layout import QUARTO
    from press.project import open_project

    project = open_project(options.data, options.engine)
    outcome = render(project, options.document, options.to)
    said = "rendered" if outcome == "executed" else outcome
    path = project.layout.rendered(options.document, options.to)
    # As a step of a build, which names no engine, it is published with the others once all are rendered.
    if options.engine == QUARTO:
        path = publish_one(project, options.document, options.to)
    print(f"{said:<9} {path}")
    return EXIT_DONE


def _publish(options: argparse.Namespace) -> int:
    from press.documents import publish
    from press.project import open_project

    for path in publish(open_project(options.data)):
        print(f"published {path}")
    return EXIT_DONE


def _seal(options: argparse.Namespace) -> int:
    from press.confidential import keyed_digest
    from press.fingerprint import content_sha256, fingerprint
    from press.provenance import write_note

    parts = {
        "files": {
            str(path): (keyed_digest if path in options.confidential else content_sha256)(path)
            for path in sorted(options.of)
        }
    }
    write_note(options.note, fingerprint(parts), parts, options.files, options.confidential)
    return EXIT_DONE


def _prune(options: argparse.Namespace) -> int:
    from press.provenance import used_fingerprints
    from press.store import Store

    if options.older_than is None and options.max_size is None:
        raise WrongUseError("press store prune: say --older-than DAYS, --max-size MB, or both.")
    max_bytes = None if options.max_size is None else int(options.max_size * 1_000_000)
    deleted = Store().prune(used_fingerprints(), older_than_days=options.older_than, max_bytes=max_bytes)
    size = sum(size for _, size in deleted) / 1_000_000
    print(f"Deleted {len(deleted)} entries, {size:.1f} MB.")
    return EXIT_DONE


def _open(options: argparse.Namespace) -> int:
    from press.notebooks.opening import open_notebook
    from press.project import open_project
    from press.runs import find_run

    project = open_project(options.data)
    return open_notebook(find_run(project.config, options.run, {}), project.layout)


if __name__ == "__main__":
    sys.exit(main())
