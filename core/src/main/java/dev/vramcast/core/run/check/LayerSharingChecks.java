package dev.vramcast.core.run.check;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.LayerExtras;
import dev.vramcast.core.architecture.mixer.DistanceTable;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.option.layer.CheckpointPlacement;
import dev.vramcast.core.units.DataType;
import java.util.Optional;
import java.util.Set;

/**
 * What models are not trained with whose layers share rows for distances that are made in front of
 * them, or run again by the same weights.
 */
final class LayerSharingChecks {

  /** Layers that are gathered for each use. */
  private static final Set<Strategy> SHARDED =
      Set.of(Strategy.FSDP1, Strategy.FSDP2, Strategy.ZERO3);

  private LayerSharingChecks() {}

  /**
   * Whether the model's own code runs, on whole layers and sequences.
   *
   * @throws dev.vramcast.core.input.UnsupportedJobException for what nobody has described
   */
  static void checkModelled(Architecture architecture, ResolvedJob job) {
    boolean again = architecture.extras().passes() > 1;
    checkPlacement(architecture, job);
    checkParts(architecture, job);
    long most = architecture.extras().seesAll();
    if (most > 0 && job.batch().sequenceLength() > most) {
      throw of(architecture, Gap.value(JobKey.SEQUENCE_LENGTH, job.batch().sequenceLength()));
    }
    if (architecture.extras().distances().isEmpty() && !again) {
      return;
    }
    Strategy strategy = job.parallelism().strategy();
    if (again && SHARDED.contains(strategy)) {
      throw of(architecture, Gap.value(JobKey.STRATEGY, strategy));
    }
    if (again && job.method() == Method.FREEZE) {
      throw of(architecture, Gap.value(JobKey.METHOD, job.method()));
    }
    if (job.frameworkCode().hasOwnModels()) {
      throw of(architecture, Gap.about(JobKey.FRAMEWORK_NAME));
    }
    if (job.parallelism().tensor() > 1) {
      throw of(architecture, Gap.value(JobKey.TENSOR, job.parallelism().tensor()));
    }
    if (job.parallelism().context() > 1) {
      throw of(architecture, Gap.value(JobKey.CONTEXT, job.parallelism().context()));
    }
    if (job.parallelism().pipeline() > 1) {
      throw of(architecture, Gap.value(JobKey.PIPELINE, job.parallelism().pipeline()));
    }
    if (job.batch().packsDocuments()) {
      throw of(architecture, Gap.about(JobKey.SEGMENTS));
    }
  }

  /**
   * The rows are normalised once, before all layers, and layers get them by name: a reentrant
   * checkpoint runs backwards through that norm, which the next one then finds gone
   * (transformers/modeling_layers.py GradientCheckpointingLayer).
   */
  static void check(Architecture architecture, ResolvedJob job) {
    checkCheckpoints(architecture, job);
    checkStages(job);
    Optional<DistanceTable> rows = architecture.extras().distances();
    if (rows.filter(DistanceTable::isBare).isPresent()) {
      checkWide(architecture, job);
    }
    boolean trained = job.adapter().isEmpty();
    if (rows.flatMap(DistanceTable::norm).isPresent() && trained && job.reentrantCheckpoints()) {
      throw InputError.about(JobKey.CHECKPOINTING_REENTRANT)
          .isSet(true)
          .but(
              "layers of a ",
              architecture.modelType(),
              " model share a norm in front of them, through which autograd goes once")
          .allowed(false)
          .refusal();
    }
  }

  /**
   * Queries are in fp32 by their bias, whatever the weights are: products of them and of keys in 16
   * bits are refused by PyTorch, and so is the least number of fp32 in scores that autocast has
   * made narrow (run with Transformers 4.57.6 and 5.24: "cannot be converted to type c10::BFloat16
   * without overflow").
   */
  private static void checkWide(Architecture architecture, ResolvedJob job) {
    if (!job.quantization().isNone()) {
      throw of(architecture, Gap.about(JobKey.QUANTIZATION_SCHEME));
    }
    boolean narrow = job.precision() != Precision.FP32;
    if (!narrow && job.weightDtype() == DataType.FP32) {
      return;
    }
    InputError error = InputError.about(narrow ? JobKey.PRECISION : JobKey.MODEL_DTYPE);
    throw (narrow ? error.isSet(job.precision()) : error.isSet(job.weightDtype()))
        .but(
            "queries of a ",
            architecture.modelType(),
            " model are in fp32, which its keys and scores in fewer bits do not meet")
        .allowed(Precision.FP32)
        .refusal();
  }

  /** Which layers are checkpointed is one framework's word or another's. */
  private static void checkPlacement(Architecture architecture, ResolvedJob job) {
    CheckpointPlacement placed = job.checkpointPlacement();
    if (placed.isAll()) {
      return;
    }
    if (job.parallelism().strategy() != Strategy.MEGATRON) {
      checkEvery(architecture, placed, job);
    } else if (placed.every() > 1) {
      throw Gap.value(JobKey.CHECKPOINTING_EVERY, placed.every())
          .modelled(JobKey.CHECKPOINTING_LAYERS, " or ", JobKey.CHECKPOINTING_GROUP)
          .refusal();
    }
  }

  /** The key of Megatron's that is set. */
  private static JobKey ofStages(CheckpointPlacement placed) {
    return placed.first().isPresent() ? JobKey.CHECKPOINTING_LAYERS : JobKey.CHECKPOINTING_GROUP;
  }

  /** megatron/core/transformer/transformer_config.py: recompute_method is of full recomputation. */
  private static void checkStages(ResolvedJob job) {
    CheckpointPlacement placed = job.checkpointPlacement();
    Checkpointing kind = job.checkpointing();
    boolean some = placed.first().isPresent() || placed.together() > 1;
    if (!some || job.parallelism().strategy() != Strategy.MEGATRON) {
      return;
    }
    if (placed.first().isPresent() && placed.together() > 1) {
      throw InputError.about(JobKey.CHECKPOINTING_GROUP)
          .isSet(placed.together())
          .but(JobKey.CHECKPOINTING_LAYERS, " is set: recompute_method is one of the two")
          .kind(ErrorKind.CONTRADICTION)
          .allowed(1)
          .refusal();
    }
    if (kind != Checkpointing.FULL) {
      throw InputError.about(ofStages(placed))
          .isSet(placed.first().orElse(placed.together()))
          .but(JobKey.CHECKPOINTING, " is ", kind)
          .kind(ErrorKind.CONTRADICTION)
          .hint("recompute_method is of full recomputation")
          .refusal();
    }
  }

  /**
   * Layers of towers and encoders are counted before those of the decoder, whose numbers they
   * shift.
   */
  private static void checkEvery(
      Architecture architecture, CheckpointPlacement placed, ResolvedJob job) {
    if (placed.every() == 1) {
      throw Gap.about(ofStages(placed))
          .and(" outside Megatron")
          .modelled(JobKey.CHECKPOINTING_EVERY)
          .refusal();
    }
    boolean others = !architecture.towers().isEmpty() || architecture.extras().passes() > 1;
    if (others || job.frameworkCode().is(LayerCode.CHECKPOINTS_PARTS)) {
      throw of(architecture, Gap.value(JobKey.CHECKPOINTING_EVERY, placed.every()));
    }
  }

  private static boolean hasOwnOrder(DecoderLayer layer) {
    boolean wide =
        layer.wiring() == DecoderLayer.Wiring.NORMED || layer.wiring() == DecoderLayer.Wiring.WIDE;
    LayerExtras extras = layer.extras();
    return wide || extras.hyper().isPresent() || extras.altUp().isPresent();
  }

  /** Layers whose modules are called in an order of their own. */
  private static void checkParts(Architecture architecture, ResolvedJob job) {
    boolean parts =
        job.parallelism().checkpointsParts() && job.checkpointing() == Checkpointing.FULL;
    if (parts && architecture.hasLayer(LayerSharingChecks::hasOwnOrder)) {
      throw of(architecture, Gap.about(JobKey.FSDP_CHECKPOINTING));
    }
  }

  /** transformers/modeling_utils.py gradient_checkpointing_enable. */
  private static void checkCheckpoints(Architecture architecture, ResolvedJob job) {
    if (!architecture.takesCheckpoints() && job.checkpointing() != Checkpointing.NONE) {
      throw InputError.about(JobKey.CHECKPOINTING)
          .isSet(job.checkpointing())
          .and(", which the code of a ", architecture.modelType(), " model does not support")
          .kind(ErrorKind.CONTRADICTION)
          .allowed(Checkpointing.NONE)
          .refusal();
    }
  }

  private static RuntimeException of(Architecture architecture, Gap gap) {
    return gap.and(" of a ", architecture.modelType()).refusal();
  }
}
