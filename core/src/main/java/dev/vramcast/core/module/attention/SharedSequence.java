package dev.vramcast.core.module.attention;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.AttentionOps;
import dev.vramcast.core.autograd.sequence.FlashRing;
import dev.vramcast.core.autograd.sequence.HeadExchange;
import dev.vramcast.core.autograd.sequence.TorchRing;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.code.AttentionCode;
import dev.vramcast.core.job.option.SequenceScheme;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;

/**
 * Attention of a rank that has a share of the sequence. Masks are dropped: ranks attend causally to
 * all that comes before (accelerate/big_modeling.py _attach_context_parallel_hooks, DeepSpeed's
 * uattn_wrapper).
 *
 * @param kvHeads heads of the keys and values that come
 */
record SharedSequence(HeadShape shape, int kvHeads, StepSettings settings) {

  private static final Operation PLACES =
      Operation.of(
          "all_gather",
          "deepspeed/runtime/sequence_parallel/ulysses_sp.py UlyssesSPAttentionHF.forward");

  /** Whether ranks share sequences in the pass that runs. */
  static boolean isShared(StepSettings settings) {
    return settings.job().parallelism().context() > 1;
  }

  /** Whether what comes back lies by tokens in any case. */
  static boolean givesTokens(StepSettings settings) {
    SequenceScheme scheme = settings.job().parallelism().sequenceScheme();
    return isShared(settings) && !settings.framework().sharesByTorch(scheme);
  }

  /**
   * Attends.
   *
   * @param heads query, key and value; they stay the caller's
   * @param contiguousHeads query and key lie by heads, not by tokens
   */
  Tensor attend(Graph g, Tensor[] heads, boolean contiguousHeads) {
    if (settings.job().parallelism().sequenceScheme() == SequenceScheme.ULYSSES) {
      return byHeads(g, heads);
    }
    AttentionOps.Shape own = kernel(settings.sequence(), 1, kvHeads);
    boolean gathers = settings.job().parallelism().sequenceScheme() == SequenceScheme.ALLGATHER;
    return switch (settings.framework().get(AttentionCode.RING)) {
      case TORCH ->
          new TorchRing(own, ranks(), gathers, !contiguousHeads)
              .forward(g, heads[0], heads[1], heads[2]);
      case FLASH -> flash(g, new FlashRing(own, ranks()), heads, gathers, contiguousHeads);
    };
  }

  /** {@code k.contiguous()}, which is saved. */
  private static Tensor flash(
      Graph g, FlashRing ring, Tensor[] heads, boolean gathers, boolean contiguousHeads) {
    try (Scope scope = Scope.of(g)) {
      Tensor key =
          scope.own(contiguousHeads ? Pointwise.copy(g, heads[1], "keys") : heads[1].hold());
      return gathers
          ? ring.gathered(g, heads[0], key, heads[2])
          : ring.around(g, heads[0], key, heads[2]);
    }
  }

  /** Tokens are exchanged for heads, all tokens are attended to, and heads exchanged for tokens. */
  private Tensor byHeads(Graph g, Tensor[] heads) {
    AttentionCode.Ulysses code = settings.framework().get(AttentionCode.ULYSSES);
    int repeats = Math.max(1, ranks() / kvHeads);
    try (Scope scope = Scope.of(g)) {
      long places = settings.batch() * settings.sequence() * ranks();
      scope.own(places(g, places), places(g, places));
      Tensor[] mine = new Tensor[3];
      for (int i = 0; i < mine.length; i++) {
        Tensor repeated =
            AttentionOps.repeatHeads(g, heads[i], i == 0 ? 1 : repeats, "keys and values");
        mine[i] = g.rebind(repeated, HeadExchange.toHeads(g, repeated, code));
      }
      for (int i = 0; i < mine.length; i++) {
        if (code == AttentionCode.Ulysses.DEEPSPEED) {
          mine[i] = g.rebind(mine[i], Pointwise.copy(g, mine[i], "heads of all tokens"));
        }
        scope.own(mine[i]);
      }
      AttentionOps.Shape whole =
          kernel(settings.sequence() * ranks(), ranks(), kvHeads * repeats / ranks());
      Tensor attended =
          shape.fitsFlash() && !settings.recomputesAttention()
              ? AttentionOps.flash(g, mine[0], mine[1], mine[2], whole)
              : AttentionOps.efficient(g, mine, null, whole, settings.card().efficient());
      if (code == AttentionCode.Ulysses.DEEPSPEED) {
        // The kernel's result lies as its queries do: by heads.
        attended = g.rebind(attended, Pointwise.copy(g, attended, "attention outputs by token"));
      }
      return g.rebind(attended, HeadExchange.toTokens(g, attended, code, settings.batch()));
    }
  }

  /** Position ids of all ranks. */
  private static Tensor places(Graph g, long count) {
    return g.allocate(PLACES, "position ids", Category.OTHER, count, DataType.INT64);
  }

  private int ranks() {
    return settings.job().parallelism().context();
  }

  private AttentionOps.Shape kernel(long length, int divided, int keys) {
    return new AttentionOps.Shape(
        settings.batch(),
        length,
        shape.heads() / divided,
        keys,
        shape.headSize(),
        shape.valueSize());
  }
}
