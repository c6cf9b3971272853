package dev.vramcast.validation;

import dev.vramcast.validation.cases.Case;
import dev.vramcast.validation.cases.Measured;
import dev.vramcast.validation.cases.MeasuredKind;
import dev.vramcast.validation.cases.Quality;
import dev.vramcast.validation.cases.SpeedScope;
import dev.vramcast.validation.cases.Status;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Cases for tests. */
public final class Cases {

  private static final Map<String, Object> TINY_LLAMA =
      Map.of(
          "model_type", "llama",
          "hidden_size", 256L,
          "intermediate_size", 512L,
          "num_hidden_layers", 2L,
          "num_attention_heads", 4L,
          "num_key_value_heads", 4L,
          "vocab_size", 1000L,
          "max_position_embeddings", 2048L,
          "tie_word_embeddings", false);

  private Cases() {}

  /** A job that can be estimated. */
  public static Map<String, Object> job() {
    return Map.of(
        "model", Map.of("config", TINY_LLAMA),
        "method", "lora",
        "batch", Map.of("sequence_length", 128L),
        "framework", Map.of("name", "peft"));
  }

  /** A run that needed {@code peak} bytes. */
  public static Case ran(String id, long peak, MeasuredKind kind, String notes) {
    return new Case(id, "lab/runs README", job(), measured(peak, kind, Status.OK), notes);
  }

  /** A run that did not fit {@code capacity} bytes. */
  public static Case outOfMemory(String id, long capacity) {
    Measured measured = measured(capacity, MeasuredKind.DEVICE, Status.OUT_OF_MEMORY);
    return new Case(id, "lab/runs README", job(), measured, "");
  }

  /** A run of some other job. */
  public static Case ofJob(String id, Map<String, Object> job) {
    return new Case(id, "lab/runs README", job, measured(5, MeasuredKind.ALLOCATED, Status.OK), "");
  }

  /** A run of which only the speed is known. */
  public static Case throughput(String id) {
    return throughput(id, Map.of("gpu", "H100", "count", 2L), SpeedScope.TOTAL, "");
  }

  /** A run at 1,000 tokens a second. */
  public static Case throughput(
      String id, Map<String, Object> hardware, SpeedScope scope, String notes) {
    Map<String, Object> job = new HashMap<>(job());
    job.put("hardware", hardware);
    Measured measured =
        new Measured(
            OptionalLong.empty(),
            MeasuredKind.UNSTATED,
            Status.OK,
            Quality.NEAR,
            Map.of(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            new Measured.Speed(OptionalDouble.of(1000), scope));
    return new Case(id, "lab/runs README", job, measured, notes);
  }

  /** What was measured. */
  public static Measured measured(long peak, MeasuredKind kind, Status status) {
    return new Measured(
        OptionalLong.of(peak),
        kind,
        status,
        Quality.NEAR,
        Map.of(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        Measured.Speed.NONE);
  }
}
