package dev.vramcast.core.time.rate;

import static dev.vramcast.core.units.Multiples.MICRO;

import java.util.Optional;
import java.util.Set;

/**
 * The all-reduce of vLLM's and SGLang's own (custom_all_reduce.py): one kernel that reads what the
 * other cards of a machine hold over NVLink. Figures are of vLLM 0.14 to 0.24 in a CUDA graph on 2,
 * 4 and 8 A100, H100 and GB200 (ai-dynamo/aiconfigurator 095f58a, custom_allreduce_perf).
 *
 * <p>It is taken for all bytes below its own bound. Where PyTorch's symmetric memory can be used,
 * vLLM bounds it lower (all_reduce_utils.py, CUSTOM_ALL_REDUCE_MAX_SIZES: 256 KiB of 8 cards and
 * 512 KiB of 6 of capability 9.0, 1 to 2 MiB of 10.0, 4 to 8 MiB of 10.3), and kernels on symmetric
 * memory follow, of which no figures are known here.
 *
 * @param ranks of one machine
 * @param alone bytes a second of a card's links, in one direction
 */
public record CustomAllReduce(int ranks, double alone) {

  private static final Set<Integer> RANKS = Set.of(2, 4, 6, 8);

  /** From so many bytes on it is NCCL's (custom_all_reduce.py, max_size). */
  private static final double MOST = 8 << 20;

  /** Seconds of next to nothing: 4.2 to 5.6 microseconds. */
  private static final double START = 5 * MICRO;

  /** Of a second round, in which each card reads what the others have added up. */
  private static final double SECOND = 4 * MICRO;

  /** Of the links, what is reached where every card reads all of every other. */
  private static final double ONCE = 0.38;

  /** As {@link #ONCE}, where each adds up its part for all. */
  private static final double TWICE = 0.45;

  /** From so many bytes on, two rounds are made on up to 4 cards, and on more. */
  private static final double MANY_OF_FOUR = 512 << 10;

  private static final double MANY_OF_MORE = 256 << 10;

  /** Empty where it does not take that many cards, or these reach each other otherwise. */
  public static Optional<CustomAllReduce> of(int ranks, int machines, Links links) {
    return machines == 1 && links.switched() && RANKS.contains(ranks)
        ? Optional.of(new CustomAllReduce(ranks, links.alone()))
        : Optional.empty();
  }

  /** Seconds of so many bytes, which every card has; empty where they are too many. */
  public Optional<Double> seconds(double bytes) {
    if (bytes >= MOST) {
      return Optional.empty();
    }
    return Optional.of(START + (adds(bytes) ? twice(bytes) : once(bytes)));
  }

  private boolean adds(double bytes) {
    return ranks > 2 && bytes >= (ranks <= 4 ? MANY_OF_FOUR : MANY_OF_MORE);
  }

  private double once(double bytes) {
    return (ranks - 1) * bytes / (ONCE * alone);
  }

  private double twice(double bytes) {
    return SECOND + 2.0 * (ranks - 1) / ranks * bytes / (TWICE * alone);
  }
}
