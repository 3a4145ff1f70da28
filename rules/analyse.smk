# Tidy data to named results: each run of config/runs.yaml is one notebook, executed by the engine.


rule analyse:
    input:
        lambda wildcards: build.run_inputs(wildcards.run),
    output:
        record=str(build.layout.record("{run}")),
        note=str(build.layout.run_note("{run}")),
    params:
        data=build.data,
        values=lambda wildcards: build.run_parameters(wildcards.run),
    message:
        "run {wildcards.run}"
    shell:
        "{COMMAND} run {wildcards.run} --data {params.data:q}"
