package dev.vramcast.catalog.machine;

import static dev.vramcast.core.units.Multiples.MIB;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.input.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks AMD's driver which GPUs there are. Its JSON has an object for each, {@code card0}, whose
 * values are texts and whose keys changed their capitals with ROCm 6.
 *
 * @param program {@code rocm-smi}
 */
record RocmSmi(DriverProgram program) {

  static final String NAME = "rocm-smi";

  /** Where ROCm's packages put it, which not every PATH has. */
  private static final Path ROCM = Path.of("/opt/rocm/bin");

  private static final List<String> QUERY =
      List.of("--showproductname", "--showmeminfo", "vram", "--json");

  private static final Pattern CARD = Pattern.compile("card(\\d{1,4})");

  /** What tells its name, the best first: a model is often a number of the PCI bus. */
  private static final List<String> NAMES = List.of("card series", "card model", "device name");

  static RocmSmi in(String path, Duration timeout) {
    return new RocmSmi(new DriverProgram(NAME, path, List.of(ROCM), timeout));
  }

  /**
   * The cards by their numbers, at least one.
   *
   * @throws InputException when the program does not answer as it should
   */
  List<LocalCard> cards(Path file) {
    List<LocalCard> cards =
        object(program.answer(file, QUERY)).entrySet().stream()
            .flatMap(entry -> card(entry.getKey(), entry.getValue()).stream())
            .sorted(Comparator.comparingInt(LocalCard::index))
            .toList();
    if (cards.isEmpty()) {
      throw InputError.about(program.subject())
          .kind(ErrorKind.UNAVAILABLE)
          .and(" lists no GPU")
          .refusal();
    }
    return cards;
  }

  /** Warnings, such as of a card that sleeps, stand before the JSON. */
  private static Map<String, Object> object(String text) {
    int start = Math.max(0, text.indexOf('{'));
    return Json.object(
        Place.of(NAME), text.substring(start).strip().getBytes(StandardCharsets.UTF_8));
  }

  private Optional<LocalCard> card(String key, Object value) {
    Matcher matcher = CARD.matcher(key);
    if (!matcher.matches() || !(value instanceof Map<?, ?> fields)) {
      return Optional.empty();
    }
    String name =
        NAMES.stream()
            .flatMap(field -> text(fields, field).stream())
            .filter(text -> !text.startsWith("0x") && !text.equals("N/A"))
            .findFirst()
            .orElseThrow(() -> refusal(key, "a name"));
    long total = bytes(fields, "vram total memory (b)").orElseThrow(() -> refusal(key, "a total"));
    long used = bytes(fields, "vram total used memory (b)").orElse(0);
    return Optional.of(
        new LocalCard(
            Integer.parseInt(matcher.group(1)), name, OptionalLong.of(total / MIB), used));
  }

  private InputException refusal(String card, String what) {
    return InputError.about(program.subject())
        .kind(ErrorKind.UNAVAILABLE)
        .and(" does not say ", what, " of ", Shown.given(card))
        .refusal();
  }

  private static OptionalLong bytes(Map<?, ?> fields, String key) {
    return text(fields, key)
        .filter(text -> text.matches("\\d{1,15}"))
        .map(text -> OptionalLong.of(Long.parseLong(text)))
        .orElse(OptionalLong.empty());
  }

  private static Optional<String> text(Map<?, ?> fields, String key) {
    return fields.entrySet().stream()
        .filter(entry -> String.valueOf(entry.getKey()).equalsIgnoreCase(key))
        .map(entry -> String.valueOf(entry.getValue()).strip())
        .findFirst();
  }
}
