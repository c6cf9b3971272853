package dev.vramcast.formats.training.trainer;

import dev.vramcast.core.job.document.AsPublished;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.units.DataType;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Names of dtypes, as PyTorch and people write them. */
public final class Dtypes {

  /** accelerate/utils/dataclasses.py: PrecisionType. */
  private static final List<String> PRECISIONS = List.of("no", "fp16", "bf16", "fp8");

  private static final List<String> AXOLOTLS = List.of("auto", "full");

  /** accelerate/utils/dataclasses.py: FP8BackendType. */
  private static final List<String> BACKENDS = List.of("auto", "ao", "te", "msamp");

  private Dtypes() {}

  /** The dtype; nothing for {@code auto}, which takes that of the checkpoint. */
  public static Optional<DataType> of(Setting setting) {
    String name = setting.word();
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "float32", "fp32", "float", "32-true", "32" -> Optional.of(DataType.FP32);
      case "bfloat16", "bf16" -> Optional.of(DataType.BF16);
      case "float16", "fp16", "half" -> Optional.of(DataType.FP16);
      case "auto" -> Optional.empty();
      default -> throw setting.unusable("float32, bfloat16, float16, auto");
    };
  }

  /** Takes the dtype that a model is loaded in, which is the checkpoint's for {@code auto}. */
  public static void read(JobBuilder job, Setting setting) {
    Optional<DataType> dtype = of(setting);
    if (dtype.isPresent()) {
      job.put(JobKey.MODEL_DTYPE, dtype.get(), setting);
    } else {
      job.put(JobKey.MODEL_DTYPE, AsPublished.DTYPE, setting);
    }
  }

  /** Takes the dtype that gradients are reduced in. */
  public static void reduces(JobBuilder job, String path) {
    job.get(path)
        .ifPresent(dtype -> job.put(JobKey.REDUCE_DTYPE, of(dtype).orElse(DataType.FP32), dtype));
  }

  /** Says of dtypes of an optimizer that they are counted as fp32, where they are others. */
  public static void countedInFp32(JobBuilder job, String... paths) {
    Stream.of(paths)
        .flatMap(path -> job.get(path).stream())
        .filter(dtype -> !dtype.word().matches("(?:torch\\.)?(?:fp32|float32)"))
        .forEach(
            dtype ->
                job.say(
                    FindingCode.NOT_COUNTED,
                    dtype,
                    dtype.key(),
                    " is ",
                    dtype.shown(),
                    ": fp32 is counted"));
  }

  /**
   * Linears in 8 bits, and everything else under an autocast to bf16 (accelerate/accelerator.py:
   * "We always enable native_amp for FP8").
   *
   * @param why the setting that asks for it
   * @param backend whose code does it, where that is said
   */
  public static void float8(JobBuilder job, Setting why, Optional<Setting> backend) {
    if (!job.has(JobKey.PRECISION)) {
      job.put(JobKey.PRECISION, Precision.BF16_MIXED, why);
    }
    job.put(JobKey.TRAINING_SCHEME, "fp8", why);
    backend.ifPresent(
        word ->
            implementation(word)
                .ifPresent(name -> job.put(JobKey.TRAINING_IMPLEMENTATION, name, word)));
  }

  /**
   * As accelerate's launcher is told ({@code mixed_precision}, {@code fp8_backend}). A Trainer's
   * own bf16 or fp16 stands over it (transformers/training_args.py {@code
   * ACCELERATE_MIXED_PRECISION}), and TRL's bf16 is on where nobody says
   * (trl/trainer/base_config.py, since 0.19).
   */
  static void launched(JobBuilder job, Setting mixed, Optional<Setting> backend) {
    // YAML takes a bare no for false.
    String word = mixed.word().equals("false") ? "no" : mixed.word();
    if (!PRECISIONS.contains(word)) {
      throw mixed.unusable(String.join(", ", PRECISIONS), word, Set.copyOf(PRECISIONS));
    }
    Optional<String> other = trainers(job).filter(own -> !own.startsWith(word));
    if (word.equals("no")) {
      return;
    }
    if (other.isPresent()) {
      job.say(
          FindingCode.IGNORED_KEY,
          mixed,
          "%s %s does nothing: the Trainer runs %s, which stands over what accelerate is told"
              .formatted(mixed.key(), word, other.get()));
      return;
    }
    switch (word) {
      case "bf16" -> job.put(JobKey.PRECISION, Precision.BF16_MIXED, mixed);
      case "fp16" -> job.put(JobKey.PRECISION, Precision.FP16_MIXED, mixed);
      default -> float8(job, mixed, backend);
    }
  }

  /** The precision that the Trainer's arguments ask for; empty where they leave it. */
  private static Optional<String> trainers(JobBuilder job) {
    if (isOn(job, "fp16")) {
      return Optional.of("fp16");
    }
    boolean on = isOn(job, "bf16");
    boolean byDefault =
        job.is(JobKey.FRAMEWORK_NAME, "trl") && !job.isBefore(0, 19) && job.get("bf16").isEmpty();
    return on || byDefault ? Optional.of(on ? "bf16" : "bf16, TRL's default") : Optional.empty();
  }

  /** Axolotl has words beside true and false (utils/schemas/config.py, bf16). */
  private static boolean isOn(JobBuilder job, String key) {
    return job.get(key).filter(value -> AXOLOTLS.contains(value.word())).isPresent()
        || job.isOn(key);
  }

  /** Empty where whose code runs is found out at the start ({@code auto}). */
  private static Optional<String> implementation(Setting backend) {
    return switch (backend.word()) {
      case "ao", "torchao" -> Optional.of("torchao");
      case "te", "transformer_engine", "transformer-engine" -> Optional.of("transformer-engine");
      case "msamp", "ms-amp" -> Optional.of("ms-amp");
      case "auto" -> Optional.empty();
      default ->
          throw backend.unusable(String.join(", ", BACKENDS), backend.word(), Set.copyOf(BACKENDS));
    };
  }
}
