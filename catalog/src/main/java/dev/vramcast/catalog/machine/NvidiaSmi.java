package dev.vramcast.catalog.machine;

import static dev.vramcast.core.units.Multiples.MIB;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Shown;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks NVIDIA's driver which GPUs there are. What it says is in use leaves out, from driver 510 on,
 * what the driver keeps to itself.
 *
 * @param program {@code nvidia-smi}
 */
record NvidiaSmi(DriverProgram program) {

  static final String NAME = "nvidia-smi";

  /** Under WSL the program is the Windows driver's, in a folder that not every PATH has. */
  static final Path WSL = Path.of("/usr/lib/wsl/lib");

  private static final List<String> QUERY =
      List.of("--query-gpu=index,name,memory.total,memory.used", "--format=csv,noheader,nounits");

  private static final String AMOUNT = "(\\d{1,9}|\\[[^\\]]{1,40}\\])(?: MiB)?";
  private static final Pattern LINE =
      Pattern.compile("(\\d{1,4})\\s*,\\s*(.{1,100}?)\\s*,\\s*" + AMOUNT + "\\s*,\\s*" + AMOUNT);

  static NvidiaSmi in(String path, Duration timeout) {
    return new NvidiaSmi(new DriverProgram(NAME, path, List.of(WSL), timeout));
  }

  /**
   * The cards in the driver's order, at least one.
   *
   * @throws InputException when the program does not answer as it should
   */
  List<LocalCard> cards(Path file) {
    List<LocalCard> cards =
        program
            .answer(file, QUERY)
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .map(this::card)
            .toList();
    if (cards.isEmpty()) {
      throw InputError.about(program.subject())
          .kind(ErrorKind.UNAVAILABLE)
          .and(" lists no GPU")
          .refusal();
    }
    return cards;
  }

  private LocalCard card(String line) {
    Matcher matcher = LINE.matcher(line);
    OptionalLong total = matcher.matches() ? amount(matcher.group(3)) : OptionalLong.empty();
    boolean none = total.isPresent() && total.getAsLong() == 0;
    if (!matcher.matches() || none) {
      throw InputError.about(program.subject())
          .kind(ErrorKind.UNAVAILABLE)
          .and(" prints ", Shown.given(line))
          .allowed("a number, a name, and the MiB of its memory and of what is in use")
          .refusal();
    }
    long used = amount(matcher.group(4)).orElse(0);
    return new LocalCard(
        Integer.parseInt(matcher.group(1)), matcher.group(2), total, Math.multiplyExact(used, MIB));
  }

  /** {@code [N/A]} of memory that the processor shares, and of a card that cannot be asked. */
  private static OptionalLong amount(String text) {
    return text.startsWith("[") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
  }
}
