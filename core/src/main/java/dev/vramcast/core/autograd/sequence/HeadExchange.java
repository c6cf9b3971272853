package dev.vramcast.core.autograd.sequence;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.job.code.AttentionCode.Ulysses;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import org.jspecify.annotations.Nullable;

/**
 * Ulysses: each of n ranks has a share of the tokens of all heads, [b, s / n, h, d], and gets all
 * tokens of a share of the heads, [b, s, h / n, d], and the other way round. Both have the same
 * elements, and nothing is saved.
 */
public final class HeadExchange {

  private static final Operation DEEPSPEED =
      Operation.of("all_to_all_single", "deepspeed/sequence/layer.py _DimZeroAllToAll");
  private static final Operation PIECES =
      Operation.of("all_to_all", "verl/utils/ulysses.py SeqAllToAll");
  private static final Operation PERMUTED =
      Operation.of("all_to_all_single", "swift/sequence_parallel/ulysses.py _SeqAllToAll");

  private HeadExchange() {}

  /**
   * All tokens of this rank's heads.
   *
   * @param x all heads of this rank's tokens; stays the caller's
   */
  public static Tensor toHeads(Graph g, Tensor x, Ulysses code) {
    return switch (code) {
      case DEEPSPEED -> {
        // UlyssesSPAttentionHF._combine_local_sequences: the copy has the ranks in front.
        Tensor view = ShapeOps.viewByHeads(g, x.hold());
        Tensor sent = g.rebind(view, Pointwise.copy(g, view, "heads by rank"));
        yield g.rebind(sent, received(g, sent));
      }
      case PIECES -> pieces(g, x, true);
      case PERMUTED -> permuted(g, x, true);
    };
  }

  /**
   * All heads of this rank's tokens.
   *
   * @param x all tokens of this rank's heads; stays the caller's
   * @param rows sequences of the batch
   */
  public static Tensor toTokens(Graph g, Tensor x, Ulysses code, long rows) {
    return switch (code) {
      case DEEPSPEED -> {
        // UlyssesSPAttentionHF._partition_global_sequence: tokens come first.
        Tensor sent = rows == 1 ? x.hold() : Pointwise.copy(g, x, "tokens by rank");
        Tensor received = g.rebind(sent, received(g, sent));
        yield g.rebind(received, Pointwise.copy(g, received, "attention outputs by token"));
      }
      case PIECES -> pieces(g, x, false);
      case PERMUTED -> permuted(g, x, false);
    };
  }

  /** The exchange alone; gradients are brought into order before they go back. */
  private static Tensor received(Graph g, Tensor sent) {
    Node node = g.node(DEEPSPEED, HeadExchange::sendBack, sent);
    return result(g, sent, node);
  }

  private static void sendBack(Graph g, Node n) {
    try (Scope scope = Scope.of(g)) {
      scope.own(Pointwise.gradientLike(g, n.inputs[0]));
      n.outgoing[0] = Pointwise.gradientLike(g, n.inputs[0]);
    }
  }

  /**
   * {@code all_to_all_tensor}: pieces for each rank, which are views where tokens are divided,
   * those that come, and all of them behind each other.
   */
  private static Tensor pieces(Graph g, Tensor x, boolean dividesHeads) {
    Node node = g.node(PIECES, (graph, n) -> piecesBack(graph, n, !dividesHeads), x);
    try (Scope scope = Scope.of(g)) {
      own(g, scope, x, dividesHeads);
      scope.own(buffer(g, x));
      return result(g, x, node);
    }
  }

  private static void piecesBack(Graph g, Node n, boolean dividesHeads) {
    try (Scope scope = Scope.of(g)) {
      own(g, scope, n.inputs[0], dividesHeads);
      scope.own(buffer(g, n.inputs[0]));
      n.outgoing[0] = Pointwise.gradientLike(g, n.inputs[0]);
    }
  }

  private static void own(Graph g, Scope scope, Tensor x, boolean copies) {
    if (copies) {
      scope.own(buffer(g, x));
    }
  }

  /**
   * {@code single_all_to_all}: heads are copied to the front before, twice, and what came is copied
   * into the order of tokens where these were divided.
   */
  private static Tensor permuted(Graph g, Tensor x, boolean dividesHeads) {
    Node node = g.node(PERMUTED, (graph, n) -> permutedBack(graph, n, !dividesHeads), x);
    try (Scope scope = Scope.of(g)) {
      if (dividesHeads) {
        Tensor shaped = buffer(g, x);
        scope.own(g.rebind(shaped, buffer(g, x)));
        return result(g, x, node);
      }
      scope.own(buffer(g, x));
      return result(g, x, node);
    }
  }

  private static void permutedBack(Graph g, Node n, boolean dividesHeads) {
    try (Scope scope = Scope.of(g)) {
      Tensor first = buffer(g, n.inputs[0]);
      scope.own(dividesHeads ? g.rebind(first, buffer(g, n.inputs[0])) : first);
      n.outgoing[0] = Pointwise.gradientLike(g, n.inputs[0]);
    }
  }

  private static Tensor buffer(Graph g, Tensor x) {
    return g.allocate("heads in exchange", Category.COMMUNICATION, x.elements, x.dtype);
  }

  private static Tensor result(Graph g, Tensor x, @Nullable Node node) {
    return g.output("exchanged heads", x.storage.category(), x.elements, x.dtype, node);
  }
}
