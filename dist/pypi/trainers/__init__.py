"""Tests with live objects, which tell later ones much by the environment."""

import os
from unittest import mock


def alone(test):
    """Leaves the environment as it is after a test, and keeps earlier arguments out of it."""
    kept = {key: it for key, it in os.environ.items() if not key.startswith(("ACCELERATE_", "FSDP_"))}
    environment = mock.patch.dict(os.environ, kept, clear=True)
    environment.start()
    test.addCleanup(environment.stop)
