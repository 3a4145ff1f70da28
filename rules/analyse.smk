# Tidy data to named results: each run of config/runs.yaml is one notebook, executed by the engine.


rule analyse:
    input:
        lambda wildcards: build.run_inputs(wildcards.run),
    output:
        **{
            name: directory(path) if name == "figures" else path
            for name, path in build.run_outputs("{run}").items()
        },
    params:
        data=build.data,
        values=lambda wildcards: build.run_parameters(wildcards.run),
    message:
        "run {wildcards.run}"
    shell:
        "{COMMAND} run {wildcards.run} --data {params.data:q}"
