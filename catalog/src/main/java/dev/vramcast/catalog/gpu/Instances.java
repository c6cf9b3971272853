package dev.vramcast.catalog.gpu;

import dev.vramcast.catalog.Resources;
import dev.vramcast.input.table.TsvTable;
import dev.vramcast.input.table.TypedRow;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Machines that clouds rent under a name of their own, and the cards in them. */
final class Instances {

  static final String FILE = "gpus/instances.tsv";

  private static final List<String> COLUMNS = List.of("instance", "gpu", "count", "source");

  /** How such names look, so that the file is read for no other. */
  private static final Pattern NAME =
      Pattern.compile(
          "(?:ml\\.)?([a-z]\\w*(?:-\\w+)?\\.(?:\\d*xlarge|metal)"
              + "|[ag]\\d-\\w+-\\d+g?|standard_n\\w+)");

  private static final int LONGEST = 60;

  /** Cards of one machine. */
  record Cards(String gpu, int count) {

    /** As people write it, such as {@code 8x L4}. */
    String text() {
      return count + "x " + gpu;
    }
  }

  private Instances() {}

  /** What is in the machine of that name, with or without SageMaker's {@code ml.} before it. */
  static Optional<Cards> find(String name) {
    String plain = name.strip().toLowerCase(Locale.ROOT);
    if (plain.length() > LONGEST || !NAME.matcher(plain).matches()) {
      return Optional.empty();
    }
    return Optional.ofNullable(Held.ALL.get(plain.replaceFirst("^ml\\.", "")));
  }

  /** All of them, by their names in lower case. */
  static Map<String, Cards> all() {
    return Held.ALL;
  }

  private static final class Held {

    private static final Map<String, Cards> ALL = read();

    private static Map<String, Cards> read() {
      List<TypedRow> rows = TsvTable.read(FILE, Resources.lines(FILE), COLUMNS);
      TypedRow.refuseTwins(rows, "instance");
      return rows.stream()
          .collect(
              Collectors.toMap(
                  row -> row.text("instance").toLowerCase(Locale.ROOT),
                  row -> new Cards(row.text("gpu"), Math.toIntExact(row.count("count")))));
    }
  }
}
