package dev.vramcast.core.fit;

import static dev.vramcast.core.fit.KernelRemedies.settings;

import dev.vramcast.core.fit.Change.Drawback;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.Saving;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.code.SpreadCode.LoadPlace;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.GgufType;
import dev.vramcast.core.job.option.MergeDevice;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.SavedState;
import dev.vramcast.core.job.option.Strategy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Changes of how a run loads, saves, merges and exports, for machines with too little for it. */
final class LifeRemedies {

  /** Checkpoints that people keep where not all. */
  private static final int FEW = 2;

  private LifeRemedies() {}

  /** Where adapters are merged: in files where the framework can, on the card, on the host. */
  static List<Change> merge(FitCheck job) {
    MergeDevice own = settings(job).frameworkCode().get(SaveCode.MERGE);
    boolean files = own == MergeDevice.FILES || own == MergeDevice.FILE_BY_FILE;
    List<Change> changes = new ArrayList<>();
    saving(job)
        .merge()
        .ifPresent(
            now ->
                Stream.of(files ? own : MergeDevice.GPU, MergeDevice.GPU, MergeDevice.CPU)
                    .distinct()
                    .filter(to -> to != now)
                    .forEach(to -> changes.add(merge(job, to))));
    return changes;
  }

  private static Change merge(FitCheck job, MergeDevice to) {
    JobKey key = JobKey.MERGE_DEVICE;
    Edit edit = Edit.of(job);
    return switch (to) {
      case FILES, FILE_BY_FILE ->
          new Change(
              "adapters merged file by file",
              Drawback.NONE,
              "one weight at a time goes to the card",
              edit.without(key).done());
      case GPU ->
          new Change(
              "adapters merged on the card",
              Drawback.NONE,
              "the card has to hold the whole model",
              edit.set(key, to).done());
      case CPU ->
          new Change(
              "adapters merged in the machine's memory",
              Drawback.TIME,
              "CPUs multiply",
              edit.set(key, to).done());
    };
  }

  /**
   * One rank reads the weights, and the others get theirs from it; or each reads its own, which
   * takes less where files are mapped and others hold a model of zeros while they wait. Under
   * ZeRO-3 the one goes with {@code zero.Init}, and the other with a model that is whole.
   */
  static List<Change> firstRankLoads(FitCheck job) {
    Parallelism degrees = settings(job).parallelism();
    boolean spreads =
        switch (degrees.strategy()) {
          case FSDP1, FSDP2 -> degrees.gpus() > 1;
          case NONE, DDP, ZERO1, ZERO2, ZERO3, MEGATRON -> false;
        };
    boolean first = settings(job).loadPlace() == LoadPlace.FIRST_RANK;
    return spreads
        ? List.of(
            new Change(
                first ? "every rank loads the weights" : "the first rank alone loads the weights",
                Drawback.NONE,
                first ? "from files that they map" : "the others get their shards from it",
                Edit.of(job).set(JobKey.FIRST_RANK_LOADS, !first).done()))
        : List.of();
  }

  /**
   * Each rank has its share of a module as soon as that is made, for which a script has to read
   * DeepSpeed's configuration first ({@code HfDeepSpeedConfig} of transformers/integrations/
   * deepspeed.py).
   */
  static List<Change> madeDivided(FitCheck job) {
    Parallelism degrees = settings(job).parallelism();
    boolean helps =
        degrees.strategy() == Strategy.ZERO3
            && degrees.gpus() > 1
            && !degrees.madeDivided()
            && settings(job).quantization().isNone();
    return helps
        ? List.of(
            new Change(
                "the model is made under zero.Init",
                Drawback.NONE,
                "no rank ever has all of it; DeepSpeed's settings are read before it is made",
                Edit.of(job).set(JobKey.ZERO_INIT, true).done()))
        : List.of();
  }

  /** Every rank writes what it holds. */
  static List<Change> shardedSaving(FitCheck job) {
    Strategy strategy = settings(job).parallelism().strategy();
    boolean shards = strategy.isFsdp() || strategy == Strategy.ZERO3;
    return shards && saving(job).state() != SavedState.SHARDED
        ? List.of(
            new Change(
                "checkpoints in shards",
                Drawback.TIME,
                "they are put together before anybody loads them",
                Edit.of(job)
                    .set(JobKey.SAVED_STATE, SavedState.SHARDED)
                    .set(JobKey.SAVED_ON_GPU, false)
                    .done()))
        : List.of();
  }

  /** What is saved is gathered in the machine's memory. */
  static List<Change> gatheredOnHost(FitCheck job) {
    return saving(job).onGpu()
        ? List.of(
            new Change(
                "weights gathered in the machine's memory",
                Drawback.TIME,
                "they cross the bus before they are whole",
                Edit.of(job).set(JobKey.SAVED_ON_GPU, false).done()))
        : List.of();
  }

  /** What is offloaded stays on the card. */
  static List<Change> lessOffload(FitCheck job) {
    List<Change> changes = new ArrayList<>();
    List<OffloadTarget> away = List.copyOf(settings(job).parallelism().offload());
    if (away.contains(OffloadTarget.PARAMETERS) && away.contains(OffloadTarget.OPTIMIZER)) {
      changes.add(
          onCard("parameters", Edit.of(job).set(JobKey.OFFLOAD, List.of(OffloadTarget.OPTIMIZER))));
    }
    if (!away.isEmpty()) {
      changes.add(onCard("what is offloaded", Edit.of(job).set(JobKey.OFFLOAD, List.of())));
    }
    if (settings(job).checkpointing() == Checkpointing.OFFLOADED) {
      changes.add(
          onCard("layer inputs", Edit.of(job).set(JobKey.CHECKPOINTING, Checkpointing.FULL)));
    }
    unpaged(settings(job).optimizer().name())
        .forEach(
            name ->
                changes.add(
                    onCard("optimizer states", Edit.of(job).set(JobKey.OPTIMIZER_NAME, name))));
    return changes;
  }

  private static Change onCard(String what, Edit edit) {
    return new Change(
        what + " kept on the card", Drawback.NONE, "the card holds it all the time", edit.done());
  }

  private static Stream<OptimizerName> unpaged(OptimizerName name) {
    return name.isPaged()
        ? Stream.of(OptimizerName.values())
            .filter(other -> name.label().equals("paged-" + other.label()))
        : Stream.empty();
  }

  /** Fewer processes prepare data. */
  static List<Change> workers(FitCheck job) {
    int now = settings(job).machine().loaderWorkers();
    return Edit.halves(
        now,
        1,
        fewer ->
            new Change(
                "data loader workers " + now + " to " + fewer,
                Drawback.TIME,
                "steps may wait for data",
                Edit.of(job).set(JobKey.LOADER_WORKERS, fewer).done()));
  }

  /** Old checkpoints go when new ones are there. */
  static List<Change> fewerCheckpoints(FitCheck job) {
    SaveCode.Kept now = saving(job).kept();
    return Stream.of(FEW, 1)
        .filter(fewer -> fewer < now.count())
        .map(
            fewer ->
                new Change(
                    (fewer == 1 ? "the last checkpoint alone is" : fewer + " checkpoints are")
                        + " kept",
                    Drawback.RECORD,
                    "older ones are deleted",
                    Edit.of(job).set(JobKey.SAVE_LIMIT, fewer).done()))
        .toList();
  }

  /** Checkpoints without the optimizer's states. */
  static List<Change> weightsAlone(FitCheck job) {
    return saving(job).states()
        ? List.of(
            new Change(
                "checkpoints without optimizer states",
                Drawback.RECORD,
                "no run goes on from them as it was",
                Edit.of(job).set(JobKey.SAVE_ONLY_MODEL, true).done()))
        : List.of();
  }

  /** Checkpoints when the run is over. */
  static List<Change> atTheEnd(FitCheck job) {
    boolean between =
        saving(job).interval() instanceof SaveCode.Steps
            || saving(job).interval() instanceof SaveCode.Epochs;
    return between
        ? List.of(
            new Change(
                "a checkpoint at the end alone",
                Drawback.RECORD,
                "nothing is left of a run that breaks off",
                Edit.of(job)
                    .without(JobKey.SAVE_INTERVAL)
                    .set(JobKey.SAVE_STRATEGY, SaveCode.Moment.END)
                    .done()))
        : List.of();
  }

  /** No file for llama.cpp, or one that needs none in 16 bits before it. */
  static List<Change> export(FitCheck job) {
    List<Change> changes = new ArrayList<>();
    saving(job)
        .gguf()
        .ifPresent(
            type -> {
              if (!type.isConverted()) {
                changes.add(
                    new Change(
                        "GGUF in " + GgufType.Q8_0.label(),
                        Drawback.RECORD,
                        "a larger file, which needs none in 16 bits before it",
                        Edit.of(job).set(JobKey.GGUF, GgufType.Q8_0).done()));
              }
              changes.add(withoutGguf(job));
            });
    return changes;
  }

  private static Change withoutGguf(FitCheck job) {
    Edit edit = Edit.of(job).without(JobKey.GGUF);
    return new Change(
        "no GGUF file",
        Drawback.RECORD,
        "another machine converts the weights",
        (saving(job).merge().isPresent() ? edit.set(JobKey.MERGE, true) : edit).done());
  }

  /** Adapters are left as they are. */
  static List<Change> unmerged(FitCheck job) {
    return saving(job).merge().isPresent()
        ? List.of(
            new Change(
                "adapters not merged here",
                Drawback.RECORD,
                "another machine merges them, or they are served beside the base",
                Edit.of(job)
                    .without(JobKey.GGUF)
                    .without(JobKey.MERGE_DEVICE)
                    .set(JobKey.MERGE, false)
                    .done()))
        : List.of();
  }

  /** Shards are left as they are. */
  static List<Change> unconsolidated(FitCheck job) {
    return saving(job).consolidator().isPresent()
        ? List.of(
            new Change(
                "shards not put together here",
                Drawback.RECORD,
                "another machine puts them together",
                Edit.of(job).set(JobKey.CONSOLIDATE, false).done()))
        : List.of();
  }

  private static Saving saving(FitCheck job) {
    return settings(job).saving();
  }
}
