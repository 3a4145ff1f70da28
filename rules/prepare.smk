# Data files of the world to tidy data. How files are read: config/mappings.yaml, for `public` smq/worlds/public.py.

from pathlib import Path

from smq.mappings import DEMO, confidential_files, data_files

MAPPINGS = "config/mappings.yaml"
TIDY = [
    "panel.parquet",
    "spells.csv",
    "units.csv",
    "organisations.csv",
    "differences.csv",
    "agreement.csv",
    "dropped.csv",
    "totals.csv",
    "sources.csv",
    "missing_values.csv",
    "ratings.csv",
    "truth_effects.csv",
    "unknown_codes.csv",
]
# No input of Snakemake's, which would note its plain checksum; digests with a key stand in.
CHALLENGED = "challenged.csv"
LISTED = confidential_files(build.data, Path(MAPPINGS))


rule prepare:
    input:
        data_files(build.data, Path(MAPPINGS)),
        build.fetched(),
        build.modules_of("smq.worlds.prepare"),
        "config/study.yaml",
        ["config/simulation.yaml"] if build.data == DEMO else [],
        "config/organisations.yaml",
        "config/sources.yaml",
        "data/reference/smq_spells.csv",
        "data/reference/public_names.csv",
        build.lock,
    output:
        [str(build.layout.tidy / name) for name in [*TIDY, CHALLENGED]],
        note=str(build.layout.tidy_note),
    params:
        files=lambda wildcards, output: [name for name in output if name != output.note],
        listed=LISTED,
        digests=build.digests(LISTED),
        data=build.data,
        world=build.world,
        mappings=MAPPINGS,
        out=str(build.layout.tidy),
        python=sys.executable,
    message:
        "prepare {params.world}"
    shell:
        "{params.python:q} -m smq.worlds.prepare --world {params.world} --data {params.data:q} --out {params.out:q}"
        " --mappings {params.mappings:q}"
        " && {COMMAND} seal {output.note:q} {params.files:q} --of {input:q} {params.listed:q}"
        " --confidential {params.out:q}/{CHALLENGED} {params.listed:q}"
