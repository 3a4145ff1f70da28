"""The command line. Nothing heavy is imported before a command is known."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from press.errors import EXIT_DONE, PressError, WrongUseError

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0 done, 1 the build failed, 2 wrong use."""
    options = _parser().parse_args(arguments)
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

    run = commands.add_parser("run", help="execute one run, or a notebook with other parameters")
    run.add_argument("run", metavar="RUN", help="as in config/runs.yaml, or the name of a notebook")
    run.add_argument(
        "-p",
        "--parameter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="set a parameter (repeatable)",
    )
    _add_data(run)
    run.set_defaults(command=_run)

    stage = commands.add_parser("stage", help="collect what a document quotes (a step of the build)")
    stage.add_argument("document")
    _add_data(stage)
    stage.set_defaults(command=_stage)

    render = commands.add_parser("render", help="render one document from what was staged")
    render.add_argument("document")
    render.add_argument("--to", required=True, choices=("html", "pdf"), help="the form")
    _add_data(render)
    render.set_defaults(command=_render)

    seal = commands.add_parser("seal", help="note the checksums of files, so that a hand edit is noticed")
    seal.add_argument("note", type=Path)
    seal.add_argument("files", type=Path, nargs="+")
    seal.set_defaults(command=_seal)

    publish = commands.add_parser(
        "publish", help="put all rendered documents into dist/ (a step of the build)"
    )
    _add_data(publish)
    publish.set_defaults(command=_publish)
    return parser


def _add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", default=None, help="the world: demo, or a folder with data files")


def _build(options: argparse.Namespace) -> int:
    from press.build import build

    return build(options.targets, data=options.data, cores=options.cores, dry_run=options.dry_run)


def _run(options: argparse.Namespace) -> int:
    from press.project import open_project
    from press.runs import execute_or_restore, find_run, plan_run

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
    from press.documents import render
    from press.project import open_project

    project = open_project(options.data)
    outcome = render(project, options.document, options.to)
    said = "rendered" if outcome == "executed" else outcome
    print(f"{said:<9} {project.layout.rendered(options.document, options.to)}")
    return EXIT_DONE


def _publish(options: argparse.Namespace) -> int:
    from press.documents import publish
    from press.project import open_project

    for path in publish(open_project(options.data)):
        print(f"published {path}")
    return EXIT_DONE


def _seal(options: argparse.Namespace) -> int:
    from press.provenance import write_note

    write_note(options.note, "", {}, options.files)
    return EXIT_DONE


if __name__ == "__main__":
    sys.exit(main())
