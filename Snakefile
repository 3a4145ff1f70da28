"""From data to documents. Stages, each reading only what the one before wrote:

    data ─ prepare → data/tidy ─ analyse → results, figures ─ stage → report/_results
         ─ render → results/<world>/_documents ─ publish → dist

    snakemake                              the demo world
    snakemake --config data=../our-data    the team's own files
"""

from snakemake.exceptions import WorkflowError

from press.errors import PressError
from press.workflow import COMMAND, planned


configfile: "config/config.yaml"


try:
    build = planned(config["data"])
except PressError as error:
    raise WorkflowError(str(error)) from None


wildcard_constraints:
    run="[a-z0-9_]+(/[a-z0-9_]+)?",
    document="[a-z0-9-]+",
    form="html|site|pdf",


rule all:
    input:
        build.notes(),


include: "rules/prepare.smk"
include: "rules/analyse.smk"
include: "rules/publish.smk"
