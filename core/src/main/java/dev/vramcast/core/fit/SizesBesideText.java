package dev.vramcast.core.fit;

import dev.vramcast.core.architecture.vision.ImageGrid;
import dev.vramcast.core.architecture.vision.ImageGrid.Parts;
import dev.vramcast.core.architecture.vision.ImageGrid.Size;
import dev.vramcast.core.architecture.vision.SoundGrid;
import dev.vramcast.core.fit.Maximum.Values;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Sizes of images or of sound, each the largest that a processor makes the same of. Lengths of a
 * job are those beside them, which come on top with the marks around them.
 *
 * @param count images of a sequence, or recordings
 */
public record SizesBesideText(ImageGrid grid, int count) {

  /** Sides of square images in pixels; every processor has shrunk larger ones. */
  private static final int SMALLEST_SIDE = 32;

  private static final int LARGEST_SIDE = 8192;

  /** Two hours of sound. */
  private static final int MOST_SECONDS = 7200;

  private static final List<JobKey> LENGTHS = List.of(JobKey.SEQUENCE_LENGTH, JobKey.PROMPT_LENGTH);

  /** Whether one takes more where it is larger. */
  public boolean matter() {
    return !parts(smallest()).equals(parts(largest()));
  }

  /**
   * What is searched; the last is the smallest of which there are the most tokens, and the most
   * patches where all have as many.
   *
   * @param beside tokens of a sequence beside them
   * @param longest no sequence is longer
   */
  public Values values(int beside, int longest) {
    int most = firstWithMost();
    List<Integer> sides =
        IntStream.rangeClosed(smallest(), most)
            .filter(side -> side == most || !parts(side).equals(parts(side + 1)))
            .filter(side -> beside + tokens(side) <= longest)
            .boxed()
            .toList();
    return new Values(sides.size(), sides::get, this::in, most);
  }

  private int firstWithMost() {
    int best = smallest();
    for (int side = smallest(); side <= largest(); side++) {
      best = isMore(side, best) ? side : best;
    }
    return best;
  }

  private boolean isMore(int side, int than) {
    long tokens = tokens(side) - tokens(than);
    return tokens > 0 || tokens == 0 && patches(side) > patches(than);
  }

  private long patches(int side) {
    return parts(side).map(each -> (long) each.tiles() * each.patches()).orElse(0L);
  }

  private int smallest() {
    return grid instanceof SoundGrid ? 1 : SMALLEST_SIDE;
  }

  /** No recording is longer than what is heard at once. */
  private int largest() {
    return grid instanceof SoundGrid sound
        ? Math.min(MOST_SECONDS, sound.longest() / SoundGrid.FRAMES)
        : LARGEST_SIDE;
  }

  private JobDocument in(JobDocument job, int side) {
    JobDocument seen =
        grid instanceof SoundGrid
            ? job.with(JobKey.AUDIO_SECONDS, (double) side, Values.SEARCHED)
            : job.with(JobKey.IMAGE_SIZE, List.of(side, side), Values.SEARCHED);
    for (JobKey length : LENGTHS) {
      Optional<Integer> beside = job.value(length, Integer.class);
      if (beside.isPresent()) {
        int all = Math.toIntExact(beside.orElseThrow() + tokens(side));
        seen = seen.with(length, all, Values.SEARCHED);
      }
    }
    return seen;
  }

  private long tokens(int side) {
    return parts(side).map(each -> (long) count * (each.tokens() + each.marks())).orElse(0L);
  }

  private Optional<Parts> parts(int side) {
    Size size = grid instanceof SoundGrid ? SoundGrid.size(side) : new Size(side, side);
    return grid.of(count, Optional.of(size));
  }
}
