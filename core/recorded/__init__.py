"""Networks that somebody else's script trained: what was recorded of them, as a file that is checked before it is read.

`python -m core open FILE` and the Complexity page take such a file; `core.record.Recorder` writes one.
"""
