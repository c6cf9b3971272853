package dev.vramcast.core.megatron;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.megatron.layer.Adapters;
import dev.vramcast.core.megatron.layer.Division;
import dev.vramcast.core.megatron.layer.LayerLoader;
import dev.vramcast.core.megatron.layer.ParameterBuffers;
import dev.vramcast.core.megatron.layer.Rows;
import java.util.ArrayList;
import java.util.List;

/**
 * A rank's part of a model in memory.
 *
 * @param chunks layers of its virtual stages
 */
record StageModel(StageEnds ends, List<List<LayerLoader.RepeatedLayers>> chunks) {

  /**
   * Virtual stages go around: the first of every rank, then the second of every rank.
   *
   * @param stage counted from 0
   */
  static StageModel load(
      Graph graph,
      ParameterBuffers buffers,
      Architecture model,
      Parallelism degrees,
      Rows rows,
      Adapters adapters,
      int stage) {
    Division division = Division.of(degrees);
    List<Integer> sizes = StageSizes.of(model.layerCount(), degrees);
    boolean last = stage == division.pipeline() - 1;
    StageEnds ends = StageEnds.of(buffers, rows, division, model, stage == 0, last);
    LayerLoader loader =
        new LayerLoader(graph, buffers, rows, division, adapters, degrees.expertImbalance());
    List<List<LayerLoader.RepeatedLayers>> chunks = new ArrayList<>();
    int count = sizes.get(stage) / division.chunks();
    for (int chunk = 0; chunk < division.chunks(); chunk++) {
      int first = firstLayer(sizes, stage, chunk, division.chunks());
      chunks.add(loader.load(StageLayers.of(model.layers(), first, count)));
    }
    return new StageModel(ends, chunks);
  }

  private static int firstLayer(List<Integer> sizes, int stage, int chunk, int chunks) {
    int ofAll = sizes.stream().mapToInt(size -> size / chunks).sum();
    int before = sizes.stream().limit(stage).mapToInt(size -> size / chunks).sum();
    return chunk * ofAll + before;
  }
}
