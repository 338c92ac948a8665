"""The studies, a folder each; `core.study` is the registry."""
