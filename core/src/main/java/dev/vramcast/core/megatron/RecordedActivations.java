package dev.vramcast.core.megatron;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.megatron.layer.Division;
import dev.vramcast.core.megatron.layer.Rows;

/**
 * Activations that tensor parallelism gathers, scatters and sums. Up to PyTorch 2.7 every
 * collective records them on NCCL's stream (torch/csrc/distributed/c10d/ProcessGroupNCCL.cpp,
 * {@code recordStream}; pytorch/pytorch#150398 ended that): once freed, they wait until the GPU has
 * come past all that was queued there. The process is that far ahead of it: it waits only between
 * micro-batches of a pipeline (megatron/core/pipeline_parallel/p2p_communication.py, {@code
 * torch.cuda.synchronize}), and in a step before the optimizer. So those of a forward pass are all
 * there beside what it keeps.
 */
final class RecordedActivations {

  /**
   * Attention and MLP gather their input, and scatter their output, of all tokens; what is kept
   * does not wait.
   */
  private static final int WITH_SEQUENCE_PARALLEL = 4;

  /** Attention and MLP sum their output. */
  private static final int SUMMED = 2;

  private RecordedActivations() {}

  /** Bytes on a rank whose stage has so many layers. */
  static long bytes(Architecture model, ResolvedJob job, int layers) {
    Division division = Division.of(job.parallelism());
    if (division.tensor() == 1 || job.framework().torch().atLeast(2, 8)) {
      return 0;
    }
    boolean frees = !job.frameworkCode().is(LayerCode.KEEPS_GATHERED);
    int each = division.tokenDegree() > 1 && frees ? WITH_SEQUENCE_PARALLEL : SUMMED;
    long elements = Rows.of(job, division).all(model.hiddenSize());
    long inChunk = (long) layers / division.chunks() * each;
    return Math.multiplyExact(inChunk, elements) * job.computeDtype().bytes();
  }
}
