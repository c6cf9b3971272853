package dev.vramcast.catalog.cloud;

import dev.vramcast.catalog.Resources;
import dev.vramcast.core.input.NearestName;
import dev.vramcast.input.table.TsvTable;
import dev.vramcast.input.table.TypedRow;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Machines that are rented or sold under a name of their own, and the cards in them. */
public final class Instances {

  private static final String FILE = "prices/instances.tsv";

  private static final List<String> COLUMNS =
      List.of("provider", "instance", "gpu", "count", "source");

  /** How such names look, so that the file is read for no other. */
  private static final Pattern NAME =
      Pattern.compile(
          "(?:ml\\.)?([a-z]\\w*(?:-\\w+)?\\.(?:\\d*xlarge|metal)"
              + "|[ag]\\d-\\w+-\\d+g?|standard_n\\w+"
              + "|(?:t4|a10g|a100)-(?:small|medium|large)(?:x\\d)?"
              + "|dgx (?:station )?\\w\\d+(?: \\d+gb)?)");

  /** What may be such a name misspelt. */
  private static final Pattern LIKELY =
      Pattern.compile("(?:ml\\.)?(?:[a-z]\\w*(?:-\\w+)?\\.\\w+|[ag]\\d-[\\w-]+|standard_\\w+)");

  /** What people say before a machine, one of which is no count. */
  private static final Pattern BEFORE =
      Pattern.compile(
          "^(?:(?:my|our|the|an?|one|single|1\\s?x|%s)\\s+)+".formatted(Providers.pattern()));

  /** What they say behind it. */
  private static final Pattern BEHIND =
      Pattern.compile(
          "\\s+(?:(?:on|at|from|in)\\s+(?:%s)|instance|machine|node|vm)$"
              .formatted(Providers.pattern()));

  /** Beyond what is said of such a machine. */
  public static final int LONGEST = 60;

  private Instances() {}

  /** What is in the machine of that name, with or without SageMaker's {@code ml.} before it. */
  public static Optional<CloudMachine> find(String name) {
    String plain = plain(name);
    return NAME.matcher(plain).matches()
        ? Optional.ofNullable(all().get(plain.replaceFirst("^ml\\.", "")))
        : Optional.empty();
  }

  /** The machine that was probably meant by a name that is none. */
  public static Optional<String> near(String name) {
    String plain = plain(name);
    return LIKELY.matcher(plain).matches()
        ? NearestName.slip(plain.replaceFirst("^ml\\.", ""), all().keySet())
        : Optional.empty();
  }

  /** In lower case, without what is said around it; empty of what is longer than any name. */
  private static String plain(String name) {
    if (name.length() > LONGEST) {
      return "";
    }
    String bare = BEFORE.matcher(name.strip().toLowerCase(Locale.ROOT)).replaceFirst("");
    return BEHIND.matcher(bare).replaceFirst("").replaceFirst("^dgx-?\\s?(?=\\w)", "dgx ");
  }

  /** All of them, by their names in lower case. */
  public static Map<String, CloudMachine> all() {
    return Held.ALL;
  }

  private static final class Held {

    private static final Map<String, CloudMachine> ALL = read();

    private static CloudMachine machine(TypedRow row) {
      int count = Math.toIntExact(row.count("count"));
      return new CloudMachine(
          row.optional("provider").orElse(""), row.text("instance"), row.text("gpu"), count);
    }

    private static Map<String, CloudMachine> read() {
      List<TypedRow> rows = TsvTable.read(FILE, Resources.lines(FILE), COLUMNS);
      TypedRow.refuseTwins(rows, "instance");
      return rows.stream()
          .collect(
              Collectors.toMap(
                  row -> row.text("instance").toLowerCase(Locale.ROOT), Held::machine));
    }
  }
}
