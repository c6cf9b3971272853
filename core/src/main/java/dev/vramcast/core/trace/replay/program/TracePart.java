package dev.vramcast.core.trace.replay.program;

import dev.vramcast.core.trace.Block;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of a part of a trace are written.
 *
 * @param allocates whether a block is allocated
 * @param frees whether a block is freed
 * @param as the block that is allocated in place of one
 * @param copies the block that is allocated before one is freed; null for none
 * @param loads weights come as they are loaded
 */
record TracePart(
    Predicate<Block> allocates,
    Predicate<Block> frees,
    UnaryOperator<Block> as,
    Function<Block, @Nullable Block> copies,
    boolean loads) {

  /** All of them. */
  static final TracePart ALL = of(block -> true, block -> true);

  /** What is there of the passes before the first micro-batch, which finds no gradients. */
  static final TracePart WITHOUT_GRADIENTS = of(block -> !block.isGradient(), block -> true);

  /** What is there before the first step: neither states of the optimizer nor gradients. */
  static final TracePart LOADED =
      new TracePart(
          block -> !block.isState() && !block.isGradient(),
          block -> true,
          UnaryOperator.identity(),
          block -> null,
          true);

  /** States of the optimizer, a layer's before those of the next. */
  static final TracePart STATES = of(Block::isState, block -> false);

  /** Those of the first micro-batch, which keeps what later ones add to a gradient. */
  static TracePart keeping(EarlierGradients earlier) {
    return of(block -> true, block -> !earlier.keeps(block));
  }

  /** Those of the first micro-batch, as the gradients that the last reduces. */
  static TracePart making(EarlierGradients earlier) {
    return new TracePart(
        block -> true, block -> !earlier.keeps(block), earlier::keptAs, earlier::copyOf, false);
  }

  private static TracePart of(Predicate<Block> allocates, Predicate<Block> frees) {
    return new TracePart(allocates, frees, UnaryOperator.identity(), block -> null, false);
  }
}
