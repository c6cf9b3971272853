package dev.vramcast.core.allocator.flat;

import static dev.vramcast.core.allocator.flat.Parts.NONE;
import static dev.vramcast.core.allocator.flat.Parts.USED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PartsTest {

  private static final long KIB = 1L << 10;

  private final Parts parts = new Parts();

  @Test
  void nothing_is_found_among_no_parts() {
    assertThat(parts.find(512)).isEqualTo(NONE);
    assertThat(parts.largest()).isEqualTo(NONE);
    assertThat(parts.allFree()).isEmpty();
  }

  /** Sizes of one class, of the next, and of one whose bit is in another word. */
  @Test
  void the_smallest_part_that_is_large_enough_is_found() {
    int small = free(0, 33 * KIB);
    int like = free(1 << 20, 33 * KIB + 512);
    int larger = free(2 << 20, 40 * KIB);
    int huge = free(4 << 20, 1L << 40);

    assertThat(parts.find(33 * KIB)).isEqualTo(small);
    assertThat(parts.find(33 * KIB + 512)).isEqualTo(like);
    assertThat(parts.find(33 * KIB + 1024)).isEqualTo(larger);
    assertThat(parts.find(41 * KIB)).isEqualTo(huge);
    assertThat(parts.find((1L << 40) + 512)).isEqualTo(NONE);
    assertThat(parts.allFree()).containsExactly(small, like, larger, huge);
    assertThat(parts.largest()).isEqualTo(huge);
  }

  @Test
  void of_equal_parts_that_at_the_lowest_address_comes_first() {
    int third = free(3 * KIB, KIB);
    int first = free(KIB, KIB);
    int second = free(2 * KIB, KIB);

    assertThat(parts.allFree()).containsExactly(first, second, third);
    parts.take(first, USED);
    assertThat(parts.find(KIB)).isEqualTo(second);
    assertThat(parts.larger(second)).isEqualTo(third);
    assertThat(parts.larger(third)).isEqualTo(NONE);
  }

  @Test
  void a_class_that_is_empty_again_is_passed_over() {
    int only = free(0, KIB);
    int larger = free(KIB, 64 * KIB);
    parts.take(only, USED);

    assertThat(parts.find(512)).isEqualTo(larger);
    parts.take(larger, USED);
    assertThat(parts.find(512)).isEqualTo(NONE);
  }

  /** Of 8 KiB the first two are cut off, of the rest one. */
  @Test
  void what_is_cut_off_lies_before_the_rest() {
    int rest = parts.add(0, 8 * KIB, USED);
    int front = parts.cutFront(rest, 2 * KIB, USED);
    int middle = parts.cutFront(rest, KIB, USED);

    assertThat(new long[] {parts.address[front], parts.bytes[front]}).containsExactly(0, 2 * KIB);
    assertThat(new long[] {parts.address[middle], parts.bytes[middle]})
        .containsExactly(2 * KIB, KIB);
    assertThat(new long[] {parts.address[rest], parts.bytes[rest]})
        .containsExactly(3 * KIB, 5 * KIB);
    assertThat(parts.previous[middle]).isEqualTo(front);
    assertThat(parts.next[middle]).isEqualTo(rest);
    assertThat(parts.isSegment(rest)).isFalse();
  }

  @Test
  void a_part_that_is_given_back_becomes_one_with_its_free_neighbours() {
    int rest = parts.add(0, 8 * KIB, USED);
    int front = parts.cutFront(rest, 2 * KIB, USED);
    int middle = parts.cutFront(rest, KIB, USED);

    assertThat(parts.giveBack(front)).isEqualTo(front);
    assertThat(parts.giveBack(rest)).isEqualTo(rest);
    int whole = parts.giveBack(middle);

    assertThat(parts.allFree()).containsExactly(whole);
    assertThat(parts.address[whole]).isZero();
    assertThat(parts.bytes[whole]).isEqualTo(8 * KIB);
    assertThat(parts.isSegment(whole)).isTrue();
  }

  @Test
  void an_index_that_is_no_part_any_more_is_used_again() {
    int part = parts.add(0, KIB, USED);
    int gone = parts.add(KIB, KIB, USED);
    parts.drop(gone);

    assertThat(parts.add(4 * KIB, KIB, USED)).isEqualTo(gone).isNotEqualTo(part);
  }

  /** More than there is room for at first. */
  @Test
  void thousands_of_parts_keep_their_order() {
    int[] made = new int[5000];
    for (int i = 0; i < made.length; i++) {
      made[i] = parts.add(512L * i, 512L * (1 + i % 7), USED);
    }
    for (int part : made) {
      parts.free(part);
    }

    int[] free = parts.allFree();
    assertThat(free).hasSize(5000);
    long[] sizes = Arrays.stream(free).mapToLong(part -> parts.bytes[part]).toArray();
    assertThat(sizes).isSorted();
  }

  @Test
  void a_copy_changes_apart() {
    int part = free(0, KIB);
    Parts copy = parts.copy(null);
    copy.take(part, USED);

    assertThat(parts.find(KIB)).isEqualTo(part);
    assertThat(copy.find(KIB)).isEqualTo(NONE);
  }

  @Test
  void a_copy_in_the_room_of_other_parts_has_none_of_them() {
    int part = free(0, KIB);
    Parts others = new Parts();
    for (int i = 0; i < 5000; i++) {
      others.free(others.add(512L * i, 512L * (1 + i % 7), USED));
    }
    Parts copy = parts.copy(others);

    assertThat(copy).isSameAs(others);
    assertThat(copy.allFree()).containsExactly(part);
    assertThat(copy.add(KIB, KIB, USED)).isEqualTo(parts.add(KIB, KIB, USED));
  }

  @Test
  void a_copy_for_which_there_is_no_room_has_its_own() {
    for (int i = 0; i < 5000; i++) {
      free(512L * i, 512L * (1 + i % 7));
    }
    Parts small = new Parts();
    Parts copy = parts.copy(small);

    assertThat(copy).isNotSameAs(small);
    assertThat(copy.allFree()).isEqualTo(parts.allFree());
    assertThat(small.allFree()).isEmpty();
  }

  private int free(long address, long bytes) {
    int part = parts.add(address, bytes, USED);
    parts.free(part);
    return part;
  }
}
