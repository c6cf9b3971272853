package dev.vramcast.core.fit;

import java.util.List;

/** A way to save memory, as it applies to one job. */
interface Remedy {

  /** The changes, from the mildest to the strongest; none where the job has no use for them. */
  List<Change> of(FitCheck job);
}
