"""One module per tool, each with a `TOOL` that says how a job is mapped to its options."""
