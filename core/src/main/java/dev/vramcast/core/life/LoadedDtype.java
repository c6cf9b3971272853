package dev.vramcast.core.life;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.units.DataType;

/** The dtype in which a job loads the weights of its model. */
final class LoadedDtype {

  private LoadedDtype() {}

  static DataType of(Resolution resolution) {
    return resolution
        .value(JobKey.MODEL_DTYPE)
        .filter(value -> value.value() instanceof DataType)
        .map(value -> (DataType) value.value())
        .orElse(resolution.job().weightDtype());
  }
}
