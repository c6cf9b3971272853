package dev.vramcast.core.fit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.vision.OwnSize;
import dev.vramcast.core.architecture.vision.Quartered;
import dev.vramcast.core.architecture.vision.RoundedSize;
import dev.vramcast.core.architecture.vision.SplitTiles;
import dev.vramcast.core.fit.Maximum.Values;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SizesBesideTextTest {

  private static final int LONG = 1 << 20;
  private static final SizesBesideText PIXTRAL = new SizesBesideText(new OwnSize(16, 1, 1024), 2);

  @Test
  void each_side_is_the_largest_that_the_processor_makes_the_same_of() {
    Values values = PIXTRAL.values(100, LONG);
    assertThat(IntStream.range(0, 3).map(values::at)).containsExactly(32, 48, 64);
    assertThat(values.count()).isEqualTo(63);
  }

  @Test
  void the_last_is_the_first_with_the_most_tokens() {
    assertThat(PIXTRAL.values(100, LONG).most()).isEqualTo(1009);
    SizesBesideText qwen = new SizesBesideText(new RoundedSize(14, 2, 3136, 12_845_056), 1);
    assertThat(qwen.values(100, LONG).most()).isEqualTo(3570);
  }

  @Test
  void where_all_sizes_have_as_many_tokens_the_last_has_the_most_patches() {
    SizesBesideText idefics = new SizesBesideText(new Quartered(14, 378, 980, 64), 1);

    assertThat(idefics.values(100, LONG).most()).isEqualTo(980);
  }

  @Test
  void lengths_beside_images_grow_by_their_tokens_and_marks() {
    JobDocument job =
        JobDocument.empty()
            .withFlag(JobKey.SEQUENCE_LENGTH, "100")
            .withFlag(JobKey.PROMPT_LENGTH, "60");

    JobDocument seen = PIXTRAL.values(100, LONG).put().in(job, 64);

    assertThat(seen.value(JobKey.IMAGE_SIZE, List.class)).contains(List.of(64, 64));
    assertThat(seen.value(JobKey.SEQUENCE_LENGTH, Integer.class)).contains(100 + 2 * (16 + 4));
    assertThat(seen.value(JobKey.PROMPT_LENGTH, Integer.class)).contains(60 + 2 * (16 + 4));
  }

  @Test
  void no_sequence_is_longer_than_the_model_allows() {
    Values values = PIXTRAL.values(100, 140);
    assertThat(values.at(values.count() - 1)).isEqualTo(64);
  }

  @Test
  void a_processor_that_brings_squares_to_one_size_has_nothing_to_look_for() {
    assertThat(PIXTRAL.matter()).isTrue();
    assertThat(new SizesBesideText(new SplitTiles(364, 1820, 676, 169), 1).matter()).isFalse();
  }
}
