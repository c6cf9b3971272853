package dev.vramcast.formats.pickle;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values that wait for their container, with marks where containers began. */
final class PickleStack {

  private final PickleInput input;
  private final int open;
  private final List<@Nullable Object> values = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();

  PickleStack(PickleInput input, int open) {
    this.input = input;
    this.open = open;
  }

  void push(@Nullable Object value) {
    if (values.size() >= open) {
      throw input.failure("more than " + open + " values wait for their container");
    }
    values.add(value);
  }

  void mark() {
    if (marks.size() >= open) {
      throw input.failure("containers begun and not ended, more than " + open);
    }
    marks.add(values.size());
  }

  /** Takes the last value; null stands for Python's {@code None}. */
  @Nullable Object pop() {
    if (values.size() <= floor()) {
      throw input.failure("a value is missing");
    }
    return values.remove(values.size() - 1);
  }

  @Nullable Object top() {
    if (values.size() <= floor()) {
      throw input.failure("a value is missing");
    }
    return values.get(values.size() - 1);
  }

  /** The values above the last mark, which is taken away. */
  List<@Nullable Object> popToMark() {
    if (marks.isEmpty()) {
      throw input.failure("a container ends that was not begun");
    }
    List<@Nullable Object> above = values.subList(marks.remove(marks.size() - 1), values.size());
    List<@Nullable Object> copy = new ArrayList<>(above);
    above.clear();
    return copy;
  }

  /** Whether nothing but one value is left. */
  boolean isEmpty() {
    return values.isEmpty() && marks.isEmpty();
  }

  private int floor() {
    return marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
  }
}
