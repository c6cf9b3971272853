package dev.vramcast.core.plan.search;

import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.fit.FitEvaluator;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.life.LeastHost;
import dev.vramcast.core.life.MachineNeeds;
import dev.vramcast.core.life.Stored;
import dev.vramcast.core.plan.setting.Setting;
import dev.vramcast.core.plan.setting.Splits;
import dev.vramcast.core.run.CardTraits;
import dev.vramcast.core.run.MemoryEstimate;
import dev.vramcast.core.run.MemoryEstimator;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.time.work.TrainingData;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether settings fit a card for certain, as {@link FitEvaluator#check} would say, but with as
 * little work as it takes to know: the peak of what is allocated, which takes a fraction of a
 * millisecond and never is above what is needed, and only where that is not too much few replays of
 * the allocator.
 */
public final class CertainFit {

  private record Key(Splits splits, int index, CardTraits cards) {}

  private record Room(Splits splits, CardTraits cards, long bytes) {}

  private record Steps(Splits splits, Gpu gpu) {}

  private record Place(Splits splits, int index, Gpu gpu) {

    static Place of(Setting setting, Gpu gpu) {
      return new Place(setting.splits(), setting.index(), gpu);
    }
  }

  /** Of some splits the first {@code fits} are not too much, and from {@code fails} on all are. */
  private static final class Bounds {
    private int fits;
    private int fails;

    private Bounds(int fails) {
      this.fails = fails;
    }

    private boolean isOpen(int index) {
      return index >= fits && index < fails;
    }

    private int middle() {
      return (fits + fails) / 2;
    }

    private void note(int index, boolean isFitting) {
      fits = isFitting ? Math.max(fits, index + 1) : fits;
      fails = isFitting ? fails : Math.min(fails, index);
    }
  }

  /** What is known about the memory in which the steps of a job run. */
  private static final class Known {
    private final long allocated;
    private final long pinned;
    private long runsIn = Long.MAX_VALUE;
    private long failsIn = -1;

    private Known(long allocated, long pinned) {
      this.allocated = allocated;
      this.pinned = pinned;
    }

    /** Of what cannot be counted: more than any card and any machine has. */
    private static Known uncountable() {
      return new Known(Long.MAX_VALUE, Long.MAX_VALUE);
    }
  }

  /** A card whose memory does not let an engine start. */
  private record Shortage(Gpu gpu, Notice why) {}

  private final FitEvaluator anywhere;
  private final Map<Key, Known> known = new HashMap<>();
  private final Map<Room, Bounds> rooms = new HashMap<>();
  private final Map<Steps, CardTraits> traits = new HashMap<>();
  private final Set<Place> refuted = new HashSet<>();
  private final IdentityHashMap<Setting, Stored> stored = new IdentityHashMap<>();

  /** Null until there is one. */
  private @Nullable Shortage shortage;

  /**
   * A memory of what is asked.
   *
   * @param anywhere an evaluator for any card
   */
  public CertainFit(FitEvaluator anywhere) {
    this.anywhere = anywhere;
  }

  /** Whether the whole range of what the job needs is within the card. */
  boolean fits(Setting setting, Gpu gpu) {
    return !refuted.contains(Place.of(setting, gpu)) && decide(setting, gpu);
  }

  /** The full check, with all figures. A setting that fails it is never said to fit again. */
  public FitCheck check(Setting setting, Gpu gpu) {
    return anywhere.on(gpu).check(setting.document(gpu));
  }

  /** A full check failed. */
  public void refute(Setting setting, Gpu gpu) {
    refuted.add(Place.of(setting, gpu));
  }

  private boolean decide(Setting setting, Gpu gpu) {
    ResolvedJob job = setting.job();
    long outside = MemoryEstimator.outside(job, Optional.of(gpu)).bytes();
    long left = most(job, gpu) - outside;
    if (!isAllocatable(setting, gpu, left)) {
      return false;
    }
    if (MachineNeeds.asksOfCards(job.saving()) || hasEngine(job)) {
      return check(setting, gpu).fits();
    }
    Known steps = known(setting.splits(), setting.index(), gpu);
    if (left <= steps.failsIn) {
      return false;
    }
    return left >= steps.runsIn || replay(setting, gpu, steps, left);
  }

  /** What an engine takes is sure, and which part of a need it is shows only the estimate. */
  private long most(ResolvedJob job, Gpu gpu) {
    FitEvaluator there = anywhere.on(gpu);
    return hasEngine(job) ? there.usableBytes() : there.mostBytes(job);
  }

  private static boolean hasEngine(ResolvedJob job) {
    return GenerationEngine.sharesCards(job.objective());
  }

  /** What cards have in common on which the steps do not differ, however a batch is divided. */
  private CardTraits traits(Splits splits, Gpu gpu) {
    return traits.computeIfAbsent(
        new Steps(splits, gpu),
        steps -> CardTraits.of(anywhere.architecture(), splits.job(0), Optional.of(gpu)));
  }

  private boolean replay(Setting setting, Gpu gpu, Known steps, long left) {
    RankEstimate rank = estimate(setting.job(), gpu).worst();
    boolean isEnough = rank.needsNoMore(left + rank.outside().bytes());
    if (isEnough) {
      steps.runsIn = left;
    } else {
      steps.failsIn = left;
    }
    return isEnough;
  }

  /**
   * Whether the peak of allocated bytes is not too much. A larger micro-batch never allocates less,
   * so once one is too much, how many are not is found by halving.
   */
  private boolean isAllocatable(Setting setting, Gpu gpu, long bytes) {
    Splits splits = setting.splits();
    Bounds bounds =
        rooms.computeIfAbsent(
            new Room(splits, traits(splits, gpu), bytes), room -> new Bounds(splits.size()));
    for (int asked = 0; bounds.isOpen(setting.index()); ) {
      bounds.note(asked, known(splits, asked, gpu).allocated <= bytes);
      asked = bounds.fails == splits.size() ? setting.index() : bounds.middle();
    }
    return setting.index() < bounds.fits;
  }

  private Known known(Splits splits, int index, Gpu gpu) {
    Key key = new Key(splits, index, traits(splits, gpu));
    Known found = known.get(key);
    if (found == null) {
      found = look(splits.job(index), gpu);
      known.put(key, found);
    }
    return found;
  }

  private Known look(ResolvedJob job, Gpu gpu) {
    try {
      MemoryEstimate memory =
          anywhere.steps().atLeast(anywhere.architecture(), job, Optional.of(gpu));
      long pinned = memory.ranks().stream().mapToLong(RankEstimate::pinnedBytes).max().orElse(0);
      return new Known(memory.worst().allocatedBytes(), pinned);
    } catch (InputException | UnsupportedJobException e) {
      if (e instanceof InputException end && end.isForLackOfMemory()) {
        note(new Shortage(gpu, e.notice().behind(gpu.name(), ": ")));
      }
      return Known.uncountable();
    }
  }

  private void note(Shortage found) {
    boolean larger =
        shortage == null || found.gpu.allocatableBytes() > shortage.gpu.allocatableBytes();
    shortage = larger ? found : shortage;
  }

  /** Why nothing starts on the largest card on which a setting does not; empty where all do. */
  public Optional<Notice> shortage() {
    return Optional.ofNullable(shortage).map(Shortage::why);
  }

  /**
   * What a machine holds in its own memory while steps run: processes, and what is offloaded of
   * each of its ranks.
   */
  public long hostBytes(Setting setting, Machine machine) {
    long pinned = known(setting.splits(), setting.index(), machine.gpu()).pinned;
    return LeastHost.stepping(machine.count(), pinned);
  }

  /** What a setting stores on a machine's disk, and what is carried home. */
  public Stored stored(Setting setting) {
    return stored.computeIfAbsent(
        setting,
        unknown ->
            Stored.of(
                anywhere.architecture(),
                setting.job(),
                Optional.of(setting.work()),
                TrainingData.epochs(setting.variant())));
  }

  private MemoryEstimate estimate(ResolvedJob job, Gpu gpu) {
    return anywhere.steps().estimate(anywhere.architecture(), job, Optional.of(gpu));
  }
}
