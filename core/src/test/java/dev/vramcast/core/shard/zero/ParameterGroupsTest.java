package dev.vramcast.core.shard.zero;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.autograd.TracedCall;
import dev.vramcast.core.shard.ParameterSpec;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An embedding of 100, ten layers of 20 and 30, and a head of 100: 700 elements. */
class ParameterGroupsTest {

  private final TracedCall run = new TracedCall();
  private final ParameterGroups groups = new ParameterGroups();

  @BeforeEach
  void parameters() {
    add(100, 1);
    add(20, 10);
    add(30, 10);
    add(100, 1);
  }

  private void add(long elements, int times) {
    ParameterSpec spec =
        new ParameterSpec("weight", Category.WEIGHTS, elements, 10, DataType.BF16, true, false, 1);
    groups.add(spec, spec.whole(run.graph), elements, elements / 2, times);
  }

  @Test
  void what_one_rank_has_is_never_copied() {
    assertThat(groups.mostCopied(1000, 1)).isZero();
    assertThat(groups.mostCopied(10, 1)).isZero();
  }

  /** Of two ranks, the border is at 350, where a layer ends. */
  @ParameterizedTest
  @CsvSource({
    "1000, 700", // all
    "600, 600", // all but the head
    "150, 150", // the third has 300 to 450
    "110, 100", // the fourth has 300 to 400
    "50, 0", // a layer each
  })
  void a_bucket_holds_whole_gradients(long bucket, long most) {
    assertThat(groups.mostCopied(bucket, 2)).isEqualTo(most);
  }

  /** Of seven ranks, each has 100: the embedding and the head are of one each. */
  @Test
  void a_gradient_larger_than_a_bucket_ends_one() {
    assertThat(groups.mostCopied(99, 7)).isEqualTo(80);
  }

  /**
   * Of 28 ranks, each has 25: the embedding is of four, whose parts are put together two by two.
   */
  @ParameterizedTest
  @CsvSource({"99, 100", "75, 100", "74, 75", "49, 50", "25, 50", "24, 30"})
  void parts_of_a_large_gradient_are_copied_until_they_are_more_than_a_bucket(
      long bucket, long most) {
    assertThat(groups.mostCopied(bucket, 28)).isEqualTo(most);
  }
}
