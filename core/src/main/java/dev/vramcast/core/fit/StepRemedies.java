package dev.vramcast.core.fit;

import static dev.vramcast.core.fit.KernelRemedies.settings;

import dev.vramcast.core.fit.Change.Drawback;
import dev.vramcast.core.job.Batch;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.Strategy;
import java.util.ArrayList;
import java.util.List;

/** The same result in more time: work done again, later, elsewhere, or in smaller pieces. */
final class StepRemedies {

  /** Tokens of a piece: as many as large models have features, of which weights are quadratic. */
  private static final int TILE = 4096;

  private StepRemedies() {}

  /** Whole copies become shards, where the framework has such, and partial sharding whole. */
  static List<Change> sharding(FitCheck job) {
    Parallelism degrees = settings(job).parallelism();
    if (degrees.gpus() == 1) {
      return List.of();
    }
    return switch (degrees.strategy()) {
      case NONE, DDP ->
          CardRemedies.dividing(job).map(to -> strategy(job, degrees.strategy(), to)).stream()
              .toList();
      case ZERO1, ZERO2 -> List.of(strategy(job, degrees.strategy(), Strategy.ZERO3));
      case FSDP1, FSDP2 -> resharding(job, degrees);
      case ZERO3, MEGATRON -> List.of();
    };
  }

  private static Change strategy(FitCheck job, Strategy from, Strategy to) {
    return new Change(
        from.label() + " to " + to.label(),
        Drawback.TIME,
        "parameters travel in every step",
        Edit.of(job).set(JobKey.STRATEGY, to).done());
  }

  private static List<Change> resharding(FitCheck job, Parallelism degrees) {
    if (degrees.reshardAfterForward()) {
      return List.of();
    }
    return List.of(
        new Change(
            "reshard after the forward pass",
            Drawback.TIME,
            "parameters are gathered twice in a step",
            Edit.of(job).set(JobKey.RESHARD_AFTER_FORWARD, true).done()));
  }

  /**
   * Ranks that have a part of the parameters take a part of each sequence too; those that have all
   * of them a part of both.
   */
  static List<Change> sharedSequences(FitCheck job) {
    Parallelism degrees = settings(job).parallelism();
    return switch (degrees.strategy()) {
      case FSDP2, ZERO1, ZERO2, ZERO3 ->
          shared(job, degrees.strategy(), degrees.context(), degrees.shards());
      case DDP ->
          CardRemedies.dividing(job)
              .filter(to -> to != Strategy.FSDP1)
              .map(to -> shared(job, to, degrees.context(), degrees.gpus() / degrees.context()))
              .orElse(List.of());
      case NONE, FSDP1, MEGATRON -> List.of();
    };
  }

  /**
   * Each power of two.
   *
   * @param now GPUs that share a sequence
   * @param shards parts of the parameters then
   */
  private static List<Change> shared(FitCheck job, Strategy strategy, int now, int shards) {
    boolean stays = settings(job).parallelism().strategy() == strategy;
    List<Change> changes = new ArrayList<>();
    for (int ranks = 2 * now; shards % ranks == 0; ranks *= 2) {
      Edit edit = Edit.of(job).set(JobKey.CONTEXT, ranks).set(JobKey.SHARD, shards / ranks);
      changes.add(
          new Change(
              "each sequence on " + ranks + " GPUs" + (stays ? "" : ", " + strategy.label()),
              Drawback.TIME,
              "fewer sequences at a time",
              (stays ? edit : edit.set(JobKey.STRATEGY, strategy)).done()));
    }
    return changes;
  }

  static List<Change> checkpointing(FitCheck job) {
    Checkpointing now = settings(job).checkpointing();
    if (now == Checkpointing.FULL || now == Checkpointing.OFFLOADED) {
      return List.of();
    }
    return List.of(
        new Change(
            "checkpointing " + now.label() + " to full" + (turns(job) ? ", reentrant" : ""),
            Drawback.TIME,
            "layers run forward twice",
            checkpoints(job, Checkpointing.FULL)));
  }

  private static JobDocument checkpoints(FitCheck job, Checkpointing how) {
    Edit edit = Edit.of(job).set(JobKey.CHECKPOINTING, how);
    return turns(job) ? edit.set(JobKey.CHECKPOINTING_REENTRANT, true).done() : edit.done();
  }

  /** Whether checkpoints become reentrant, as TransformerEngine's linears take no others. */
  private static boolean turns(FitCheck job) {
    ResolvedJob now = settings(job);
    return now.linears().areEngines()
        && !now.reentrant()
        && !job.document().has(JobKey.CHECKPOINTING_REENTRANT);
  }

  /** MLPs run on pieces of each sequence, where the framework has a setting for it. */
  static List<Change> tiledMlp(FitCheck job) {
    ResolvedJob now = settings(job);
    if (now.mlpTiles().isPresent() || !now.frameworkCode().get(LayerCode.TILED_MLP).isSetting()) {
      return List.of();
    }
    long tokens = now.batch().sequenceLength() / now.parallelism().context();
    int tiles = (int) Math.max(1, tokens / TILE);
    return List.of(
        new Change(
            "MLPs on " + tiles + " pieces of each sequence",
            Drawback.TIME,
            "MLPs run forward once more",
            Edit.of(job).set(JobKey.TILED_MLP, true).set(JobKey.MLP_TILES, tiles).done()));
  }

  /** Halves, with as much more accumulation, so that a step sees as many sequences. */
  static List<Change> microBatch(FitCheck job) {
    Batch batch = settings(job).batch();
    List<Change> changes = new ArrayList<>();
    for (int factor = 2; batch.microBatch() % factor == 0; factor *= 2) {
      int smaller = batch.microBatch() / factor;
      long more = (long) batch.gradAccum() * factor;
      if (JobKey.GRAD_ACCUM.kind().read(more).isEmpty()) {
        break;
      }
      changes.add(
          new Change(
              "micro-batch "
                  + batch.microBatch()
                  + " to "
                  + smaller
                  + ", accumulation "
                  + batch.gradAccum()
                  + " to "
                  + more,
              Drawback.TIME,
              "smaller products, less speed",
              Edit.of(job).set(JobKey.MICRO_BATCH, smaller).set(JobKey.GRAD_ACCUM, more).done()));
    }
    return changes;
  }

  /** Gradients that FSDP2 adds up whole are shards where each micro-batch is a step. */
  static List<Change> oneMicroBatch(FitCheck job) {
    ResolvedJob now = settings(job);
    int accumulated = now.batch().gradAccum();
    boolean whole =
        now.parallelism().strategy() == Strategy.FSDP2
            && accumulated > 1
            && !now.frameworkCode().is(SpreadCode.REDUCES_EACH);
    return whole
        ? List.of(
            new Change(
                "accumulation " + accumulated + " to 1",
                Drawback.PRECISION,
                "a step sees 1/" + accumulated + " of the sequences",
                Edit.of(job).set(JobKey.GRAD_ACCUM, 1).done()))
        : List.of();
  }

  static List<Change> offloadedCheckpoints(FitCheck job) {
    Checkpointing now = settings(job).checkpointing();
    if (now == Checkpointing.OFFLOADED) {
      return List.of();
    }
    return List.of(
        new Change(
            "layer inputs in host memory",
            Drawback.TIME,
            now == Checkpointing.FULL
                ? "they cross the bus twice"
                : "forward twice, inputs cross the bus",
            checkpoints(job, Checkpointing.OFFLOADED)));
  }

  /** DeepSpeed can keep the optimizer's states alone on the host, FSDP all that is sharded. */
  static List<Change> offloadedStates(FitCheck job) {
    Parallelism degrees = settings(job).parallelism();
    if (!degrees.offload().isEmpty()) {
      return List.of();
    }
    List<List<OffloadTarget>> choices =
        switch (degrees.strategy()) {
          case FSDP1, FSDP2 -> List.of(List.of(OffloadTarget.PARAMETERS));
          case ZERO1, ZERO2 -> List.of(List.of(OffloadTarget.OPTIMIZER));
          case ZERO3 ->
              List.of(
                  List.of(OffloadTarget.OPTIMIZER),
                  List.of(OffloadTarget.OPTIMIZER, OffloadTarget.PARAMETERS));
          case NONE, DDP, MEGATRON -> List.of();
        };
    return choices.stream().map(targets -> offload(job, targets)).toList();
  }

  private static Change offload(FitCheck job, List<OffloadTarget> targets) {
    List<String> names = targets.stream().map(OffloadTarget::label).toList();
    return new Change(
        String.join(" and ", names) + " in host memory",
        Drawback.TIME,
        "the step waits for bus and CPU",
        Edit.of(job).set(JobKey.OFFLOAD, targets).done());
  }
}
