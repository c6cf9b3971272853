"""Runs other estimators on the cases in validation/ and writes docs/comparison.md."""
