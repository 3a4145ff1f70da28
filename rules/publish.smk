# Named results to documents. A document is staged when a result it quotes changes, and rendered when that
# or its own text changes; all are published together, so that dist/ never holds half a build.


rule stage:
    input:
        lambda wildcards: build.quoted_records(wildcards.document),
    output:
        values=str(build.layout.staged("{document}") / "values.json"),
        note=str(build.layout.staged_note("{document}")),
    params:
        data=build.data,
        quoted=lambda wildcards: build.keys(wildcards.document),
    message:
        "stage {wildcards.document}"
    shell:
        "{COMMAND} stage {wildcards.document} --data {params.data:q}"


rule render:
    input:
        rules.stage.output,
        lambda wildcards: build.sources(wildcards.document),
    output:
        # The document itself, a file or for a site a folder, is known by its note.
        str(build.layout.rendered_note("{document}", "{form}")),
    params:
        data=build.data,
        report_date=str(build.config.build.report_date),
        template=lambda wildcards: build.config.document(wildcards.document).template,
    message:
        "render {wildcards.document} as {wildcards.form}"
    shell:
        "{COMMAND} render {wildcards.document} --to {wildcards.form} --data {params.data:q}"


rule publish:
    input:
        build.rendered_notes(),
    output:
        str(build.layout.published_note),
    params:
        data=build.data,
    message:
        "publish into {build.layout.dist}"
    shell:
        "{COMMAND} publish --data {params.data:q}"
