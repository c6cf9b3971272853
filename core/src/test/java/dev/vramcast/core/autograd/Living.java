package dev.vramcast.core.autograd;

import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Tape;
import java.util.function.ObjLongConsumer;

/** What is alive at the end of a tape. */
public final class Living {

  private Living() {}

  public static long bytes(Tape tape) {
    long[] sum = new long[1];
    forEachEvent(tape, (block, births) -> sum[0] += births * block.bytes());
    return sum[0];
  }

  /** Deaths are negative births. */
  static void forEachEvent(Tape tape, ObjLongConsumer<Block> consumer) {
    long times = 1;
    for (int i = 0; i < tape.size(); i++) {
      switch (tape.kind(i)) {
        case REPEAT -> times = tape.times(i);
        case END -> times = 1;
        case BIRTH -> consumer.accept(tape.block(i), times);
        case DEATH -> consumer.accept(tape.block(i), -times);
        case PHASE -> {}
      }
    }
  }
}
