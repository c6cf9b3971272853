package dev.vramcast.core.module.head;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.loss.LabelOps;
import dev.vramcast.core.run.episode.PassHead;
import dev.vramcast.core.run.episode.PassHead.Detail;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;

/** Log-probabilities of labels, from which a trainer computes its loss when all passes have run. */
record LogProbabilities(HeadAndLoss head, PassHead.LogProbabilities asked) {

  private static final ModuleScope TILED =
      ModuleScope.outside("loss", "trl/trainer/utils.py add_fused_lm_head");

  private static final ModuleScope PIECES =
      ModuleScope.outside("loss", "unsloth_zoo/rl_replacements.py grpo_accumulated_loss");

  private static final Operation SCATTER =
      Operation.of("aten::masked_scatter").backward("aten::masked_select");

  /** As {@link HeadAndLoss#forward}. */
  HeadAndLoss.Output forward(Graph g, Tensor hidden, ShardUnit unit, Runnable returned) {
    if (asked.details().contains(Detail.VALUES)) {
      return new PairValues.Scored(head).forward(g, hidden, unit, returned);
    }
    return switch (asked.way()) {
      case TILES -> {
        HeadAndLoss.Output output = g.site().within(TILED, () -> tiled(g, hidden, unit));
        returned.run();
        yield output;
      }
      case KEPT_CHUNKS, GRADIENT_BESIDE -> {
        HeadAndLoss.Output output = g.site().within(PIECES, () -> pieces(g, hidden, unit));
        returned.run();
        yield output;
      }
      case LIGER -> {
        HeadAndLoss.Output output = new LigerCompletions(head, asked).forward(g, hidden, unit);
        returned.run();
        yield output;
      }
      case SEQUENCES, KERNEL, IN_PLACE, WHOLE, AT_ONCE ->
          new WholeLogits(head, asked).forward(g, hidden, unit, returned);
      case PIECES,
          SCORE,
          BESIDE_LOGITS,
          POOLED,
          FORWARD_KL,
          CHUNKED_KL,
          JENSEN_SHANNON,
          GENERALIZED ->
          throw new IllegalArgumentException(asked.way().label() + " has no log-probabilities");
    };
  }

  /** What the trainer logs once all passes of the step have run. */
  void report(Graph g, HeadAndLoss.Output output) {
    if (asked.details().contains(Detail.VALUES)) {
      new PairValues.Scored(head).report(g);
      return;
    }
    switch (asked.way()) {
      case SEQUENCES, KERNEL, IN_PLACE, WHOLE, AT_ONCE ->
          new WholeLogits(head, asked).report(g, output);
      default -> {}
    }
  }

  /** What the tiles give is put into zeros as long as the sequences; the mask is returned too. */
  private HeadAndLoss.Output tiled(Graph g, Tensor hidden, ShardUnit unit) {
    TiledLoss tiles = new TiledLoss(head, head.settings().framework().stages().tiles());
    long all = tiles.shifted();
    List<Tensor> beside = new ArrayList<>();
    try (Scope scope = Scope.of(g)) {
      Tensor labelled = scope.own(unit.leave(tiles.labelled(g, hidden, asked.labels())));
      List<Tensor> reports = reports(g, asked.labels());
      Tensor mask = LabelOps.mask(g, all);
      Tensor scattered = scattered(g, labelled, mask, all);
      beside.add(mask);
      beside.addAll(reports(g, all));
      reports.forEach(g::release);
      return new HeadAndLoss.Output(scattered, List.of(), beside, all);
    }
  }

  /** Where states were chosen, what comes of them is put into zeros as long as the sequences. */
  private HeadAndLoss.Output pieces(Graph g, Tensor hidden, ShardUnit unit) {
    LabelledHead pieces = new LabelledHead(head, asked);
    Tensor labelled = unit.leave(pieces.labelled(g, hidden));
    long all = head.settings().tokens();
    if (pieces.rows() == all) {
      List<Tensor> beside = List.copyOf(reports(g, all));
      return new HeadAndLoss.Output(labelled, List.of(), beside, all);
    }
    Tensor mask = LabelOps.mask(g, all);
    Tensor scattered = scattered(g, labelled, mask, all);
    g.release(labelled, mask);
    return new HeadAndLoss.Output(scattered, List.of(), List.of(), all);
  }

  private Tensor scattered(Graph g, Tensor labelled, Tensor mask, long elements) {
    Tensor zeros =
        g.allocate(
            Aten.ZEROS, "log-probabilities", Category.LOGITS_AND_LOSS, elements, DataType.FP32);
    Node node = g.node(SCATTER, Pointwise.LIKE_INPUT, labelled);
    g.save(node, mask);
    try (Scope scope = Scope.of(g)) {
      scope.own(zeros);
      return g.output("log-probabilities", Category.LOGITS_AND_LOSS, elements, DataType.FP32, node);
    }
  }

  /** Entropy, mean of the logits, and whether the label is the most likely word. */
  private List<Tensor> reports(Graph g, long elements) {
    return switch (asked.reports()) {
      case PAIRS -> List.of(numbers(g, 2 * elements), flags(g, elements));
      case ANSWERS, SUMS_AND_ENTROPY -> List.of(numbers(g, 2 * elements));
      case SUMS, ENTROPY -> List.of(numbers(g, elements));
      case MEANS, NONE -> List.of();
    };
  }

  private static Tensor numbers(Graph g, long elements) {
    return g.allocate(
        Aten.EMPTY, "loss statistics", Category.LOGITS_AND_LOSS, elements, DataType.FP32);
  }

  private static Tensor flags(Graph g, long elements) {
    return g.allocate(
        Aten.EMPTY, "loss statistics", Category.LOGITS_AND_LOSS, elements, DataType.BOOL);
  }
}
