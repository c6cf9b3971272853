package dev.vramcast.core.megatron;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.document.JobKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How many layers each pipeline stage has. Where the stages do not divide them, Megatron-Bridge's
 * recipes say how: embedding and loss count as a layer each where that makes the stages equal
 * ({@code account_for_embedding_in_pipeline_split}, recipes/qwen/qwen3_moe.py), and else the last
 * stage has what the others leave (recipes/deepseek/deepseek_v3.py,
 * set_deepseek_v3_pipeline_model_parallel_layout).
 */
final class StageSizes {

  private StageSizes() {}

  /** Layers of the stages, first to last. */
  static List<Integer> of(int layers, Parallelism degrees) {
    int stages = degrees.pipeline();
    if (!degrees.layersPerStage().isEmpty()) {
      return stated(layers, degrees);
    }
    if (layers % stages == 0) {
      return Collections.nCopies(stages, layers / stages);
    }
    int share = (layers + stages - 1) / stages;
    boolean endsCount = (layers + 2) % stages == 0;
    List<Integer> sizes = new ArrayList<>(Collections.nCopies(stages, share));
    if (endsCount) {
      int equal = (layers + 2) / stages;
      Collections.fill(sizes, equal);
      sizes.set(0, equal - 1);
      sizes.set(stages - 1, equal - 1);
    } else {
      sizes.set(stages - 1, layers - share * (stages - 1));
    }
    if (sizes.contains(0) || sizes.get(stages - 1) < 0) {
      throw InputError.about(JobKey.PIPELINE)
          .isSet(stages)
          .allowed("stages that all have some of the ", layers, " layers")
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
    return sizes;
  }

  private static List<Integer> stated(int layers, Parallelism degrees) {
    List<Integer> sizes = degrees.layersPerStage();
    int sum = sizes.stream().mapToInt(Integer::intValue).sum();
    if (sizes.size() != degrees.pipeline() || sum != layers) {
      throw InputError.about(JobKey.LAYERS_PER_STAGE)
          .kind(ErrorKind.CONTRADICTION)
          .isSet(sizes)
          .allowed(degrees.pipeline(), " numbers whose sum is ", layers)
          .refusal();
    }
    return sizes;
  }
}
