package dev.vramcast.core.job.rule;

import static dev.vramcast.core.job.rule.Rule.derived;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.Pipelining;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.SequenceScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.option.layer.PipelineSchedule;
import dev.vramcast.core.job.option.layer.StageRounding;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How GPUs are divided among the degrees of parallelism, and what does not add up. */
public final class ParallelRules {

  /** Their product over the dense part is the number of GPUs; experts are laid over them. */
  private static final List<JobKey> DEGREES =
      List.of(JobKey.SHARD, JobKey.REPLICATE, JobKey.TENSOR, JobKey.PIPELINE, JobKey.CONTEXT);

  static final Rule COUNT =
      derived("product of the degrees of parallelism", d -> product(d).intValueExact())
          .when(d -> DEGREES.stream().anyMatch(d::isSet) && product(d).bitLength() < 31)
          .or(
              derived("one in each of hardware.nodes", d -> d.whole(JobKey.NODES))
                  .when(ParallelRules::isOneEach));

  static final Rule STRATEGY =
      derived("parallelism.shard > 1", d -> Strategy.FSDP2)
          .when(d -> d.isSet(JobKey.SHARD) && d.whole(JobKey.SHARD) > 1)
          .or(
              derived("tensor parallelism takes all GPUs", d -> Strategy.NONE)
                  .when(ParallelRules::isTensorAlone))
          .or(
              derived("hardware.count > 1", d -> Strategy.DDP)
                  .when(d -> d.whole(JobKey.GPU_COUNT) > 1))
          .or(derived("one GPU", d -> Strategy.NONE));

  /**
   * accelerate/parallelism_config.py of 1.15: torch's context parallelism under FSDP, whose {@code
   * cp_comm_strategy} is to gather, and DeepSpeed's Ulysses under ZeRO; Megatron-core's {@code
   * cp_comm_type} is p2p.
   */
  static final Rule SCHEME =
      derived("Megatron-core's cp_comm_type", d -> SequenceScheme.RING)
          .when(d -> d.strategy() == Strategy.MEGATRON)
          .or(
              derived("accelerate's cp_comm_strategy", d -> SequenceScheme.ALLGATHER)
                  .when(d -> d.strategy().isFsdp()))
          .or(
              derived("DeepSpeed's sequence parallelism", d -> SequenceScheme.ULYSSES)
                  .when(d -> d.whole(JobKey.CONTEXT) > 1))
          .or(derived("sequences are whole", d -> SequenceScheme.ALLGATHER));

  /** Nodes of which nobody says how many GPUs are in them. */
  private static boolean isOneEach(PartialJob d) {
    return d.isSet(JobKey.NODES)
        && !d.isSet(JobKey.GPU_COUNT)
        && DEGREES.stream().noneMatch(d::isSet);
  }

  /** accelerate/accelerator.py prepare_model of 1.15 wraps nothing then. */
  private static boolean isTensorAlone(PartialJob d) {
    return d.isSet(JobKey.TENSOR)
        && d.whole(JobKey.TENSOR) > 1
        && d.whole(JobKey.TENSOR) == d.whole(JobKey.GPU_COUNT);
  }

  static final Rule SHARD =
      derived("all GPUs left by the other degrees", d -> left(d, JobKey.REPLICATE))
          .when(d -> shards(d.strategy()))
          .or(derived("the strategy does not shard", d -> 1));

  static final Rule REPLICATE =
      derived("all GPUs left by the other degrees", d -> left(d, JobKey.SHARD))
          .when(d -> d.strategy() == Strategy.DDP);

  private ParallelRules() {}

  /**
   * Whether each module of a layer gets a checkpoint where accelerate places them: until 1.14 under
   * FSDP2 (accelerate/utils/fsdp_utils.py fsdp2_apply_ac; its pull 4172).
   */
  public static boolean checkpointsParts(PartialJob d) {
    return d.yes(JobKey.FSDP_CHECKPOINTING)
        && d.strategy() == Strategy.FSDP2
        && !d.accelerateAtLeast(1, 15);
  }

  public static boolean shards(Strategy strategy) {
    return switch (strategy) {
      case NONE, DDP -> false;
      case FSDP1, FSDP2, ZERO1, ZERO2, ZERO3, MEGATRON -> true;
    };
  }

  /** Refuses what cannot run and warns of what has no effect. */
  public static void check(PartialJob d) {
    int gpus = d.whole(JobKey.GPU_COUNT);
    checkDegrees(d, gpus);
    mustDivide(d, JobKey.EXPERT, gpus, JobKey.GPU_COUNT);
    mustShare(d, gpus);
    if (isOneEach(d) && gpus > 1) {
      d.warn(
          Notice.of("one GPU is taken to be in each of ", gpus, " nodes; ")
              .and(JobKey.GPU_COUNT, " says how many there are in all"));
    }
    checkPipeline(d);
    checkLayers(d);
    ZeroRules.checkLoading(d);
    if (d.namesLayers() && !d.strategy().isFsdp()) {
      d.warnIgnored(JobKey.LAYER_CLASSES, JobKey.STRATEGY, d.strategy());
    }
    if (d.yes(JobKey.FSDP_CHECKPOINTING) && d.strategy() != Strategy.FSDP2) {
      d.warnIgnored(JobKey.FSDP_CHECKPOINTING, JobKey.STRATEGY, d.strategy());
    }
    if (d.yes(JobKey.SEQUENCE_PARALLEL) && d.whole(JobKey.TENSOR) == 1) {
      d.warnIgnored(JobKey.SEQUENCE_PARALLEL, JobKey.TENSOR, 1);
    }
  }

  /** The ways in which work is divided make as many GPUs as there are. */
  private static void checkDegrees(PartialJob d, int gpus) {
    Optional<Place> place = d.document().place(JobKey.GPU_COUNT, JobKey.SHARD, JobKey.STRATEGY);
    if (!shards(d.strategy()) && d.whole(JobKey.SHARD) > 1) {
      throw InputError.about(JobKey.SHARD)
          .kind(ErrorKind.CONTRADICTION)
          .at(place)
          .and(
              " ",
              d.whole(JobKey.SHARD),
              " needs a strategy that shards, ",
              JobKey.STRATEGY,
              " is ",
              d.strategy())
          .allowed("fsdp1, fsdp2, zero1, zero2, zero3, megatron")
          .refusal();
    }
    BigInteger product = BigInteger.ONE;
    for (JobKey way : DEGREES) {
      product = product.multiply(BigInteger.valueOf(d.whole(way)));
    }
    if (!product.equals(BigInteger.valueOf(gpus))) {
      String degrees =
          DEGREES.stream()
              .map(way -> last(way) + " " + d.whole(way))
              .collect(Collectors.joining(" x "));
      throw InputError.about(JobKey.GPU_COUNT)
          .at(place)
          .isSet(gpus)
          .but(degrees, " make ", product, " GPUs under strategy ", d.strategy())
          .allowed("degrees whose product is ", gpus)
          .refusal();
    }
  }

  private static void checkPipeline(PartialJob d) {
    if (d.whole(JobKey.VIRTUAL_PIPELINE) > 1 && d.whole(JobKey.PIPELINE) == 1) {
      d.warnIgnored(JobKey.VIRTUAL_PIPELINE, JobKey.PIPELINE, 1);
    }
    if (d.whole(JobKey.PIPELINE) == 1) {
      Stream.of(
              JobKey.LAYERS_PER_STAGE,
              JobKey.PIPELINE_SCHEDULE,
              JobKey.PIPELINE_MICRO_BATCHES,
              JobKey.STAGE_ROUNDING)
          .filter(d::isSet)
          .forEach(key -> d.warnIgnored(key, JobKey.PIPELINE, 1));
    } else {
      checkStages(d);
    }
  }

  private static void checkLayers(PartialJob d) {
    List<String> classes = d.listed(JobKey.LAYER_CLASSES, String.class);
    String list = Parallelism.LISTED_LAYERS.get(0);
    if (classes.size() > 1 && classes.contains(list)) {
      throw InputError.about(JobKey.LAYER_CLASSES)
          .kind(ErrorKind.CONTRADICTION)
          .at(d.document().place(JobKey.LAYER_CLASSES))
          .has(list)
          .and(", the model's own list, beside names of classes")
          .allowed(list, " alone, or names of classes")
          .refusal();
    }
  }

  /** Megatron's schedule follows from its stages; others round what one number makes. */
  private static void checkStages(PartialJob d) {
    if (d.strategy() == Strategy.MEGATRON) {
      Stream.of(JobKey.PIPELINE_SCHEDULE, JobKey.PIPELINE_MICRO_BATCHES, JobKey.STAGE_ROUNDING)
          .filter(d::isSet)
          .forEach(key -> d.warnIgnored(key, JobKey.STRATEGY, d.strategy()));
    } else if (d.isSet(JobKey.LAYERS_PER_STAGE) && d.whole(JobKey.VIRTUAL_PIPELINE) > 1) {
      d.warnIgnored(JobKey.VIRTUAL_PIPELINE, JobKey.LAYERS_PER_STAGE, "set");
    }
  }

  /** More GPUs than a machine usually has, of which only who says it knows in how many they are. */
  public static boolean areMany(PartialJob d) {
    return d.whole(JobKey.GPU_COUNT) > Parallelism.USUAL_IN_A_MACHINE;
  }

  /** Whether somebody says in how many machines so many GPUs are. */
  public static boolean areManyPlaced(PartialJob d) {
    return areMany(d) && d.isSet(JobKey.NODES);
  }

  /** Who writes {@code 8xH200} and 16 nodes means 8 of each. */
  private static void mustShare(PartialJob d, int gpus) {
    long nodes = d.whole(JobKey.NODES);
    if (gpus % nodes != 0) {
      throw InputError.about(JobKey.NODES)
          .at(d.document().place(JobKey.NODES))
          .isSet(nodes)
          .allowed("a divisor of ", JobKey.GPU_COUNT, " ", gpus)
          .hint(
              JobKey.GPU_COUNT,
              " is that of all nodes together: " + gpus + " in each of them are ",
              JobKey.GPU_COUNT,
              " " + nodes * gpus)
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
  }

  private static void mustDivide(PartialJob d, JobKey key, int total, JobKey whole) {
    if (total % d.whole(key) != 0) {
      throw InputError.about(key)
          .at(d.document().place(key))
          .isSet(d.whole(key))
          .allowed("a divisor of ", whole, " ", total)
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
  }

  /** GPUs divided by all degrees but the one that is asked for and the one that is open too. */
  private static int left(PartialJob d, JobKey otherDataWay) {
    BigInteger taken = BigInteger.ONE;
    for (JobKey way : List.of(otherDataWay, JobKey.TENSOR, JobKey.PIPELINE, JobKey.CONTEXT)) {
      // The other data-parallel way is 1 unless the user set it.
      int degrees = way != otherDataWay || d.isSet(way) ? d.whole(way) : 1;
      taken = taken.multiply(BigInteger.valueOf(degrees));
    }
    return BigInteger.valueOf(d.whole(JobKey.GPU_COUNT))
        .divide(taken)
        .max(BigInteger.ONE)
        .intValueExact();
  }

  private static BigInteger product(PartialJob d) {
    return DEGREES.stream()
        .filter(d::isSet)
        .map(way -> BigInteger.valueOf(d.whole(way)))
        .reduce(BigInteger.ONE, BigInteger::multiply);
  }

  private static String last(JobKey key) {
    return key.path().substring(key.path().lastIndexOf('.') + 1);
  }

  /** What is said of PyTorch's pipelines. */
  public static Pipelining pipelining(PartialJob d) {
    return new Pipelining(
        d.find(JobKey.PIPELINE_SCHEDULE, PipelineSchedule.class),
        d.find(JobKey.PIPELINE_MICRO_BATCHES, Integer.class).stream().mapToInt(n -> n).findFirst(),
        d.find(JobKey.STAGE_ROUNDING, StageRounding.class).orElse(StageRounding.NONE));
  }
}
