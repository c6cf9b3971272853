package dev.vramcast.spark;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Subject;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What stands behind the jar in a call of {@code spark-submit}. */
record JobArguments(Map<Flag, List<String>> given) {

  /** A flag, with what is behind it. */
  enum Flag {
    IN("--in", "PATH", true),
    SPEC("--spec", "FILE", false),
    OUT("--out", "PATH", false),
    LIST("--list", "NAME|FILE", true),
    SPOT("--spot", "", false),
    MAX_PRICE_AGE("--max-price-age", "DAYS", false),
    PARTITIONS("--partitions", "N", false),
    OVERWRITE("--overwrite", "", false),
    YES("--yes", "", false);

    private final String label;
    private final String value;
    private final boolean repeats;

    Flag(String label, String value, boolean repeats) {
      this.label = label;
      this.value = value;
      this.repeats = repeats;
    }

    private boolean stands() {
      return value.isEmpty();
    }
  }

  /** The most partitions that are asked of Spark. */
  static final int MAX_PARTITIONS = 1_000_000;

  static final String USAGE =
      "--in PARQUET… or --spec SPEC.yaml, --out PARQUET [--overwrite] [--list NAME|FILE…] [--spot]"
          + " [--max-price-age DAYS] [--partitions N] [--yes]";

  /**
   * Reads the arguments.
   *
   * @throws InputException for a flag that is unknown, repeated or without its value, or when input
   *     or output is missing
   */
  static JobArguments parse(String... arguments) {
    Map<Flag, List<String>> given = new EnumMap<>(Flag.class);
    for (int i = 0; i < arguments.length; i++) {
      Flag flag = flag(arguments[i]);
      List<String> values = given.computeIfAbsent(flag, each -> new ArrayList<>());
      if (!values.isEmpty() && !flag.repeats) {
        throw InputError.about(Subject.option(flag.label))
            .and(" is given twice")
            .kind(ErrorKind.CONTRADICTION)
            .refusal();
      }
      if (!flag.stands() && i + 1 == arguments.length) {
        throw InputError.about(Subject.option(flag.label))
            .kind(ErrorKind.MISSING)
            .and(" needs a value: ", flag.value)
            .refusal();
      }
      values.add(flag.stands() ? "" : arguments[++i]);
    }
    JobArguments parsed = new JobArguments(given);
    parsed.check();
    return parsed;
  }

  private static Flag flag(String text) {
    return Stream.of(Flag.values())
        .filter(each -> each.label.equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                InputError.unknown(
                        "argument", text, Stream.of(Flag.values()).map(each -> each.label).toList())
                    .allowed(USAGE)
                    .refusal());
  }

  private void check() {
    if (has(Flag.IN) == has(Flag.SPEC)) {
      throw InputError.of("give either --in or --spec: ", USAGE).kind(ErrorKind.MISSING).refusal();
    }
    if (!has(Flag.OUT)) {
      throw InputError.about(Subject.option("--out"))
          .and(" is missing: ", USAGE)
          .kind(ErrorKind.MISSING)
          .refusal();
    }
    partitions();
  }

  boolean has(Flag flag) {
    return given.containsKey(flag);
  }

  /** What stands behind a flag, each time it is given. */
  List<String> all(Flag flag) {
    return given.getOrDefault(flag, List.of());
  }

  /** What stands behind a flag that is there. */
  String value(Flag flag) {
    return Objects.requireNonNull(given.get(flag)).get(0);
  }

  /** Into how many partitions rows are put; empty to leave them as they come. */
  Optional<Integer> partitions() {
    return all(Flag.PARTITIONS).stream().findFirst().map(JobArguments::count);
  }

  private static int count(String text) {
    int count = text.matches("\\d{1,7}") ? Integer.parseInt(text) : 0;
    if (count < 1 || count > MAX_PARTITIONS) {
      throw InputError.about(Subject.option("--partitions"))
          .is(text)
          .allowed("1 to ", MAX_PARTITIONS)
          .refusal();
    }
    return count;
  }
}
