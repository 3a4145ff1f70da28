"""The engine: runs parameterised notebooks to named results and renders documents from them.

It knows nothing of any study; the package that does may import it, never the reverse.
"""
