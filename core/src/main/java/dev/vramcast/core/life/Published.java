package dev.vramcast.core.life;

import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.units.DataType;
import java.util.Map;
import java.util.Optional;

/** The weights of a model as the Hub has them. */
final class Published {

  private Published() {}

  /** The dtype in which a job loads them. */
  static DataType loaded(Resolution resolution) {
    return resolution
        .value(JobKey.MODEL_DTYPE)
        .filter(value -> value.value() instanceof DataType)
        .map(value -> (DataType) value.value())
        .orElse(resolution.job().weightDtype());
  }

  /** The dtype that its configuration states; nearly all are in bf16. */
  static DataType dtype(JobDocument document) {
    Map<String, Object> config = document.model().map(ModelConfig::values).orElse(Map.of());
    Object stated = Optional.ofNullable(config.get("dtype")).orElse(config.get("torch_dtype"));
    return switch (String.valueOf(stated)) {
      case "float32" -> DataType.FP32;
      case "float16" -> DataType.FP16;
      default -> DataType.BF16;
    };
  }
}
