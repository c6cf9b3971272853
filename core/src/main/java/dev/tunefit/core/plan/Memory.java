package dev.tunefit.core.plan;

import dev.tunefit.core.fit.FitCheck;
import dev.tunefit.core.fit.Judge;
import dev.tunefit.core.hardware.Gpu;
import dev.tunefit.core.hardware.Vendor;
import dev.tunefit.core.input.InputException;
import dev.tunefit.core.job.ResolvedJob;
import dev.tunefit.core.memory.MemoryEstimate;
import dev.tunefit.core.memory.MemoryEstimator;
import dev.tunefit.core.memory.RankEstimate;
import dev.tunefit.core.memory.UnsupportedJobException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether settings fit a card for certain, as {@link Judge#check} would say, but with as little
 * work as it takes to know: the peak of what is allocated, which takes a fraction of a millisecond
 * and never is above what is needed, and only where that is not too much a replay of the allocator
 * in place of about ten.
 */
final class Memory {

  /**
   * {@link RankEstimate#neededBytes} is found to within a thousandth of what a card may reserve.
   */
  private static final long FRACTION = 1000;

  /** As {@link #FRACTION}, bytes: the smallest segment. */
  private static final long COARSEST = 2L << 20;

  /** Between cards of one capability and maker the steps of a job do not differ. */
  private record Code(String capability, Vendor vendor) {}

  private record Key(Splits splits, int index, Code code) {}

  private record Room(Splits splits, Code code, long bytes) {}

  private record Place(Splits splits, int index, Gpu gpu) {

    static Place of(Setting setting, Gpu gpu) {
      return new Place(setting.splits(), setting.index(), gpu);
    }
  }

  /** What is known about the memory in which the steps of a job run. */
  private static final class Known {
    private final long allocated;
    private long runsIn = Long.MAX_VALUE;
    private long failsIn = -1;

    private Known(long allocated) {
      this.allocated = allocated;
    }
  }

  private final Judge anywhere;
  private final Map<Key, Known> known = new HashMap<>();
  private final Map<Room, Integer> allocatable = new HashMap<>();
  private final Set<Place> refuted = new HashSet<>();
  private long replays;

  /**
   * A memory of what is asked.
   *
   * @param anywhere a judge on any card
   */
  Memory(Judge anywhere) {
    this.anywhere = anywhere;
  }

  /** How often the allocator was replayed. */
  long replays() {
    return replays;
  }

  /** Whether the whole range of what the job needs is within the card. */
  boolean fits(Setting setting, Gpu gpu) {
    return !refuted.contains(Place.of(setting, gpu)) && decide(setting, gpu);
  }

  /** The full check, with all figures. A setting that fails it is never said to fit again. */
  FitCheck check(Setting setting, Gpu gpu) {
    return anywhere.on(gpu).check(setting.document(gpu));
  }

  /** A full check failed. */
  void refute(Setting setting, Gpu gpu) {
    refuted.add(Place.of(setting, gpu));
  }

  private boolean decide(Setting setting, Gpu gpu) {
    ResolvedJob job = setting.job();
    long outside = MemoryEstimator.outside(job, Optional.of(gpu)).bytes();
    long left = anywhere.on(gpu).mostBytes(job) - outside;
    if (setting.index() >= allocatable(setting.splits(), gpu, left)) {
      return false;
    }
    Known steps = known(setting.splits(), setting.index(), gpu);
    if (left <= steps.failsIn) {
      return false;
    }
    long surely = left - Math.max(COARSEST, gpu.memory().bytes() / FRACTION);
    return surely >= steps.runsIn || replay(setting, gpu, steps, left, surely);
  }

  private boolean replay(Setting setting, Gpu gpu, Known steps, long left, long surely) {
    RankEstimate rank = estimate(setting.job(), gpu).worst();
    if (runs(rank, surely)) {
      steps.runsIn = Math.min(steps.runsIn, surely);
      return true;
    }
    steps.failsIn = Math.max(steps.failsIn, surely);
    if (!runs(rank, left)) {
      steps.failsIn = Math.max(steps.failsIn, left);
      return false;
    }
    return check(setting, gpu).fits();
  }

  private boolean runs(RankEstimate rank, long bytes) {
    replays++;
    return rank.runsIn(bytes);
  }

  /**
   * How many of some splits have a peak of allocated bytes that is not too much, found by halving:
   * a larger micro-batch never allocates less.
   */
  private int allocatable(Splits splits, Gpu gpu, long bytes) {
    Room room = new Room(splits, code(gpu), bytes);
    Integer found = allocatable.get(room);
    if (found == null) {
      int low = 0;
      int high = splits.size();
      while (low < high) {
        int middle = (low + high) / 2;
        if (known(splits, middle, gpu).allocated <= bytes) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      found = low;
      allocatable.put(room, found);
    }
    return found;
  }

  private Known known(Splits splits, int index, Gpu gpu) {
    Key key = new Key(splits, index, code(gpu));
    Known found = known.get(key);
    if (found == null) {
      found = new Known(allocated(splits.job(index), gpu));
      known.put(key, found);
    }
    return found;
  }

  /** More than any card has where the job is too large to be counted. */
  private long allocated(ResolvedJob job, Gpu gpu) {
    try {
      return estimate(job, gpu).worst().allocatedBytes();
    } catch (InputException | UnsupportedJobException e) {
      return Long.MAX_VALUE;
    }
  }

  private static Code code(Gpu gpu) {
    return new Code(gpu.computeCapability(), gpu.vendor());
  }

  private MemoryEstimate estimate(ResolvedJob job, Gpu gpu) {
    return MemoryEstimator.estimate(anywhere.architecture(), job, Optional.of(gpu));
  }
}
