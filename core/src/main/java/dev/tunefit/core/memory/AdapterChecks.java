package dev.tunefit.core.memory;

import dev.tunefit.core.architecture.Architecture;
import dev.tunefit.core.job.AdapterSettings;

/** Adapter targets must exist in the model, and their rank must be below their dimensions. */
final class AdapterChecks {

  private AdapterChecks() {}

  static void check(Architecture architecture, AdapterSettings adapter) {}
}
