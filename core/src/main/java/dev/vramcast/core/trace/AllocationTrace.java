package dev.vramcast.core.trace;

import dev.vramcast.core.run.episode.Episode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

  private final byte[] kinds;
  private final Object[] subjects;
  private final int[] times;
  private final List<EpisodeEntries> episodes;

  /**
   * The entries of an episode.
   *
   * @param from index of its first entry
   * @param to index behind its last
   */
  public record EpisodeEntries(Episode episode, int from, int to) {}

  private AllocationTrace(
      byte[] kinds, Object[] subjects, int[] times, List<EpisodeEntries> episodes) {
    this.kinds = kinds;
    this.subjects = subjects;
    this.times = times;
    this.episodes = episodes;
  }

  public int size() {
    return kinds.length;
  }

  public Kind kind(int index) {
    return KINDS[kinds[index]];
  }

  /** The block that is allocated or freed. */
  public Block block(int index) {
    return (Block) subjects[index];
  }

  /** The episodes in their order; none where the writer named none. */
  public List<EpisodeEntries> episodes() {
    return episodes;
  }

  /** The phase that begins. */
  public Phase phase(int index) {
    return (Phase) subjects[index];
  }

  /** How often the section that begins here runs. */
  public int times(int index) {
    return times[index];
  }

  /** Writes a trace. */
  public static final class Writer {

    private byte[] kinds = new byte[1024];
    private Object[] subjects = new Object[1024];
    private int[] times = new int[1024];
    private int size;
    private boolean repeating;
    private final List<EpisodeEntries> episodes = new ArrayList<>();

    /** Null before the first. */
    private @Nullable Episode episode;

    private int episodeStart;

    public void allocate(Block block) {
      add(Kind.ALLOCATE, block, 1);
    }

    public void free(Block block) {
      add(Kind.FREE, block, 1);
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
      add(Kind.PHASE, phase, 1);
    }

    /** Writes what {@code body} writes as a section that runs {@code count} times. */
    public void repeat(int count, Runnable body) {
      if (count == 0) {
        return;
      }
      if (repeating) {
        throw new IllegalStateException("a repeated section cannot hold another");
      }
      repeating = true;
      add(Kind.REPEAT, null, count);
      body.run();
      add(Kind.END, null, 1);
      repeating = false;
    }

    public AllocationTrace finish() {
      endEpisode();
      return new AllocationTrace(
          Arrays.copyOf(kinds, size),
          Arrays.copyOf(subjects, size),
          Arrays.copyOf(times, size),
          List.copyOf(episodes));
    }

    private void add(Kind kind, @Nullable Object subject, int count) {
      if (size == kinds.length) {
        kinds = Arrays.copyOf(kinds, size * 2);
        subjects = Arrays.copyOf(subjects, size * 2);
        times = Arrays.copyOf(times, size * 2);
      }
      kinds[size] = (byte) kind.ordinal();
      subjects[size] = subject;
      times[size] = count;
      size++;
    }
  }
}
