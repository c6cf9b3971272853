package dev.vramcast.catalog.cloud;

import static java.util.stream.Collectors.joining;

import dev.vramcast.catalog.Resources;
import dev.vramcast.input.table.TsvTable;
import dev.vramcast.input.table.TypedRow;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Who rents out machines, by the names that people have for them. */
public final class Providers {

  private static final String FILE = "prices/providers.tsv";
  private static final List<String> COLUMNS = List.of("provider", "spoken");

  /** Beyond what names a card and who rents it out. */
  private static final int LONGEST = 100;

  /**
   * What is rented out, and by whom.
   *
   * @param provider as price lists name it
   * @param rest the text without it
   */
  public record Said(String provider, String rest) {}

  private Providers() {}

  /** The name of a provider in price lists, of one that people give it; else that one. */
  public static String named(String word) {
    String lower = word.strip().toLowerCase(Locale.ROOT);
    return Held.NAMES.getOrDefault(lower, lower);
  }

  /** Whether a text is such a name, or that of a price list, and no more. */
  public static boolean isOne(String text) {
    return Held.NAMES.containsKey(text.strip().toLowerCase(Locale.ROOT));
  }

  /** The names that people have for them, in lower case, and those of price lists. */
  public static Set<String> spoken() {
    return Held.NAMES.keySet();
  }

  /** The provider before or behind a card, as in {@code runpod 4090} and {@code H100 on Lambda}. */
  public static Optional<Said> in(String text) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    Matcher said = Held.SAID.matcher(text.strip());
    if (!said.matches()) {
      return Optional.empty();
    }
    boolean before = said.group("before") != null;
    String provider = named(said.group(before ? "before" : "behind"));
    return Optional.of(
        new Said(provider, before ? said.group("count") + said.group("rest") : said.group("card")));
  }

  /** A pattern of all those names, in lower case. */
  static String pattern() {
    return Held.ANY;
  }

  private static final class Held {

    private static final Map<String, String> NAMES = read();

    private static final String ANY = alternatives();

    private static final Pattern SAID =
        Pattern.compile(
            ("(?<count>(?:\\d{1,3}\\s*[x*]?\\s+)?)(?<before>%1$s)(?:'s)?:?\\s+(?!colab)(?<rest>.+)"
                    + "|(?<card>.+?)\\s+(?:on|at|from|in|of)\\s+(?<behind>%1$s)")
                .formatted(ANY),
            Pattern.CASE_INSENSITIVE);

    /** The longest first, so that none is taken for the beginning of another. */
    private static String alternatives() {
      return Stream.concat(NAMES.keySet().stream(), NAMES.values().stream())
          .distinct()
          .sorted(Comparator.comparingInt(String::length).reversed())
          .map(Pattern::quote)
          .collect(joining("|"));
    }

    private static Map<String, String> read() {
      Map<String, String> names = new LinkedHashMap<>();
      for (TypedRow row : TsvTable.read(FILE, Resources.lines(FILE), COLUMNS)) {
        names.put(row.text("spoken"), row.text("provider"));
      }
      return Map.copyOf(names);
    }
  }
}
