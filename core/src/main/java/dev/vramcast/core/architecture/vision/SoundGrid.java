package dev.vramcast.core.architecture.vision;

import java.util.Optional;

/**
 * How many states of an encoder and tokens a recording is. Its length stands for the width of an
 * image, in frames of ten milliseconds (transformers WhisperFeatureExtractor: 160 of 16,000 samples
 * a second).
 *
 * @param states of a segment; 0 where there are none
 */
public record SoundGrid(Way way, int states) implements ImageGrid {

  /** Frames of a second of sound. */
  public static final int FRAMES = 100;

  /** What a processor fills features of Qwen2.5-Omni up to (its preprocessor_config.json). */
  public static final int FILLED = 300 * FRAMES;

  /** Frames that Qwen3-Omni's convolutions read at once, and tokens of these. */
  private static final int PLANE = 100;

  private static final int TOKENS_OF_PLANE = 13;

  /** How a recording is cut, and how many tokens stand for it. */
  public enum Way {
    /**
     * One segment, behind which shorter ones are filled up; a token for two states (transformers
     * Qwen2AudioProcessor).
     */
    ONE_SEGMENT(2),
    /** As many segments as it takes, the last filled up; a token for four states (Voxtral). */
    SEGMENTS(1),
    /** States for what there is, a token for two of them (Qwen2_5OmniProcessor). */
    HALVED(2),
    /** A token for each state, of which eight frames are one (Qwen3OmniMoeProcessor). */
    PLANES(2);

    private final int marks;

    Way(int marks) {
      this.marks = marks;
    }
  }

  /** The most frames that are heard; the largest number where all are. */
  public int longest() {
    return switch (way) {
      case ONE_SEGMENT -> Math.multiplyExact(2, states);
      case HALVED -> FILLED;
      case SEGMENTS, PLANES -> Integer.MAX_VALUE;
    };
  }

  /** Of a number of seconds. */
  public static Size size(double seconds) {
    return new Size(
        (int) Math.min(Integer.MAX_VALUE, Math.max(1, Math.round(FRAMES * seconds))), 1);
  }

  @Override
  public Optional<Parts> of(int count, Optional<Size> size) {
    return size.map(each -> parts(each.width()));
  }

  private Parts parts(int frames) {
    int heard = (int) (((long) frames + 1) / 2);
    return switch (way) {
      case ONE_SEGMENT -> {
        int shown = Math.min(heard, states);
        yield new Parts(1, states, pairs(shown), way.marks, Optional.empty(), states - shown);
      }
      case SEGMENTS -> {
        int segments = (int) ((frames + 2L * states - 1) / (2L * states));
        int tokens = Math.multiplyExact(segments, states / 4);
        yield new Parts(segments, states, tokens, way.marks, Optional.empty());
      }
      case HALVED -> Parts.whole(heard, pairs(heard), way.marks);
      case PLANES -> {
        int tokens = Math.multiplyExact(frames / PLANE, TOKENS_OF_PLANE) + eighth(frames % PLANE);
        yield Parts.whole(tokens, tokens, way.marks);
      }
    };
  }

  private static int pairs(int states) {
    return Math.max(1, states / 2);
  }

  /** What three convolutions leave that take every other frame each. */
  private static int eighth(int frames) {
    return (((frames + 1) / 2 + 1) / 2 + 1) / 2;
  }
}
