package dev.vramcast.core.step;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.autograd.Contexts;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.SdpaCard;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.KeptOutputs;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.job.objective.Settings.Generation;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.module.CublasWorkspaces;
import dev.vramcast.core.module.part.Trainable;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.PassBatch;
import dev.vramcast.core.run.episode.ResidentModel;
import dev.vramcast.core.shard.zero.PartitionedModel;
import dev.vramcast.core.shard.zero.ZeroSettings;
import dev.vramcast.core.shard.zero.gather.ModuleTrace;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.StepTraces;
import dev.vramcast.core.units.DataType;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * Writes the episodes of a job on an architecture to an allocation trace, one behind the other. The
 * step is the second one, when the optimizer's states exist, and its micro-batch the last, when
 * gradients of the earlier ones exist.
 */
public final class EpisodeWriter implements Episode.Visitor {

  private static final Operation REWARDS =
      Operation.of("load_adapter", "llamafactory/train/trainer_utils.py create_reward_model");

  private final Architecture architecture;
  private final ResolvedJob job;
  private final OnCard card;
  private final GenerationMemory generated;
  private final Graph graph = new Graph();
  private final Map<ResidentModel, Resident> residents = new EnumMap<>(ResidentModel.class);

  private final TrainingWriter training;

  /** Which bytes are asked of the traces. */
  public enum Asked {
    /**
     * Allocated ones, of which some may be missing that layers written once hold in all of them:
     * what waits for a stream is as good as free.
     */
    LEAST,
    ALL
  }

  /**
   * What of a card decides what is allocated on it.
   *
   * @param workspaceBytes cuBLAS workspaces, which PyTorch takes from its allocator
   * @param engineBytes the workspace of TransformerEngine, which it takes there too
   * @param sdpa what SDPA asks of it
   * @param room what it leaves to PyTorch's allocator, where the job's code asks for it
   * @param engine what an engine that generates beside the policy takes of it
   */
  public record OnCard(
      long workspaceBytes,
      long engineBytes,
      SdpaCard sdpa,
      OptionalLong room,
      OptionalLong engine) {

    /** A card whose size is not known. */
    public static OnCard ofAnySize(long workspaceBytes, boolean prefersCudnn) {
      SdpaCard sdpa = SdpaCard.unknown(prefersCudnn);
      return new OnCard(workspaceBytes, 0, sdpa, OptionalLong.empty(), OptionalLong.empty());
    }
  }

  /** What was seen of each model's modules, where all has been written before. */
  private final Map<ResidentModel, ModuleTrace> calls;

  private EpisodeWriter(
      Architecture architecture,
      ResolvedJob job,
      OnCard card,
      Asked asked,
      Map<ResidentModel, ModuleTrace> calls) {
    this.architecture = architecture;
    this.job = job;
    this.card = card;
    this.generated = new GenerationMemory(graph, architecture, job, card.engine());
    this.calls = calls;
    this.training = new TrainingWriter(graph, job, residents, architecture.head(), this::inputs);
    graph.room(card.room());
    graph.waits(asked == Asked.ALL);
  }

  /**
   * The traces of a job's life on a card.
   *
   * @param card what of it decides what is allocated
   * @param asked which of the traces' bytes are read
   */
  public static StepTraces write(
      Architecture architecture,
      ResolvedJob job,
      List<Episode> episodes,
      OnCard card,
      Asked asked) {
    Map<ResidentModel, ModuleTrace> calls = new EnumMap<>(ResidentModel.class);
    List<Contexts.Held> held = List.of();
    if (PartitionedModel.gathers(job) || findsContexts(job)) {
      EpisodeWriter first = new EpisodeWriter(architecture, job, card, asked, calls);
      first.write(episodes);
      held = first.graph.contexts().all();
    }
    EpisodeWriter writer = new EpisodeWriter(architecture, job, card, asked, calls);
    writer.graph.contexts().seen(held);
    return writer.write(episodes);
  }

  /** Contexts of quantised products live with the graph, which outputs of the last step keep. */
  private static boolean findsContexts(ResolvedJob job) {
    return job.quantization().byBitsandbytes()
        && job.frameworkCode().get(LoopCode.OUTPUTS) == KeptOutputs.INTO_NEXT_STEP;
  }

  /** What of a job holds for all that autograd does in it. */
  static void follow(ResolvedJob job, Graph graph) {
    if (job.dropsNothing()) {
      graph.switchModulesOff();
    }
    if (!job.framework().torch().atLeast(2, 9)) {
      graph.follow(Node.Habit.WHOLE_SLICES);
    }
    if (ZeroSettings.replacesLinear(job)) {
      graph.follow(Node.Habit.LINEAR_INPUTS);
    }
  }

  private StepTraces write(List<Episode> episodes) {
    follow(job, graph);
    for (Episode episode : episodes) {
      graph.episode(episode);
      episode.accept(this);
    }
    return graph.finish();
  }

  /** cuBLAS takes its workspaces with the first product; they are written before all else. */
  @Override
  public void load(Episode.Load load) {
    graph.phase(Phase.LOAD);
    CublasWorkspaces.write(graph, card.workspaceBytes());
    CublasWorkspaces.writeEngines(graph, job.linears().areEngines() ? card.engineBytes() : 0);
    for (ResidentModel model : load.models()) {
      if (model.trains() && job.objective().generated().isPresent()) {
        graph.noting(() -> load(model));
      } else {
        load(model);
      }
    }
    if (generated.stays()) {
      generated.engine();
    }
  }

  private void load(ResidentModel model) {
    Architecture its = Resident.architecture(model, architecture, job);
    ModuleTrace seen = calls.computeIfAbsent(model, m -> new ModuleTrace());
    residents.put(model, Resident.load(graph, model, its, job, card.sdpa(), seen));
    if (model == ResidentModel.POLICY
        && job.frameworkCode().stages().valuesBesideWords(job.objective().stage())) {
      rewarding(resident(model));
    }
  }

  /**
   * The adapters of a reward model, beside as many of the policy's own: they are of one rank. A
   * server that scores has none here (llamafactory/train/trainer_utils.py create_reward_model).
   */
  private void rewarding(Resident policy) {
    if (job.adapter().isPresent() && !job.objective().isScoredElsewhere()) {
      for (Trainable each : policy.model().trainables()) {
        graph.repeat(
            each.copies(),
            () ->
                graph.allocate(
                    REWARDS, "reward adapter", Category.ADAPTERS, each.elements(), each.dtype()));
      }
    }
  }

  /**
   * transformers/generation/utils.py: the prompts go through the model at once and leave their keys
   * and values, which each token after them is put behind ({@code DynamicLayer.update} of
   * cache_utils.py, by {@code cat}). What an engine beside the policy holds is there as long as it
   * generates, or always where it does not sleep.
   */
  @Override
  public void generation(Episode.Generation generation) {
    if (generation.holdsStates()) {
      training.optimizers();
    }
    graph.phase(Phase.GENERATION);
    boolean leaves = generation.away().contains(OffloadTarget.PARAMETERS);
    if (leaves) {
      graph.leave();
    }
    if (generated.sleeps()) {
      graph.release(generated.engine());
    }
    if (leaves) {
      graph.comeBack();
    }
    Tensor gathered = generated.gathered();
    Tensor before = generated.keptLogits();
    for (Pass prompts : generation.prompts()) {
      Inputs inputs = inputs(prompts, 1);
      Resident model = resident(prompts.model());
      boolean autocasts = GenerationMemory.autocasts(job, model);
      Tensor cache =
          generated.keysAndValues(
              generation.sequences(),
              prompts.batch().length(),
              autocasts ? job.computeDtype() : job.weightDtype());
      PassWriter writer = new PassWriter(graph, model, prompts, inputs);
      writer.forward();
      writer.head().dropResult();
      graph.release(cache);
      if (before == null) {
        generated.lastToken(generation, model);
      } else {
        generated.rolledOut(generation, model, before);
      }
      inputs.all().forEach(graph::release);
    }
    if (gathered != null) {
      graph.release(gathered);
      if (generated.restoresHooks(generation)) {
        resident(ResidentModel.POLICY).sharding().restoreHooks();
      }
    }
  }

  /** What does not repeat is no part of the steps that an order of modules is seen in. */
  @Override
  public void scoring(Episode.Scoring scoring) {
    if (scoring.repeats()) {
      score(scoring);
    } else {
      aside(() -> score(scoring));
    }
  }

  /** Results of what repeats wait on the GPU for their steps, others are put into the data set. */
  private void score(Episode.Scoring scoring) {
    if (scoring.holdsStates()) {
      training.optimizers();
    }
    Map<PassBatch, Inputs> inputs = new LinkedHashMap<>();
    if (scoring.repeats() && scoring.rounds() > 1) {
      long tokens = scoring.passes().get(0).batch().tokens();
      long waiting = 2L * (scoring.rounds() - 1) * tokens;
      graph.allocate(Inputs.MOVED, "inputs", Category.OTHER, waiting, DataType.INT64);
    }
    boolean whole = job.frameworkCode().stages().does(StageHabit.SCORES_BATCH);
    scoring.passes().forEach(pass -> resident(pass.model()).sharding().beforePasses());
    for (Pass each : scoring.passes()) {
      Pass pass = whole && scoring.repeats() ? scoredAtOnce(each, scoring.rounds()) : each;
      Inputs batch = inputs.computeIfAbsent(pass.batch(), b -> inputs(pass, 0));
      PassWriter writer = new PassWriter(graph, resident(pass.model()), pass, batch);
      writer.forward();
      if (scoring.repeats()) {
        long results = scoring.rounds() * each.scores();
        graph.allocate(
            Aten.CAT, "log-probabilities", Category.LOGITS_AND_LOSS, results, DataType.FP32);
      }
      writer.dropResult();
      if (scoring.repeats() && !whole && scoring.rounds() > 1) {
        resident(pass.model()).sharding().repeatsPass(scoring.rounds() - 1);
      }
    }
    if (!isFollowedByEveryStep(scoring)) {
      scoring.passes().forEach(pass -> resident(pass.model()).sharding().afterPasses());
    }
    inputs.values().forEach(batch -> batch.all().forEach(graph::release));
    boolean another = scoring.passes().stream().anyMatch(pass -> !pass.adapters());
    if (scoring.repeats() && another && updates(scoring) > 1) {
      resident(ResidentModel.POLICY).sharding().repeatsStep();
    }
  }

  /** Steps of the optimizer by what is scored at once. */
  private long updates(Episode.Scoring scoring) {
    return (long) scoring.rounds() * iterations() / job.batch().gradAccum();
  }

  /** How often what is generated is used. */
  private int iterations() {
    return job.objective().generated().flatMap(Generation::iterations).orElse(1);
  }

  /** Every micro-batch is generated and scored by itself, so that it finds what scoring left. */
  private boolean isFollowedByEveryStep(Episode.Scoring scoring) {
    return scoring.repeats() && scoring.rounds() == 1 && iterations() == 1;
  }

  private Pass scoredAtOnce(Pass pass, int rounds) {
    return ScoredRows.of(
        pass, rounds, architecture.hiddenSize(), architecture.vocabularySize(), graph.freeBytes());
  }

  /** Between two steps, so that there are optimizer states and no gradients. */
  @Override
  public void evaluation(Episode.Evaluation evaluation) {
    training.optimizers();
    aside(() -> new EvaluationWriter(graph, job, this::resident).write(evaluation));
  }

  private void aside(Runnable run) {
    residents.values().forEach(resident -> resident.sharding().evaluates(true));
    run.run();
    residents.values().forEach(resident -> resident.sharding().evaluates(false));
  }

  @Override
  public void step(Episode.Step step) {
    if (job.objective() instanceof Objective.SentenceEmbedding embedding) {
      EmbeddingWriter writer = new EmbeddingWriter(graph, job, embedding, this::resident);
      training.train(step.passes(), () -> writer.write(step));
    } else {
      training.train(step.passes());
    }
  }

  @Override
  public void valueStep(Episode.ValueStep step) {
    training.train(step.passes());
  }

  /** A model that the job has loaded. */
  private Resident resident(ResidentModel model) {
    return Objects.requireNonNull(residents.get(model));
  }

  private Inputs inputs(Pass pass, int others) {
    Resident resident = resident(pass.model());
    resident.run(pass);
    return Inputs.of(graph, resident, others);
  }
}
