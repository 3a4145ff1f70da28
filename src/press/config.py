"""The typed configuration: what a build is made with, which runs it has, which documents it publishes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from press.errors import WrongUseError, nearest

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
Format = Literal["html", "site", "pdf"]
Engine = Literal["builtin", "quarto"]


class StrictModel(BaseModel):
    """A part of the configuration: an unknown field is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class BuildConfig(StrictModel):
    """`config/config.yaml`."""

    data: str = Field(
        "demo", description="The world to build: `demo`, `public`, or a folder with data files."
    )
    report_date: date = Field(description="The date that stands on the documents; the clock is never asked.")
    engine: Engine = Field(
        "builtin", description="What renders the documents: `builtin`, or `quarto`, which must be installed."
    )
    timeout_seconds: int = Field(
        600, gt=0, description="A notebook, or a rendering by Quarto, that runs longer is stopped."
    )


class Run(StrictModel):
    """One entry of `config/runs.yaml`: a notebook with its parameters."""

    notebook: Name = Field(description="The notebook `notebooks/<name>.ipynb`.")
    namespace: Name = Field(description="First part of the key of each result.")
    run: Name | None = Field(None, description="Tells this run from others of the same notebook.")
    inputs: dict[Name, str] = Field(
        default_factory=dict,
        description="Files that the notebook reads, by parameter; `{world}` is filled in.",
    )
    records: dict[Name, str] = Field(
        default_factory=dict, description="Runs whose record the notebook reads, by parameter."
    )
    confidential: list[Name] = Field(
        default_factory=list,
        description="Names of those inputs that may leave no trace: of the run nothing is kept but its named "
        "results ([architecture](architecture.md)).",
    )
    parameters: dict[Name, Any] = Field(default_factory=dict, description="Values of the other parameters.")
    timeout_seconds: int | None = Field(None, gt=0, description="Time limit of this run.")

    @property
    def slug(self) -> str:
        """The readable name of the run, as in `press run describe_indicator/ae_4h`."""
        return self.notebook if self.run is None else f"{self.notebook}/{self.run}"

    @property
    def key(self) -> str:
        """The prefix of the keys of its results, as in `indicator.ae_4h`."""
        return self.namespace if self.run is None else f"{self.namespace}.{self.run}"


class DocumentConfig(StrictModel):
    """One entry of `config/documents.yaml`."""

    name: Slug = Field(description="Name of the document and of its files in `dist/`.")
    source: str = Field(description="The Quarto markdown file in `report/`.")
    template: Literal["summary", "report"] = Field(description="How it is laid out.")
    formats: list[Format] = Field(
        description="The forms it is published in: `html` is one page that can be mailed as one file, `site` "
        "a folder with a page for each chapter, which begins at `index.html`."
    )


class Config(StrictModel):
    """Everything under `config/` that the engine reads."""

    build: BuildConfig
    runs: list[Run]
    documents: list[DocumentConfig]

    @model_validator(mode="after")
    def _consistent(self) -> Config:
        slugs = [run.slug for run in self.runs]
        for name in sorted({run.notebook for run in self.runs}):
            siblings = [run for run in self.runs if run.notebook == name]
            if len(siblings) > 1 and any(run.run is None for run in siblings):
                raise ValueError(
                    f"runs.yaml: '{name}' has several runs, so each needs `run:` with a name of its own"
                )
        for label, names in (("runs", slugs), ("documents", [document.name for document in self.documents])):
            for name in sorted({name for name in names if names.count(name) > 1}):
                raise ValueError(f"{label}.yaml: '{name}' stands there twice")
        owners: dict[str, str] = {}
        for run in self.runs:
            if owners.setdefault(run.namespace, run.notebook) != run.notebook:
                raise ValueError(
                    f"runs.yaml: the namespace '{run.namespace}' is used by {owners[run.namespace]} and "
                    f"{run.notebook}. Give each notebook its own, or their results could not be told apart"
                )
        for run in self.runs:
            for upstream in run.records.values():
                if upstream not in slugs:
                    raise ValueError(
                        f"runs.yaml: {run.slug} reads the record of '{upstream}', which is no run. "
                        f"{nearest(upstream, slugs)}"
                    )
        return self

    @model_validator(mode="after")
    def _confidential_everywhere(self) -> Config:
        for run in self.runs:
            for name in run.confidential:
                if name not in run.inputs:
                    raise ValueError(
                        f"runs.yaml: {run.slug} calls '{name}' confidential, which is none of its inputs. "
                        f"{nearest(name, run.inputs)}"
                    )
        files = {run.inputs[name]: run for run in self.runs for name in run.confidential}
        for run in self.runs:
            for name, file in run.inputs.items():
                if file in files and name not in run.confidential:
                    raise ValueError(
                        f"runs.yaml: {run.slug} reads {file}, which is confidential in {files[file].slug}. "
                        f"Say so here too: confidential: [{name}]"
                    )
        return self

    def run(self, slug: str) -> Run:
        """Give the run of that name. Raises `WrongUseError` with the nearest name."""
        for run in self.runs:
            if run.slug == slug:
                return run
        known = nearest(slug, [run.slug for run in self.runs])
        raise WrongUseError(f"There is no run '{slug}' in config/runs.yaml. {known}")

    def document(self, name: str) -> DocumentConfig:
        """Give the document of that name. Raises `WrongUseError` with the nearest name."""
        for document in self.documents:
            if document.name == name:
                return document
        known = nearest(name, [document.name for document in self.documents])
        raise WrongUseError(f"There is no document '{name}' in config/documents.yaml. {known}")


def load(project: Path) -> Config:
    """Read and check `config/`. Raises `WrongUseError` that names the file and the field."""
    folder = project / "config"
    parts: dict[str, Any] = {}
    for field, name, adapter in (
        ("build", "config.yaml", TypeAdapter(BuildConfig)),
        ("runs", "runs.yaml", TypeAdapter(list[Run])),
        ("documents", "documents.yaml", TypeAdapter(list[DocumentConfig])),
    ):
        parts[field] = read_yaml(folder / name, adapter)
    try:
        return Config(**parts)
    except ValidationError as error:
        raise WrongUseError(f"config/{error.errors()[0]['msg'].removeprefix('Value error, ')}") from error


def read_yaml(path: Path, adapter: TypeAdapter[Any]) -> Any:  # noqa: ANN401 - the adapter's type
    """Read and check one file of `config/`. Raises `WrongUseError` that names the file and the field."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise WrongUseError(f"config/{path.name} is missing. Restore it: git checkout config/") from error
    except UnicodeDecodeError as error:
        raise WrongUseError(
            f"config/{path.name}: not UTF-8 text ({error.reason}). Save it as UTF-8."
        ) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = "" if mark is None else f", line {mark.line + 1}"
        raise WrongUseError(f"config/{path.name}{where}: not valid YAML ({_first_line(error)}).") from error
    try:
        return adapter.validate_python(content)
    except ValidationError as error:
        problems = [
            f"config/{path.name}: {'.'.join(map(str, each['loc'])) or 'file'}: {each['msg']}{_hint(each)}"
            for each in error.errors()
        ]
        raise WrongUseError("\n".join(problems)) from error


def _hint(problem: Any) -> str:  # noqa: ANN401 - a mapping of pydantic's own
    """Suggest the nearest field for one that does not exist."""
    if problem["type"] != "extra_forbidden":
        return ""
    fields = {*BuildConfig.model_fields, *Run.model_fields, *DocumentConfig.model_fields}
    return f". {nearest(str(problem['loc'][-1]), fields)}"


def _first_line(error: Exception) -> str:
    return str(getattr(error, "problem", None) or error).splitlines()[0]
