package dev.vramcast.core.megatron;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.FrozenPart;
import dev.vramcast.core.megatron.layer.Adapters;
import dev.vramcast.core.megatron.layer.Division;
import dev.vramcast.core.megatron.layer.LayerLoader;
import dev.vramcast.core.megatron.layer.ParameterBuffers;
import dev.vramcast.core.megatron.layer.Rows;
import dev.vramcast.core.trace.Category;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A rank's part of a model in memory.
 *
 * @param encoder null where this stage runs none
 * @param chunks layers of its virtual stages
 */
record StageModel(
    StageEnds ends, @Nullable StageEncoder encoder, List<List<LayerLoader.RepeatedLayers>> chunks) {

  /**
   * Virtual stages go around: the first of every rank, then the second of every rank.
   *
   * @param stage counted from 0
   */
  static StageModel load(
      Graph graph,
      ParameterBuffers buffers,
      Architecture model,
      ResolvedJob job,
      Rows rows,
      Adapters adapters,
      int stage) {
    Parallelism degrees = job.parallelism();
    Division division = Division.of(degrees);
    List<Integer> sizes = StageSizes.of(model.layerCount(), degrees);
    boolean last = stage == division.pipeline() - 1;
    StageEnds ends = StageEnds.of(buffers, rows, division, model, stage == 0, last);
    LayerLoader loader =
        new LayerLoader(
            graph,
            buffers,
            rows,
            division,
            adapters,
            degrees.expertImbalance(),
            job.frameworkCode(),
            job.linears());
    StageEncoder encoder = stage == 0 ? towers(graph, buffers, model, job) : null;
    List<List<LayerLoader.RepeatedLayers>> chunks = new ArrayList<>();
    int count = sizes.get(stage) / division.chunks();
    for (int chunk = 0; chunk < division.chunks(); chunk++) {
      int first = firstLayer(sizes, stage, chunk, division.chunks());
      chunks.add(
          loader.load(LayerRun.part(model.layers(), first, count), job.checkpointPlacement()));
    }
    return new StageModel(ends, encoder, chunks);
  }

  /** Encoders are on the first stage; gives the one that runs, or null where none does. */
  private static @Nullable StageEncoder towers(
      Graph graph, ParameterBuffers buffers, Architecture model, ResolvedJob job) {
    StageEncoder runs = null;
    for (Tower tower : model.towers()) {
      Encoder encoder =
          tower.encoder().filter(each -> !each.listens() && job.batch().hasImages()).orElse(null);
      if (encoder == null) {
        loadTables(graph, tower, job);
        load(buffers, tower, job.frozen());
      } else {
        runs = StageEncoder.load(graph, buffers, model, encoder, job);
      }
    }
    return runs;
  }

  /** Buffers are cast as parameters are (megatron/core/transformer/module.py Float16Module). */
  private static void loadTables(Graph graph, Tower tower, ResolvedJob job) {
    if (tower.tables() > 0) {
      long elements = tower.tables();
      Parameter.whole(graph, "positions", Category.WEIGHTS, elements, job.computeDtype(), false, 1);
    }
  }

  /** They are whole on every rank (mcore_bridge mm_gpt_model.py). */
  private static void load(ParameterBuffers buffers, Tower tower, Set<FrozenPart> frozen) {
    long projector =
        tower.linears().stream()
                .filter(linear -> Tower.isProjector(linear.name()))
                .mapToLong(Linear::parameterCount)
                .sum()
            + tower.others().stream()
                .filter(tensor -> Tower.isProjector(tensor.name()))
                .mapToLong(ParameterTensor::count)
                .sum();
    buffers.tower(tower.parameterCount() - projector, frozen.contains(FrozenPart.TOWERS));
    buffers.tower(projector, frozen.contains(FrozenPart.PROJECTORS));
  }

  private static int firstLayer(List<Integer> sizes, int stage, int chunk, int chunks) {
    int ofAll = sizes.stream().mapToInt(size -> size / chunks).sum();
    int before = sizes.stream().limit(stage).mapToInt(size -> size / chunks).sum();
    return chunk * ofAll + before;
  }
}
