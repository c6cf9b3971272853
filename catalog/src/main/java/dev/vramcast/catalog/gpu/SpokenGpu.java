package dev.vramcast.catalog.gpu;

import dev.vramcast.catalog.cloud.CloudMachine;
import dev.vramcast.catalog.cloud.Instances;
import dev.vramcast.catalog.cloud.Providers;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.document.JobKey;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What people name in place of a card or beside it: a computer, a cloud's machine, or where cards
 * are lent.
 */
final class SpokenGpu {

  private static final Pattern COMPUTER =
      Pattern.compile(
          "\\b(?:mac\\s?book|mac|imac)\\b(?:\\s*(?:pro|air|studio|mini)\\b)?"
              + "(?:\\s*(?:1[3-6]|2[1347])(?:\\.\\d)?[- ]?(?:inch|in|\")?(?![\\d.]|\\s?gb))?",
          Pattern.CASE_INSENSITIVE);

  /** A chip and its size in one word. */
  private static final Pattern CHIP =
      Pattern.compile("\\b(m[1-9])[- ]?(pro|max|ultra)\\b", Pattern.CASE_INSENSITIVE);

  /** What is said of a chip beside the computer that has it. */
  private static final Pattern OF_CHIP =
      Pattern.compile("\\b(?:m[1-9]\\w*|pro|max|ultra|apple)\\b", Pattern.CASE_INSENSITIVE);

  /** A count, memory and what people say with them, but no chip. */
  private static final Pattern NO_CHIP =
      Pattern.compile(
          "[\\W\\d_]*(?:(?:x|g|gb|gib|ram|memory|unified|with|of|inch|apple)\\b[\\W\\d_]*)*",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern PLACE =
      Pattern.compile(
          "(?:\\b(?:on|in|at|from|a|the|free)\\s+){0,3}\\b(?:google\\s+)?(colab|kaggle)\\b"
              + "(?:\\s*(?:free|pro\\+?|plus|notebooks?)(?!\\w))*",
          Pattern.CASE_INSENSITIVE);

  /** Cards that are lent there by the hour, or free (their pages on accelerators, recalled). */
  private static final Map<String, List<String>> LENT =
      Map.of(
          "colab", List.of("T4", "L4", "A100 40GB SXM4", "A100 80GB SXM4"),
          "kaggle", List.of("T4", "2x T4", "P100 16GB"));

  /** How it is paid for. */
  private static final Pattern HOURLY =
      Pattern.compile("\\s+(?:by the|per|for an|an) hours?$", Pattern.CASE_INSENSITIVE);

  private static final Pattern NO_CARD =
      Pattern.compile(
          "(?:the |my |a )?cpu(?: only)?|none|no (?:gpu|card)", Pattern.CASE_INSENSITIVE);

  /** {@code 3g.40gb} of an A100. */
  private static final Pattern SLICE =
      Pattern.compile("\\bmig\\b|\\b[1-7]g\\.\\d{1,3}gb\\b", Pattern.CASE_INSENSITIVE);

  /** A computer that is carried about, with a size or without one. */
  private static final Pattern PORTABLE =
      Pattern.compile(
          "(?:\\b(?:an?|my|the|gaming)\\s+)*(?:(\\d{1,3}\\s?gi?b)\\s+)?(?:gaming\\s+)?"
              + "(?:laptop|notebook)s?(?:\\s+(?:gpu|card|graphics))?"
              + "(?:\\s+(?:with\\s+)?(\\d{1,3}\\s?gi?b))?(?:\\s+(?:of\\s+)?vram)?",
          Pattern.CASE_INSENSITIVE);

  private SpokenGpu() {}

  /**
   * The size that is said of a portable computer and of nothing else; blank where none is said, and
   * empty of any other text.
   */
  static Optional<String> portable(String text) {
    Matcher matcher = PORTABLE.matcher(text.strip());
    if (text.length() > Instances.LONGEST || !matcher.matches()) {
      return Optional.empty();
    }
    String size = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    return Optional.of(size == null ? "" : size);
  }

  /**
   * A text without them.
   *
   * @throws InputException where nothing is left that names a card
   */
  static String plain(String text) {
    Optional<CloudMachine> machine = machine(text);
    if (machine.isPresent()) {
      return machine.get().text();
    }
    Optional<Providers.Said> rented = Providers.in(text);
    if (rented.isPresent()) {
      return plain(rented.get().rest());
    }
    refuseNoCard(text);
    String place = elsewhere(text);
    if (place.isEmpty() && !text.isBlank()) {
      throw lent(text);
    }
    String card = COMPUTER.matcher(place).replaceAll(" ").strip();
    if (!card.equals(place) && NO_CHIP.matcher(card).matches()) {
      throw InputError.value(text, " is a computer of several chips")
          .kind(ErrorKind.AMBIGUOUS)
          .concerning(JobKey.GPU)
          .hint("name its chip and memory, for example 'M3 Max 36GB'")
          .refusal();
    }
    return CHIP.matcher(card).replaceAll("$1 $2");
  }

  private static String elsewhere(String text) {
    String bare = HOURLY.matcher(text).replaceFirst("");
    return PLACE.matcher(bare).replaceAll(" ").strip();
  }

  /** What a word of a filter stands for: cards that are lent at a place, a computer's chips. */
  static List<String> names(String word) {
    Optional<CloudMachine> machine = machine(word);
    if (machine.isPresent()) {
      return List.of(machine.get().text().toLowerCase(Locale.ROOT));
    }
    Optional<Providers.Said> rented = Providers.in(word);
    if (rented.isPresent()) {
      return names(rented.get().rest());
    }
    String card = elsewhere(word);
    if (card.isEmpty() && !word.isBlank()) {
      return lentAt(word).stream()
          .map(name -> GpuName.parse(name).name().toLowerCase(Locale.ROOT))
          .distinct()
          .toList();
    }
    String chip = COMPUTER.matcher(card).replaceAll(" ").strip();
    boolean computer = !chip.equals(card) && (chip.isEmpty() || OF_CHIP.matcher(chip).find());
    return List.of(computer ? ("apple " + chip).strip() : card);
  }

  /**
   * The machine of that name.
   *
   * @throws InputException where there are several, as a card's text names those of one
   */
  private static Optional<CloudMachine> machine(String text) {
    Optional<CloudMachine> found = Instances.find(text);
    found.ifPresent(machine -> refuseAnothers(machine, text));
    if (found.isPresent() || text.length() > Instances.LONGEST) {
      return found;
    }
    CountedGpu counted = CountedGpu.of(text.strip());
    if (counted.count().orElse(1) > 1 && Instances.find(counted.name()).isPresent()) {
      throw InputError.value(text, " is several machines")
          .concerning(JobKey.GPU)
          .hint("name one, and give ", JobKey.NODES, " " + counted.count().getAsInt())
          .refusal();
    }
    return found;
  }

  private static void refuseAnothers(CloudMachine machine, String text) {
    Optional<String> said = Providers.in(text).map(Providers.Said::provider);
    if (!machine.provider().isEmpty() && said.filter(machine.provider()::equals).isEmpty()) {
      said.ifPresent(
          other -> {
            throw InputError.value(text, " names ", other)
                .and(", but ", machine.name(), " is a machine of ", machine.provider())
                .kind(ErrorKind.CONTRADICTION)
                .concerning(JobKey.GPU)
                .refusal();
          });
    }
  }

  private static void refuseNoCard(String text) {
    if (NO_CARD.matcher(text.strip()).matches()) {
      throw InputError.value(text, " is no card, and training without one is not described")
          .kind(ErrorKind.UNKNOWN)
          .concerning(JobKey.GPU)
          .hint("leave it out for the cards that people have")
          .refusal();
    }
    if (SLICE.matcher(text).find()) {
      throw InputError.value(text, " is a slice of a card (MIG), and whole ones are described")
          .kind(ErrorKind.UNKNOWN)
          .concerning(JobKey.GPU)
          .hint("a card of as much memory comes near, such as '40GB'")
          .refusal();
    }
  }

  private static List<String> lentAt(String text) {
    return LENT.entrySet().stream()
        .filter(each -> text.toLowerCase(Locale.ROOT).contains(each.getKey()))
        .findFirst()
        .map(Map.Entry::getValue)
        .orElse(List.of());
  }

  private static InputException lent(String text) {
    List<String> cards = lentAt(text);
    return InputError.value(text, " may be any of '", String.join("', '", cards), "'")
        .concerning(JobKey.GPU)
        .choices(cards)
        .refusal();
  }
}
