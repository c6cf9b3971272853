"""Measures what a fine-tuning job needs, by running the job."""
