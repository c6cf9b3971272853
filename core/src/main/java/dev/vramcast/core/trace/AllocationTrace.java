package dev.vramcast.core.trace;

import dev.vramcast.core.input.Interruption;
import dev.vramcast.core.run.episode.Episode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The episodes of a run written down: which block is allocated, which freed, in order. A section
 * that repeats (equal decoder layers) is written once, between {@link Kind#REPEAT} and {@link
 * Kind#END}.
 */
public final class AllocationTrace {

  /** What an entry says. */
  public enum Kind {
    ALLOCATE,
    FREE,
    PHASE,
    REPEAT,
    END
  }

  private static final Kind[] KINDS = Kind.values();

  private static final byte FREE = (byte) Kind.FREE.ordinal();

  private final byte[] kinds;

  /** The block, the phase, or how often a section runs; null where it ends. */
  private final @Nullable Object[] subjects;

  private final int size;
  private final List<EpisodeEntries> episodes;

  /** Null where all micro-batches of a step do as the last. */
  private final @Nullable Earlier earlier;

  /**
   * A micro-batch of a step that leaves its gradients for the last, which reduces them. The trace
   * has none of it.
   *
   * @param trace which frees what it allocates
   * @param at index of the entry of the trace before which it runs
   */
  public record Earlier(AllocationTrace trace, int at) {}

  /** Null where the first micro-batch of a run does as the others. */
  private final @Nullable AllocationTrace opening;

  private final List<Renewed> renewed;
  private final int statesMade;

  /**
   * What is made anew when the second step begins.
   *
   * @param first what there is in its place until then, which is not empty
   * @param from index of the first entry that makes it anew
   * @param to index behind the last
   */
  public record Renewed(AllocationTrace first, int from, int to) {}

  /**
   * The entries of an episode.
   *
   * @param from index of its first entry
   * @param to index behind its last
   */
  public record EpisodeEntries(Episode episode, int from, int to) {}

  private AllocationTrace(
      byte[] kinds,
      @Nullable Object[] subjects,
      int size,
      List<EpisodeEntries> episodes,
      @Nullable Earlier earlier,
      @Nullable AllocationTrace opening,
      List<Renewed> renewed,
      int statesMade) {
    this.statesMade = statesMade;
    this.opening = opening;
    this.earlier = earlier;
    this.renewed = renewed;
    this.kinds = kinds;
    this.subjects = subjects;
    this.size = size;
    this.episodes = episodes;
  }

  public int size() {
    return size;
  }

  public Kind kind(int index) {
    return KINDS[kinds[index]];
  }

  /** The block that is allocated or freed. */
  public Block block(int index) {
    return (Block) subjects[index];
  }

  /**
   * Index of the entry that allocated what an entry frees, without a search; the entry itself where
   * it is not in this trace. For an entry that allocates, it is that entry.
   */
  public int allocation(int index) {
    Block block = block(index);
    int entry = block.allocation();
    return entry < index && subjects[entry] == block && kinds[index] == FREE ? entry : index;
  }

  /** The episodes in their order; none where the writer named none. */
  public List<EpisodeEntries> episodes() {
    return episodes;
  }

  /** A micro-batch before the last of a step; null where it does as the last. */
  public @Nullable Earlier earlier() {
    return earlier;
  }

  /**
   * The first micro-batch of a run, which runs once before all others and frees what it allocates;
   * null where it does as they. The trace has none of it.
   */
  public @Nullable AllocationTrace opening() {
    return opening;
  }

  /** What is made anew when the second step begins, in order. */
  public List<Renewed> renewed() {
    return renewed;
  }

  /**
   * Index of the entry before which an optimizer makes its states in the first step; -1 where it
   * makes them before all else.
   */
  public int statesMade() {
    return statesMade;
  }

  /** The phase that begins. */
  public Phase phase(int index) {
    return (Phase) subjects[index];
  }

  /** How often the section that begins here runs. */
  public int times(int index) {
    return (Integer) subjects[index];
  }

  /** Writes one trace. */
  public static final class Writer {

    /** Entries of a usual trace. */
    private static final int USUAL = 1024;

    /** Of so many entries the first is written only where nobody wants it all to end. */
    private static final int ENTRIES_BETWEEN = 1024;

    private byte[] kinds;
    private @Nullable Object[] subjects;
    private int size;
    private boolean repeating;
    private final List<EpisodeEntries> episodes = new ArrayList<>();

    /** Null before the first. */
    private @Nullable Episode episode;

    private int episodeStart;
    private @Nullable Earlier earlier;
    private @Nullable AllocationTrace opening;
    private final List<Renewed> renewed = new ArrayList<>();
    private int statesMade = -1;

    public Writer() {
      this(USUAL);
    }

    /** Writes a trace of which so many entries are expected; there may be more. */
    public Writer(int expected) {
      kinds = new byte[expected];
      subjects = new Object[expected];
    }

    public void allocate(Block block) {
      block.allocatedBy(size);
      add(Kind.ALLOCATE, block);
    }

    public void free(Block block) {
      add(Kind.FREE, block);
    }

    /**
     * Writes a micro-batch before the last of a step, of which nothing comes onto this trace. What
     * it leaves, such as its inputs, goes at its end. Nothing where there is one already: a step is
     * told by the first of its micro-batches.
     */
    public void earlier(Runnable writes) {
      if (earlier == null) {
        earlier = new Earlier(leavingNothing(writes), size);
      }
    }

    /** Writes the first micro-batch of a run, of which nothing comes onto this trace. */
    public void opening(Runnable writes) {
      opening = leavingNothing(writes);
    }

    private AllocationTrace leavingNothing(Runnable writes) {
      return aside(
          () -> {
            writes.run();
            written().left().forEach(this::free);
          });
    }

    /**
     * Writes what is made anew when the second step begins; more of it where it is called again.
     *
     * @param first writes what there is in its place until then, which does not come onto this
     *     trace
     */
    public void renewed(Runnable first, Runnable writes) {
      AllocationTrace before = aside(first);
      int from = size;
      writes.run();
      if (before.size() > 0) {
        renewed.add(new Renewed(before, from, size));
      } else if (size > from) {
        throw new IllegalStateException("nothing stands for what is made anew");
      }
    }

    private AllocationTrace aside(Runnable writes) {
      byte[] outerKinds = kinds;
      Object[] outerSubjects = subjects;
      int outerSize = size;
      kinds = new byte[USUAL];
      subjects = new Object[USUAL];
      size = 0;
      writes.run();
      AllocationTrace written = written();
      kinds = outerKinds;
      subjects = outerSubjects;
      size = outerSize;
      return written;
    }

    private AllocationTrace written() {
      return new AllocationTrace(kinds, subjects, size, List.of(), null, null, List.of(), -1);
    }

    /** Here an optimizer makes its states in the first step; the first such place counts. */
    public void statesMade() {
      statesMade = statesMade < 0 ? size : statesMade;
    }

    /** What is written from now on belongs to this episode. */
    public void episode(Episode next) {
      endEpisode();
      episode = next;
      episodeStart = size;
    }

    private void endEpisode() {
      if (episode != null) {
        episodes.add(new EpisodeEntries(episode, episodeStart, size));
      }
    }

    public void phase(Phase phase) {
      add(Kind.PHASE, phase);
    }

    /**
     * Writes what {@code body} writes as a section that runs {@code count} times, or not at all.
     */
    public void repeat(int count, Runnable body) {
      if (count > 0) {
        begin(count);
        body.run();
        end();
      }
    }

    /** As {@link #repeat(int, Runnable)} of a section that runs, with what {@code body} gives. */
    public <T> T repeat(int count, Supplier<T> body) {
      begin(count);
      T result = body.get();
      end();
      return result;
    }

    private void begin(int count) {
      if (repeating) {
        throw new IllegalStateException("a repeated section cannot hold another");
      }
      repeating = true;
      add(Kind.REPEAT, count);
    }

    private void end() {
      add(Kind.END, null);
      repeating = false;
    }

    public AllocationTrace finish() {
      endEpisode();
      return new AllocationTrace(
          kinds,
          subjects,
          size,
          List.copyOf(episodes),
          earlier,
          opening,
          List.copyOf(renewed),
          statesMade);
    }

    private void add(Kind kind, @Nullable Object subject) {
      if (size == kinds.length) {
        int wider = size * 2;
        kinds = Arrays.copyOf(kinds, wider);
        subjects = Arrays.copyOf(subjects, wider);
      }
      if (size % ENTRIES_BETWEEN == 0) {
        Interruption.check();
      }
      kinds[size] = (byte) kind.ordinal();
      subjects[size] = subject;
      size++;
    }
  }

  /** Blocks outside of repeated sections that are allocated and not freed. */
  private Set<Block> left() {
    Set<Block> left = new LinkedHashSet<>();
    boolean repeats = false;
    for (int i = 0; i < size; i++) {
      switch (kind(i)) {
        case REPEAT -> repeats = true;
        case END -> repeats = false;
        case ALLOCATE -> {
          if (!repeats) {
            left.add(block(i));
          }
        }
        case FREE -> left.remove(block(i));
        case PHASE -> {}
      }
    }
    return left;
  }

  /** Bytes of a category that nothing frees. */
  public long aliveAtEnd(Category category) {
    long bytes = 0;
    int iterations = 1;
    for (int i = 0; i < size(); i++) {
      switch (kind(i)) {
        case REPEAT -> iterations = times(i);
        case END -> iterations = 1;
        case ALLOCATE -> bytes += of(category, i, iterations);
        case FREE -> bytes -= of(category, i, iterations);
        case PHASE -> {}
      }
    }
    return bytes;
  }

  private long of(Category category, int index, int iterations) {
    Block block = block(index);
    return block.category() == category ? iterations * block.bytes() : 0;
  }
}
