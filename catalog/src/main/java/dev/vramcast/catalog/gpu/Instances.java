package dev.vramcast.catalog.gpu;

import dev.vramcast.catalog.Resources;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.NearestName;
import dev.vramcast.core.job.document.JobKey;
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

  /** What may be such a name misspelt. */
  private static final Pattern LIKELY =
      Pattern.compile("(?:ml\\.)?(?:[a-z]\\w*(?:-\\w+)?\\.\\w+|[ag]\\d-[\\w-]+|standard_\\w+)");

  /** What people say before a machine, one of which is no count. */
  private static final Pattern BEFORE =
      Pattern.compile(
          "^(?:(?:my|our|the|an?|one|single|1\\s?x|amazon|aws|ec2|sagemaker|azure|google|gcp|gce)"
              + "\\s+)+");

  /** What they say behind it. */
  private static final Pattern BEHIND =
      Pattern.compile(
          "\\s+(?:(?:on|at|from|in)\\s+(?:aws|ec2|sagemaker|azure|gcp|gce)"
              + "|instance|machine|node|vm)$");

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
    String plain = plain(name);
    return NAME.matcher(plain).matches()
        ? Optional.ofNullable(all().get(plain.replaceFirst("^ml\\.", "")))
        : Optional.empty();
  }

  /** The machine that was probably meant by a name that is none. */
  static Optional<String> near(String name) {
    String plain = plain(name);
    return LIKELY.matcher(plain).matches()
        ? NearestName.slip(plain.replaceFirst("^ml\\.", ""), all().keySet())
        : Optional.empty();
  }

  /**
   * As {@link #find}, of a text that may name several machines.
   *
   * @throws InputException where it does, as a card's text names those of one
   */
  static Optional<Cards> one(String text) {
    Optional<Cards> found = find(text);
    if (found.isPresent() || text.length() > LONGEST) {
      return found;
    }
    CountedGpu counted = CountedGpu.of(text.strip());
    if (counted.count().orElse(1) > 1 && find(counted.name()).isPresent()) {
      throw InputError.value(text, " is several machines")
          .concerning(JobKey.GPU)
          .hint("name one, and give ", JobKey.NODES, " " + counted.count().getAsInt())
          .refusal();
    }
    return found;
  }

  /** In lower case, without what is said around it; empty of what is longer than any name. */
  private static String plain(String name) {
    if (name.length() > LONGEST) {
      return "";
    }
    String bare = BEFORE.matcher(name.strip().toLowerCase(Locale.ROOT)).replaceFirst("");
    return BEHIND.matcher(bare).replaceFirst("");
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
