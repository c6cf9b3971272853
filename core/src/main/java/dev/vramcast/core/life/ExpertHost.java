package dev.vramcast.core.life;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.units.DataType;
import dev.vramcast.core.units.Rounding;

/**
 * Memory of experts that the host keeps and runs: AMX kernels of kt-kernel (ktransformers
 * kt-kernel/operators/amx/sft_moe.hpp init_all_buffers, alloc_forward_buffers and
 * alloc_backward_buffers, moe_base.hpp init, la/amx_kernels.hpp; all as of August 2026), in one
 * pool of threads. Weights, adapters and their gradients are there layer by layer, all else once.
 *
 * @param narrow weights are int8 with a scale a row
 * @param rank of the adapters of each expert, which are trained whatever the targets are
 * @param tokens of the longest pass ({@code chunked_prefill_size})
 */
record ExpertHost(MixtureOfExperts mixture, boolean narrow, long rank, long tokens) {

  /** {@code M_STEP}, {@code N_STEP} and {@code K_STEP} of bf16; of int8 the last is twice that. */
  private static final long STEP = 32;

  /** {@code kt_max_cache_depth}. */
  private static final long DEPTH = 2;

  /** Cache lines that a kernel leaves free. */
  private static final long LINE = 64;

  private static final int MATRICES = 3;

  /** Those of a job's layers; 0 where the host keeps none. */
  static long bytes(Architecture architecture, ResolvedJob job) {
    if (job.parallelism().expertsOnHost().isEmpty()) {
      return 0;
    }
    boolean narrow = job.parallelism().expertsOnHost().get() == OffloadTarget.EXPERTS_INT8;
    long rank = job.adapter().map(AdapterSettings::rank).orElse(0);
    long tokens = rounded(job.batch().sequenceLength(), STEP);
    long once =
        architecture.mixtures().stream()
            .mapToLong(mixture -> new ExpertHost(mixture, narrow, rank, tokens).once())
            .max()
            .orElse(0);
    long all =
        Tensors.inLayers(
            architecture,
            layer ->
                layer.mlp() instanceof MixtureOfExperts mixture
                    ? new ExpertHost(mixture, narrow, rank, tokens).ofLayer()
                    : 0);
    return Capped.plus(all, once);
  }

  /** Weights; adapters as Python has them, turned round, and packed forward and backward. */
  private long ofLayer() {
    return experts() * (2 * b(inner(), hidden()) + b(hidden(), inner()))
        + adapters()
        + experts() * rank * (2 * inner() + hidden()) * DataType.BF16.bytes()
        + experts() * packed();
  }

  /** Parameters, their gradients and two states of AdamW, all in bf16. */
  private long adapters() {
    long elements = experts() * rank * MATRICES * (hidden() + inner());
    return 4 * elements * DataType.BF16.bytes();
  }

  private long packed() {
    long padded = padded();
    long upward = b(padded, hidden()) + b(inner(), padded);
    long downward = b(hidden(), padded) + b(padded, inner());
    return MATRICES * (upward + downward);
  }

  /** {@code SFTSharedPools} and {@code shared_mem_buffer_numa}, and what Python copies through. */
  private long once() {
    return forward() + cache() + backward() + turned() + base() + copies();
  }

  private long forward() {
    return 2 * a(rows(), padded())
        + 2 * c(rows(), padded())
        + 2 * c(rows(), inner())
        + c(rows(), hidden())
        + 2 * rows() * padded() * DataType.BF16.bytes()
        + 9 * lines();
  }

  /** With checkpoints, layers share it. */
  private long cache() {
    long pairs = tokens * mixture.topK();
    long bf16 = tokens * hidden() + pairs * (MATRICES * inner() + hidden());
    return DEPTH * (bf16 * DataType.BF16.bytes() + pairs * rank * DataType.FP32.bytes());
  }

  private long backward() {
    long pairs = tokens * mixture.topK();
    long bf16 = MATRICES * pairs * inner() + 2 * rows() * hidden();
    long fp32 = rows() * (hidden() + 2 * rank) + experts() * rank * (hidden() + inner());
    return bf16 * DataType.BF16.bytes()
        + fp32 * DataType.FP32.bytes()
        + a(rows(), hidden())
        + c(rows(), inner())
        + c(rows(), hidden())
        + 10 * lines();
  }

  /** Weights of one layer for its backward pass ({@code share_backward_bb}). */
  private long turned() {
    return experts() * (2 * b(hidden(), inner()) + b(inner(), hidden()));
  }

  private long base() {
    long pairs = tokens * mixture.topK();
    long pooled = pairs + experts() * STEP;
    return 2 * pairs * (hidden() + inner()) * DataType.BF16.bytes()
        + a(pooled, hidden())
        + a(pooled, inner())
        + 2 * c(pooled, inner())
        + c(pooled, hidden())
        + 5 * pooled * LINE;
  }

  /** kt-kernel/python/sft/base.py KExpertsSFTBuffer. */
  private long copies() {
    return tokens * (4 * hidden() * DataType.BF16.bytes() + 16L * mixture.topK());
  }

  private long a(long rows, long features) {
    return rows * (narrow ? features + 4 : 2 * features);
  }

  private long b(long out, long in) {
    return out * (narrow ? in + 4 : 2 * in);
  }

  private static long c(long rows, long features) {
    return DataType.FP32.bytes() * rows * features;
  }

  private long padded() {
    return rounded(rank, narrow ? 2 * STEP : STEP);
  }

  private static long rounded(long value, long step) {
    return Rounding.ceilDivide(value, step) * step;
  }

  private long rows() {
    return rounded(tokens * mixture.topK() + experts() * STEP, STEP);
  }

  private long lines() {
    return experts() * LINE;
  }

  private long experts() {
    return mixture.experts();
  }

  private long hidden() {
    return mixture.hiddenSize();
  }

  private long inner() {
    return mixture.intermediateSize();
  }
}
