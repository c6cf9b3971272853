package dev.vramcast.core.shard.zero;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Of parts of 10 elements. */
class OwnedSlicesTest {

  private final OwnedSlices slices = new OwnedSlices();

  private void add(long from, long elements) {
    slices.add(10, from, elements);
  }

  @Test
  void neighbours_of_one_rank_are_reduced_where_they_are() {
    add(6, 4);
    add(0, 6);

    assertThat(slices.largestCopy(100)).isZero();
  }

  @Test
  void those_of_two_ranks_are_put_together() {
    add(10, 4);
    add(6, 4);

    assertThat(slices.largestCopy(100)).isEqualTo(8);
  }

  /** Of 25 elements, 5, 10 and 10 are of a rank each. */
  @Test
  void a_copy_ends_with_the_slice_that_makes_it_more_than_a_bucket() {
    add(5, 25);

    assertThat(slices.largestCopy(24)).isEqualTo(25);
    assertThat(slices.largestCopy(15)).isEqualTo(25);
    assertThat(slices.largestCopy(14)).isEqualTo(15);
    assertThat(slices.largestCopy(10)).isEqualTo(15);
  }

  /** After 5 and 10, the 10 that are left are alone. */
  @Test
  void slices_that_are_each_more_than_a_bucket_are_reduced_where_they_are() {
    add(5, 25);

    assertThat(slices.largestCopy(5)).isEqualTo(15);
    assertThat(slices.largestCopy(4)).isZero();
  }

  @Test
  void what_comes_after_a_copy_begins_another() {
    add(0, 25);
    add(25, 5);

    assertThat(slices.largestCopy(10)).isEqualTo(20);
    assertThat(slices.largestCopy(9)).isZero();
  }
}
