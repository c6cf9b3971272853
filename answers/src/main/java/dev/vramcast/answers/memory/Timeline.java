package dev.vramcast.answers.memory;

import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The running sums of a trace. Repeated sections are written out, so that every layer shows. Of a
 * long phase, the highest and the lowest state of each bucket of events are kept, of a short one
 * every state; so the peak is always among them, and a short phase can be seen.
 *
 * @param points states in their order
 * @param phases spans of states
 */
public record Timeline(List<Point> points, List<Span> phases) {

  private static final int BUCKETS = 160;
  private static final int BUCKETS_OF_LOAD = 30;
  private static final int CATEGORIES = Category.values().length;

  /**
   * The state after an event.
   *
   * @param total bytes alive
   * @param bytes alive, by the ordinal of the category
   */
  public record Point(long total, long[] bytes) {}

  /** The states that a phase runs through, the last not included. */
  public record Span(Phase phase, int from, int to) {}

  public static Timeline of(AllocationTrace trace) {
    Walk walk = new Walk(trace, events(trace));
    walk.run();
    return new Timeline(List.copyOf(walk.points), List.copyOf(walk.spans));
  }

  /** Allocations and frees of each phase, in order. */
  private static List<Long> events(AllocationTrace trace) {
    List<Long> phases = new ArrayList<>();
    long events = 0;
    long times = 1;
    for (int i = 0; i < trace.size(); i++) {
      switch (trace.kind(i)) {
        case REPEAT -> times = trace.times(i);
        case END -> times = 1;
        case ALLOCATE, FREE -> events += times;
        case PHASE -> {
          phases.add(events);
          events = 0;
        }
      }
    }
    phases.add(events);
    return phases;
  }

  /** One pass over the trace with its repeats written out. */
  private static final class Walk {

    private final AllocationTrace trace;
    private final Iterator<Long> events;
    private final List<Point> points = new ArrayList<>();
    private final List<Span> spans = new ArrayList<>();
    private final long[] bytes = new long[CATEGORIES];
    private long total;
    private Phase phase = Phase.LOAD;
    private int phaseStart;
    private long bucket;
    private long inBucket;

    /** The earlier of the extremes of this bucket; null before its first state. */
    private @Nullable Point first;

    /** The later one; null before the first state, and the same as the first behind it. */
    private @Nullable Point second;

    Walk(AllocationTrace trace, List<Long> events) {
      this.trace = trace;
      this.events = events.iterator();
    }

    void run() {
      begin(Phase.LOAD);
      int i = 0;
      while (i < trace.size()) {
        i = trace.kind(i) == AllocationTrace.Kind.REPEAT ? repeat(i) : one(i);
      }
      end();
    }

    private int repeat(int start) {
      int end = start + 1;
      for (int iteration = 0; iteration < trace.times(start); iteration++) {
        end = start + 1;
        while (trace.kind(end) != AllocationTrace.Kind.END) {
          end = one(end);
        }
      }
      return end + 1;
    }

    private int one(int index) {
      switch (trace.kind(index)) {
        case ALLOCATE -> add(trace.block(index), 1);
        case FREE -> add(trace.block(index), -1);
        case PHASE -> {
          end();
          begin(trace.phase(index));
        }
        case REPEAT, END -> throw new IllegalStateException("a repeat inside a repeat");
      }
      return index + 1;
    }

    private void add(Block block, int sign) {
      bytes[block.category().ordinal()] += sign * block.bytes();
      total += sign * block.bytes();
      offer();
      inBucket++;
      if (inBucket == bucket) {
        keep();
      }
    }

    /** Holds the two extremes of a bucket in the order in which they came. */
    private void offer() {
      if (first == null || second == null) {
        first = point();
        second = first;
      } else if (total > Math.max(first.total, second.total)) {
        first = first.total <= second.total ? first : second;
        second = point();
      } else if (total < Math.min(first.total, second.total)) {
        first = first.total >= second.total ? first : second;
        second = point();
      }
    }

    private Point point() {
      return new Point(total, bytes.clone());
    }

    @SuppressWarnings("ReferenceEquality") // two states may be alike
    private void keep() {
      if (first != null) {
        points.add(first);
      }
      if (second != null && second != first) {
        points.add(second);
      }
      first = null;
      second = null;
      inBucket = 0;
    }

    private void begin(Phase next) {
      phase = next;
      phaseStart = points.size();
      int buckets = next == Phase.LOAD ? BUCKETS_OF_LOAD : BUCKETS;
      bucket = Math.max(1, events.next() / buckets);
    }

    private void end() {
      keep();
      if (points.size() > phaseStart) {
        spans.add(new Span(phase, phaseStart, points.size()));
      }
    }
  }
}
