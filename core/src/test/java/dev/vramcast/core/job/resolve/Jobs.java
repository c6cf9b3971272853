package dev.vramcast.core.job.resolve;

import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.framework.Frameworks;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.ParallelRules;
import dev.vramcast.core.job.value.ValueKind;
import dev.vramcast.core.job.value.VersionText;
import java.util.List;
import java.util.Random;

/** Documents for tests. */
public final class Jobs {

  private Jobs() {}

  /** A document from text such as {@code --framework trl --sequence-length 512}. */
  public static JobDocument of(String flags) {
    return with(JobDocument.empty(), flags);
  }

  /** As {@link #of}, over what a document says. */
  public static JobDocument with(JobDocument below, String flags) {
    JobDocument document = below;
    String[] words = flags.isBlank() ? new String[0] : flags.strip().split("\\s+");
    for (int i = 0; i < words.length; i += 2) {
      String value = words[i + 1].equals("''") ? "" : words[i + 1];
      document = document.withFlag(JobKey.ofFlag(words[i]).orElseThrow(), value);
    }
    return document;
  }

  public static Resolution resolve(String flags) {
    return JobResolver.resolve(of(flags));
  }

  /** A document that resolves; which keys it has and what they hold is up to the random choices. */
  static JobDocument random(Random random) {
    JobDocument document =
        JobDocument.empty()
            .with(JobKey.SEQUENCE_LENGTH, 1 + random.nextInt(100_000), Place.of("random"))
            .with(
                JobKey.FRAMEWORK_NAME,
                pick(random, Frameworks.names().toArray()),
                Place.of("random"));
    document = withMethod(document, random);
    for (JobKey key : JobKey.values()) {
      if (isFree(key) && random.nextInt(3) == 0) {
        document = document.with(key, value(key, random), Place.of("random"));
      }
    }
    return withDegrees(withOneDeepspeed(document), random);
  }

  /** As a framework it is the library, whose version is stated once. */
  private static JobDocument withOneDeepspeed(JobDocument document) {
    return document.text(JobKey.FRAMEWORK_NAME).filter("deepspeed"::equals).isPresent()
        ? document.without(List.of(JobKey.DEEPSPEED_VERSION))
        : document;
  }

  private static boolean isFree(JobKey key) {
    boolean listOrText = key.kind() instanceof ValueKind.Words || key == JobKey.MODEL_CONFIG;
    return switch (key) {
      // Set where they fit together.
      case SEQUENCE_LENGTH, FRAMEWORK_NAME, METHOD, QUANTIZATION_SCHEME, OPTIMIZER_NAME -> false;
      case OPTIMIZER_IMPLEMENTATION -> false;
      case TRAINING_SCHEME, TRAINING_IMPLEMENTATION, TRAINING_RECIPE -> false;
      case STRATEGY, SHARD, REPLICATE, TENSOR, PIPELINE, CONTEXT, EXPERT, GPU_COUNT, NODES -> false;
      // Adapters have to be trained to be saved or merged, and weights alone need one of these.
      case SAVED_STATE, MERGE, WEIGHTS_ALONE -> false;
      // Under ZeRO-3 it contradicts a model that is made whole.
      case FIRST_RANK_LOADS -> false;
      // Whether they mean anything depends on the stage, or no figure is made of them.
      case ROLES, LAYERS_PER_STAGE, EXPERT_TENSOR, IMAGE_SIZE, FRAMEWORK_DATE -> false;
      case PIPELINE_SCHEDULE, PIPELINE_MICRO_BATCHES, STAGE_ROUNDING -> false;
      default -> !listOrText && !key.path().startsWith("objective.") && !isGeneration(key);
    };
  }

  private static boolean isGeneration(JobKey key) {
    return key.path().startsWith("generation.");
  }

  private static JobDocument withMethod(JobDocument document, Random random) {
    Method method = (Method) pick(random, (Object[]) Method.values());
    JobDocument with = document.with(JobKey.METHOD, method, Place.of("random"));
    if (method == Method.LORA || method == Method.DORA) {
      Object scheme = pick(random, (Object[]) QuantizationScheme.values());
      with = with.with(JobKey.QUANTIZATION_SCHEME, scheme, Place.of("random"));
    } else if (method == Method.FULL) {
      Object scheme = pick(random, JobKey.TRAINING_SCHEME.kind().words().toArray());
      with = with.with(JobKey.TRAINING_SCHEME, scheme, Place.of("random"));
    }
    return method == Method.GALORE ? with : withOptimizer(with, random);
  }

  private static JobDocument withOptimizer(JobDocument document, Random random) {
    OptimizerName name = (OptimizerName) pick(random, (Object[]) OptimizerName.values());
    JobDocument with = document.with(JobKey.OPTIMIZER_NAME, name, Place.of("random"));
    // That of PyTorch has a fused kernel since 2.13.
    boolean stated = name != OptimizerName.ADAGRAD && !name.implementations().isEmpty();
    return stated && random.nextInt(3) == 0
        ? with.with(
            JobKey.OPTIMIZER_IMPLEMENTATION,
            pick(random, name.implementations().toArray()),
            Place.of("random"))
        : with;
  }

  private static JobDocument withDegrees(JobDocument document, Random random) {
    Strategy strategy = (Strategy) pick(random, (Object[]) Strategy.values());
    JobKey way = ParallelRules.shards(strategy) ? JobKey.SHARD : JobKey.REPLICATE;
    JobDocument with = document.with(JobKey.STRATEGY, strategy, Place.of("random"));
    return strategy == Strategy.NONE
        ? with
        : with.with(way, 1 << random.nextInt(5), Place.of("random"))
            .with(JobKey.TENSOR, 1 << random.nextInt(4), Place.of("random"));
  }

  private static Object value(JobKey key, Random random) {
    if (key.kind() instanceof ValueKind.Whole) {
      int least = key == JobKey.MAX_SPLIT_SIZE ? 21 : key == JobKey.BLOCK_SIZE ? 2 : 1;
      return least + random.nextInt(64);
    }
    if (key.kind() instanceof ValueKind.Decimal decimal) {
      return (1 + random.nextInt(1_000)) / (decimal.most() <= 1 ? 1_000.0 : 1.0);
    }
    if (key.kind() instanceof ValueKind.YesOrNo) {
      return random.nextBoolean();
    }
    if (key.kind() instanceof VersionText || key == JobKey.FRAMEWORK_VERSION) {
      return random.nextInt(7) + "." + random.nextInt(60) + "." + random.nextInt(9);
    }
    if (key == JobKey.LENGTHS) {
      int least = 1 + random.nextInt(50);
      return random.nextBoolean()
          ? List.of(least, 7, 7)
          : "min=%d,p99.5=%d,max=1000".formatted(least, least + random.nextInt(50));
    }
    return key.kind().words().isEmpty() ? "text" : pick(random, key.kind().words().toArray());
  }

  private static Object pick(Random random, Object... options) {
    return options[random.nextInt(options.length)];
  }
}
