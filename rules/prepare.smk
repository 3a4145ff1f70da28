# Data files of the world to tidy data. How files are read: config/mappings.yaml.

from pathlib import Path

from smq.mappings import data_files

MAPPINGS = "config/mappings.yaml"


rule prepare:
    input:
        data_files(build.data, Path(MAPPINGS)),
        build.modules_of("smq.prepare"),
        "config/study.yaml",
        "data/reference/smq_spells.csv",
        build.lock,
    output:
        panel=str(build.layout.tidy / "panel.parquet"),
        spells=str(build.layout.tidy / "spells.csv"),
        unknown=str(build.layout.tidy / "unknown_codes.csv"),
        missing=str(build.layout.tidy / "missing_values.csv"),
        note=str(build.layout.tidy_note),
    params:
        data=build.data,
        world=build.world,
        mappings=MAPPINGS,
        out=str(build.layout.tidy),
        python=sys.executable,
    message:
        "prepare {params.world}"
    shell:
        "{params.python:q} -m smq.prepare --world {params.world} --data {params.data:q} --out {params.out:q}"
        " --mappings {params.mappings:q}"
        " && {COMMAND} seal {output.note:q} {output.panel:q} {output.spells:q} {output.unknown:q} {output.missing:q}"
        " --of {input:q}"
