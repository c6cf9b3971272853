package dev.vramcast.formats.training;

/**
 * How surely a file is of a format.
 *
 * @param score 0 when it is not; the format with the highest score is taken
 */
public record Recognition(int score) {

  /** The file is of another format. */
  public static final Recognition NONE = new Recognition(0);

  public Recognition {
    if (score < 0) {
      throw new IllegalArgumentException("score " + score);
    }
  }

  /** Whether this is surer than another one. */
  public boolean isSurerThan(Recognition other) {
    return score > other.score;
  }
}
