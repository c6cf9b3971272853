package dev.vramcast.core.step;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.SdpaCard;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.Batch;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.module.CublasWorkspaces;
import dev.vramcast.core.module.LoadedModel;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.shard.Sharding;
import dev.vramcast.core.shard.fsdp.GatheredStage;
import dev.vramcast.core.step.optimizer.OptimizerWriter;
import dev.vramcast.core.step.pipeline.StageMoment;
import dev.vramcast.core.step.pipeline.VirtualStages;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.StepTraces;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes the load and the step of a rank of a pipeline ({@code torch.distributed.pipelining}), with
 * the micro-batches that are in flight at one moment of its schedule.
 */
public final class PipelineWriter {

  private final Graph graph = new Graph();
  private final ResolvedJob job;
  private final VirtualStages stages;
  private final int rank;
  private final StageMoment moment;
  private final List<Resident> parts = new ArrayList<>();
  private final List<Tensor> outputs = new ArrayList<>();
  private final List<StageTraffic.Copies> otherOutputs = new ArrayList<>();

  private PipelineWriter(ResolvedJob job, VirtualStages stages, int rank, StageMoment moment) {
    this.job = job;
    this.stages = stages;
    this.rank = rank;
    this.moment = moment;
  }

  /** The job of a stage: until it has run backward it is as in a step of one micro-batch. */
  private ResolvedJob job(int chunk) {
    Batch batch = job.batch();
    return moment.trained().contains(chunk)
        ? job
        : job.with(batch.dividedInto(batch.microBatch(), 1));
  }

  /**
   * The traces of a rank.
   *
   * @param model as one rank of those that divide its tensors has it
   * @param rank of the pipeline, counted from 0
   * @param workspaceBytes cuBLAS workspaces, which PyTorch takes from its allocator
   * @param sdpa what SDPA asks of the card
   */
  public static StepTraces write(
      Architecture model,
      ResolvedJob job,
      List<Episode> episodes,
      VirtualStages stages,
      int rank,
      StageMoment moment,
      long workspaceBytes,
      SdpaCard sdpa) {
    PipelineWriter writer = new PipelineWriter(job, stages, rank, moment);
    EpisodeWriter.follow(job, writer.graph);
    for (Episode episode : episodes) {
      writer.graph.episode(episode);
      if (episode instanceof Episode.Load) {
        writer.load(model, workspaceBytes, sdpa);
      } else if (episode instanceof Episode.Step step) {
        writer.step(step.passes().get(0), job.parallelism().pipelining().atATime(job.batch()));
      }
    }
    return writer.graph.finish();
  }

  private void load(Architecture model, long workspaceBytes, SdpaCard sdpa) {
    graph.phase(Phase.LOAD);
    CublasWorkspaces.write(graph, workspaceBytes);
    boolean reduced =
        job.frameworkCode().is(SpreadCode.REDUCES_EACH)
            && job.parallelism().pipelining().repeats(job.batch());
    for (int stage : stages.of(rank)) {
      ResolvedJob own = job(parts.size());
      boolean first = stage == 0;
      Architecture part =
          model.toBuilder()
              .layers(
                  LayerRun.part(model.layers(), stages.before(stage), stages.layers().get(stage)))
              .towers(first ? model.towers() : List.of())
              .build();
      boolean last = stage == stages.count() - 1;
      parts.add(
          Resident.part(
              graph,
              part,
              own,
              sdpa,
              new LoadedModel.Ends(first, last),
              Shardings.ofStage(graph, own, reduced)));
    }
  }

  private void step(Pass pass, int microBatches) {
    List<OptimizerWriter> optimizers = new ArrayList<>();
    for (Resident part : parts) {
      OptimizerWriter optimizer =
          new OptimizerWriter(
              graph, part.settings(), part.updated(), part.sharding().keepsOnHost());
      optimizer.writeStates();
      optimizers.add(optimizer);
    }
    Inputs inputs = Inputs.of(graph, parts.get(0), Inputs.LABELS_AND_MASK);
    moment.trained().forEach(chunk -> parts.get(chunk).sharding().createGradients());
    if (!moment.isFirst()) {
      gathered(GatheredStage::createShards);
    }
    boolean steps = !moment.isFirst() || microBatches == 1;
    moment.gathered().forEach(chunk -> gather(parts.get(chunk).sharding()));
    StageTraffic traffic = new StageTraffic(graph, parts.get(0).settings());
    run(pass, inputs.ids(), traffic, microBatches, steps);
    if (!steps) {
      gathered(GatheredStage::giveUp);
    } else {
      gathered(GatheredStage::finish);
      graph.phase(Phase.STEP);
      optimizers.forEach(OptimizerWriter::writeStep);
    }
    traffic.end();
    inputs.all().forEach(graph::release);
    outputs.forEach(graph::release);
    otherOutputs.forEach(each -> each.release(graph));
  }

  private static void gather(Sharding sharding) {
    if (sharding instanceof GatheredStage stage) {
      stage.gather();
    }
  }

  private void gathered(Consumer<GatheredStage> action) {
    parts.stream()
        .map(Resident::sharding)
        .filter(GatheredStage.class::isInstance)
        .map(GatheredStage.class::cast)
        .forEach(action);
  }

  private void run(Pass pass, Tensor ids, StageTraffic traffic, int microBatches, boolean steps) {
    int last = parts.size() - 1;
    boolean ends = parts.get(last).model().ends();
    int before = ends ? moment.finished() - moment.inFlight().get(last) : 0;
    keep(before);
    List<PartWriter> flying = new ArrayList<>();
    List<PartWriter> turn = new ArrayList<>();
    for (int chunk = 0; chunk <= last; chunk++) {
      int held = moment.inFlight().get(chunk);
      traffic.others(parts.get(chunk), microBatches, held);
      for (int i = 0; i < held; i++) {
        (chunk == moment.chunk() ? turn : flying)
            .add(new PartWriter(graph, parts.get(chunk), pass, traffic));
      }
    }
    flying.forEach(each -> each.forward(ids));
    turn.forEach(each -> each.forward(ids));
    turn.remove(0).run(this::done);
    turn.addAll(flying);
    turn.forEach(part -> rest(part, steps));
    if (ends && returnsOutputs()) {
      keep(microBatches - moment.finished());
      merge(microBatches);
    }
  }

  private void done(List<Tensor> made) {
    if (returnsOutputs()) {
      outputs.addAll(made);
    } else {
      made.forEach(graph::release);
    }
  }

  /** What the first backward pass has left has the gradients of one. */
  private void rest(PartWriter part, boolean steps) {
    if (steps) {
      part.run(this::done);
    } else {
      part.abandon();
      done(part.takeOutputs());
    }
  }

  private boolean returnsOutputs() {
    return job.frameworkCode().is(SpreadCode.RETURNS_STAGE_OUTPUTS);
  }

  /** Outputs of the last stage, of so many micro-batches. */
  private void keep(int count) {
    if (count > 0 && returnsOutputs()) {
      otherOutputs.add(StageTraffic.Copies.of(graph, count, () -> output(1)));
    }
  }

  /** {@code merge_chunks}, whose result the loop drops. */
  private void merge(int count) {
    graph.release(output(count));
  }

  private Tensor output(int count) {
    Resident last = parts.get(parts.size() - 1);
    StepSettings settings = last.settings();
    boolean ofHidden = job.loss() == LossKernel.CCE;
    long width = ofHidden ? last.architecture().hiddenSize() : last.architecture().vocabularySize();
    DataType dtype =
        ofHidden
            ? settings.computeDtype()
            : settings.outputsInFp32() ? DataType.FP32 : settings.logitsDtype();
    return graph.allocate(
        Aten.CAT, "outputs", Category.LOGITS_AND_LOSS, count * settings.tokens() * width, dtype);
  }
}
