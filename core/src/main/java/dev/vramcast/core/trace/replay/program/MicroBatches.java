package dev.vramcast.core.trace.replay.program;

import dev.vramcast.core.trace.AllocationTrace;
import java.util.ArrayList;
import java.util.List;

/** The passes of a step: of one micro-batch, and before it of the first where they accumulate. */
final class MicroBatches {

  private final ProgramWriter writer;
  private final AllocationTrace trace;
  private int[] taken = {};

  MicroBatches(ProgramWriter writer, AllocationTrace trace) {
    this.writer = writer;
    this.trace = trace;
  }

  /**
   * Writes them.
   *
   * @param step index of the entry with which the first pass begins
   * @param update index behind the last entry of the passes
   */
  List<Section> passes(int step, int update) {
    List<Section> passes = new ArrayList<>();
    AllocationTrace.Earlier first = trace.earlier();
    if (first == null) {
      EarlierGradients earlier = EarlierGradients.of(trace, step, trace, step, update);
      if (!earlier.isEmpty() && !earlier.freedIn(trace, step, update)) {
        writer.write(trace, step, update, TracePart.keeping(earlier), passes);
        waitForReaders(passes);
      }
      make(earlier.notKept(), passes);
      writer.write(trace, step, update, TracePart.ALL, passes);
    } else {
      writer.write(trace, step, first.at(), TracePart.WITHOUT_GRADIENTS, passes);
      writeFirst(first, passes);
      writer.write(trace, Math.max(step, first.at()), update, TracePart.ALL, passes);
    }
    waitForReaders(passes);
    return passes;
  }

  /** The first micro-batch of several, whose gradients the last reduces. */
  private void writeFirst(AllocationTrace.Earlier first, List<Section> passes) {
    AllocationTrace its = first.trace();
    EarlierGradients earlier = EarlierGradients.of(trace, first.at(), its, 0, its.size());
    writer.write(its, 0, its.size(), TracePart.making(earlier), passes);
    make(earlier.notKept(), passes);
    waitForReaders(passes);
    taken = writer.known(earlier.blocks());
    passes.add(Section.REVERSE_GRADIENTS);
  }

  private void make(List<EarlierGradients.Repeated> gradients, List<Section> passes) {
    for (EarlierGradients.Repeated gradient : gradients) {
      writer.allocate(gradient.block());
      writer.end(gradient.times(), passes);
    }
  }

  private void waitForReaders(List<Section> passes) {
    if (writer.readAside() >= 0) {
      passes.add(Section.WAIT);
    }
  }

  /** Numbers of the gradients that the first micro-batch makes and the last takes. */
  int[] taken() {
    return taken;
  }
}
