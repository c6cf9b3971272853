package dev.vramcast.linker;

import java.util.List;
import java.util.function.Supplier;

/** Records with components of all kinds, and how they are compared, hashed and printed. */
public final class RecordExamples implements Supplier<List<String>> {

  record Empty() {}

  record Pair<T>(T first, T second) {}

  record Mixed(
      boolean flag,
      byte small,
      short shorter,
      char letter,
      int number,
      long large,
      float real,
      double wide,
      String text,
      List<String> many) {}

  /** Answers. */
  @Override
  public List<String> get() {
    List<Record> records =
        List.of(
            new Empty(),
            new Pair<>("a", null),
            new Pair<>("a", List.of(1)),
            new Pair<>(null, "a"),
            mixed(true, 1, Float.NaN, 0.0, "text"),
            mixed(true, 1, Float.NaN, -0.0, "text"),
            mixed(false, 1L << 40, 2.5f, 0.0, ""),
            mixed(false, 1L << 40, 2.5f, 0.0, ""));
    return records.stream().map(record -> line(record, records)).toList();
  }

  private static String line(Record record, List<Record> others) {
    return record + " " + record.hashCode() + others.stream().map(record::equals).toList();
  }

  private static Mixed mixed(boolean flag, long large, float real, double wide, String text) {
    return new Mixed(
        flag, (byte) -1, (short) 300, 'c', 7, large, real, wide, text, List.of(text, "b"));
  }
}
