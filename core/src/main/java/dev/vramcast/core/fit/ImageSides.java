package dev.vramcast.core.fit;

import dev.vramcast.core.architecture.vision.ImageGrid;
import dev.vramcast.core.architecture.vision.ImageGrid.Parts;
import dev.vramcast.core.architecture.vision.ImageGrid.Size;
import dev.vramcast.core.fit.Maximum.Values;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Sides of square images in pixels, each the largest that a processor makes the same of. Lengths of
 * a job are those beside its images, which come on top with the marks around them.
 *
 * @param images of a sequence
 */
public record ImageSides(ImageGrid grid, int images) {

  /** Every processor that is known has shrunk images before that. */
  private static final int LARGEST = 8192;

  private static final int SMALLEST = 32;

  private static final List<JobKey> LENGTHS = List.of(JobKey.SEQUENCE_LENGTH, JobKey.PROMPT_LENGTH);

  /** Whether an image takes more where it is larger. */
  public boolean matter() {
    return !parts(SMALLEST).equals(parts(LARGEST));
  }

  /**
   * What is searched; the last is the smallest of which there are the most tokens.
   *
   * @param beside tokens of a sequence beside its images
   * @param longest no sequence is longer
   */
  public Values values(int beside, int longest) {
    int most = firstWithMost();
    List<Integer> sides =
        IntStream.rangeClosed(SMALLEST, most)
            .filter(side -> side == most || !parts(side).equals(parts(side + 1)))
            .filter(side -> beside + tokens(side) <= longest)
            .boxed()
            .toList();
    return new Values(sides.size(), sides::get, this::in, most);
  }

  private int firstWithMost() {
    int best = SMALLEST;
    for (int side = SMALLEST; side <= LARGEST; side++) {
      best = tokens(side) > tokens(best) ? side : best;
    }
    return best;
  }

  private JobDocument in(JobDocument job, int side) {
    JobDocument seen = job.with(JobKey.IMAGE_SIZE, List.of(side, side), Values.SEARCHED);
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
    return parts(side).map(each -> (long) images * (each.tokens() + each.marks())).orElse(0L);
  }

  private Optional<Parts> parts(int side) {
    return grid.of(images, Optional.of(new Size(side, side)));
  }
}
