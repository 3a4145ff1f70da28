"""The publishing engine: documents from prose and named results, as HTML and as PDF.

`sources` reads the prose, `assemble` stages the results that it quotes, `html` and `pdf` write the two forms.
Both go through pandoc and the one Lua filter in `report/_extensions/press`, which Quarto uses as well.
"""
