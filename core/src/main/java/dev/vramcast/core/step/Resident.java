package dev.vramcast.core.step;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.SdpaCard;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.objective.Settings;
import dev.vramcast.core.module.LoadedModel;
import dev.vramcast.core.module.part.FinalStage;
import dev.vramcast.core.module.part.InputLeaf;
import dev.vramcast.core.module.part.Trainable;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.ResidentModel;
import dev.vramcast.core.shard.FlatPartition;
import dev.vramcast.core.shard.ModelSlice;
import dev.vramcast.core.shard.Sharding;
import dev.vramcast.core.shard.zero.gather.ModuleTrace;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model in memory, with what its code goes by and how its parameters are divided. */
record Resident(
    Architecture architecture, StepSettings settings, Sharding sharding, LoadedModel model) {

  /** Puts the parameters of a model onto the trace. */
  static Resident load(
      Graph graph,
      ResidentModel which,
      Architecture architecture,
      ResolvedJob job,
      SdpaCard sdpa,
      ModuleTrace calls) {
    ResolvedJob own = own(which, job).hearing(architecture);
    StepSettings settings = new StepSettings(own, architecture.traits(), sdpa);
    Sharding sharding = Shardings.of(graph, own, which.trains(), architecture, calls);
    Architecture running = architecture.running(own.batch().hasImages());
    LoadedModel model = LoadedModel.load(graph, running, settings, sharding);
    return new Resident(running, settings, sharding, model);
  }

  /**
   * Puts the parameters of a part of the model that is trained onto the trace.
   *
   * @param part its layers
   * @param sharding the part's own
   */
  static Resident part(
      Graph graph,
      Architecture part,
      ResolvedJob job,
      SdpaCard sdpa,
      LoadedModel.Ends ends,
      Sharding sharding) {
    StepSettings settings = new StepSettings(job, part.traits(), sdpa);
    return new Resident(
        part, settings, sharding, LoadedModel.load(graph, part, settings, sharding, ends));
  }

  private static ResolvedJob own(ResidentModel which, ResolvedJob job) {
    return switch (which) {
      case POLICY -> job;
      case REFERENCE -> job.reference();
      case TEACHER -> job.teacher();
      case VALUE -> job.valuing();
      case REWARD -> job.rewarding();
    };
  }

  /** The settings, from now on of this pass. */
  StepSettings run(Pass pass) {
    settings.running().set(pass);
    sharding.runsAdapters(pass.adapters());
    return settings;
  }

  /**
   * The embedding's output as a leaf that requires a gradient; null where it is none in this pass,
   * or another stage of a pipeline has the embedding.
   */
  @Nullable InputLeaf inputLeaf(Pass pass) {
    boolean needed =
        model.embeds()
            && pass.graph()
            && settings.job().inputsRequireGrad()
            && !settings.code().embedsSeparately()
            && !model.embedding().trains();
    return needed ? new InputLeaf() : null;
  }

  /** Whether the leaf stays the embedding's while the first layer's checkpoint is on the host. */
  boolean keepsInputLeaf(@Nullable InputLeaf leaf) {
    return leaf != null && settings.job().checkpointsOnHost();
  }

  /**
   * What the layers get of token ids, as this rank has it.
   *
   * @param leaf as of {@link #inputLeaf}
   */
  Tensor embedded(Graph graph, Tensor ids, @Nullable InputLeaf leaf) {
    return settings.sequenceSplit().scatter(graph, model.embedding().forward(graph, ids, leaf));
  }

  /**
   * As {@link #embedded(Graph, Tensor, InputLeaf)}.
   *
   * @param named gets what the model has other names for, which the caller releases
   */
  Tensor embedded(Graph graph, Tensor ids, @Nullable InputLeaf leaf, List<Tensor> named) {
    Tensor rows = model.embedding().forward(graph, ids, leaf, named);
    return settings.sequenceSplit().scatter(graph, rows);
  }

  /** What the head gets of what the layers gave, which is taken over: of all ranks' tokens. */
  Tensor ended(Graph graph, Tensor hidden) {
    FinalStage last = model.finalNorm();
    Tensor result = last == null ? hidden : graph.rebind(hidden, last.forward(graph, hidden));
    return settings.sequenceSplit().gather(graph, result);
  }

  /** What the optimizer updates. */
  List<Trainable> updated() {
    List<FlatPartition> partitions = sharding.partitions();
    return partitions.isEmpty()
        ? model.trainables()
        : partitions.stream().map(Trainable::of).toList();
  }

  /**
   * The structure of a model that a job has in memory.
   *
   * @param policy of the model that is trained, as one rank has it
   */
  static Architecture architecture(ResidentModel model, Architecture policy, ResolvedJob job) {
    return switch (model) {
      case POLICY, REFERENCE -> policy;
      case TEACHER ->
          slice(
              job.objective().distilled().flatMap(Settings.Teacher::architecture).orElseThrow(),
              job);
      case VALUE ->
          job.objective()
              .valuing()
              .flatMap(Settings.Companion::architecture)
              .map(own -> slice(own, job))
              .orElseGet(policy::scoring);
      case REWARD -> slice(job.objective().rewarding().get(0).architecture().orElseThrow(), job);
    };
  }

  private static Architecture slice(Architecture whole, ResolvedJob job) {
    return ModelSlice.of(
        whole, job.parallelism(), job.frameworkCode().is(LayerCode.WHOLE_EMBEDDING));
  }
}
