package dev.vramcast.core.trace.replay.program;

import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What stands in the place of other blocks until the second step begins. */
final class RenewedBlocks {

  private final ProgramWriter writer;
  private final AllocationTrace trace;

  RenewedBlocks(ProgramWriter writer, AllocationTrace trace) {
    this.writer = writer;
    this.trace = trace;
  }

  /** Writes what comes before the entry at {@code step}, with what there is at first. */
  void writeLoaded(int step, List<Section> sections) {
    int from = 0;
    for (AllocationTrace.Renewed renewed : trace.renewed()) {
      writer.write(trace, from, renewed.from(), TracePart.LOADED, sections);
      AllocationTrace first = renewed.first();
      writer.write(first, 0, first.size(), TracePart.ALL, sections);
      from = renewed.to();
    }
    writer.write(trace, from, step, TracePart.LOADED, sections);
  }

  /** Makes anew what is so when the second step begins, and in no other. */
  List<Section> anew() {
    List<Section> sections = new ArrayList<>();
    for (AllocationTrace.Renewed renewed : trace.renewed()) {
      sections.addAll(anew(renewed));
    }
    return sections;
  }

  private List<Section> anew(AllocationTrace.Renewed renewed) {
    List<Block> left = new ArrayList<>();
    AllocationTrace first = renewed.first();
    unroll(first, 0, first.size(), left::add, left::remove);
    left.forEach(writer::free);
    unroll(trace, renewed.from(), renewed.to(), writer::allocate, writer::free);
    List<Section> made = new ArrayList<>();
    writer.end(1, made);
    int number = writer.number(left.get(0));
    return made.stream().map(each -> each.whileLives(number)).toList();
  }

  /** Goes through entries one by one, those of a repeated section as often as it runs. */
  private static void unroll(
      AllocationTrace trace, int from, int to, Consumer<Block> allocate, Consumer<Block> free) {
    int start = from;
    int left = 1;
    for (int i = from; i < to; i++) {
      switch (trace.kind(i)) {
        case REPEAT -> {
          start = i;
          left = trace.times(i);
        }
        case END -> {
          left--;
          i = left > 0 ? start : i;
        }
        case ALLOCATE -> allocate.accept(trace.block(i));
        case FREE -> free.accept(trace.block(i));
        case PHASE -> {}
      }
    }
  }
}
