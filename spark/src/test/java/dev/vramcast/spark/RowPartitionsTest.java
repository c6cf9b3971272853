package dev.vramcast.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RowPartitionsTest {

  @Test
  void partitions_cover_all_rows_and_none_twice() {
    Random random = new Random(8);
    for (int i = 0; i < 1000; i++) {
      long rows = 1 + random.nextLong(1L << (1 + random.nextInt(40)));
      long ofJob = 1 + random.nextLong(Math.min(rows, 100_000));
      RowPartitions split = RowPartitions.of(rows, ofJob, 1 + random.nextInt(5000));

      assertThat(split.start(0)).isZero();
      assertThat(split.start(split.partitions())).isEqualTo(rows);
      for (int partition = 0; partition < split.partitions(); partition++) {
        assertThat(split.start(partition)).isLessThan(split.start(partition + 1));
      }
    }
  }

  @Test
  void partitions_differ_by_a_chunk_at_most() {
    RowPartitions split = RowPartitions.of(10 * 8_000 + 1, 1_000, 4);

    assertThat(split).isEqualTo(new RowPartitions(80_001, 8_000, 4));
    assertThat(new long[] {split.start(1), split.start(2), split.start(3), split.start(4)})
        .containsExactly(24_000, 48_000, 72_000, 80_001);
  }

  @Test
  void settings_with_few_rows_are_not_cut_and_those_with_many_are() {
    assertThat(RowPartitions.of(1_000_000, 3_000, 8).chunk()).isEqualTo(6_000);
    assertThat(RowPartitions.of(1_000_000, 500_000, 8).chunk()).isEqualTo(8_192);
  }

  @Test
  void there_are_no_more_partitions_than_chunks() {
    assertThat(RowPartitions.of(100, 10, 8).partitions()).isEqualTo(1);
  }

  @Test
  void a_table_has_partitions_for_all_cores_and_not_too_large_ones() {
    assertThat(RowPartitions.usualPartitions(1_000, 2)).isEqualTo(8);
    assertThat(RowPartitions.usualPartitions(1_000_000_000, 2)).isEqualTo(1_000);
    assertThat(RowPartitions.usualPartitions(Long.MAX_VALUE, 2))
        .isEqualTo(JobArguments.MAX_PARTITIONS);
  }
}
