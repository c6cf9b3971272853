package dev.vramcast.answers.request;

import static dev.vramcast.core.units.Multiples.GIB;
import static dev.vramcast.core.units.Multiples.MIB;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Subject;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An amount of memory as people write it: {@code 2GiB}, {@code 24 GB}, {@code 512MiB}. */
public final class MemoryText {

  private static final Pattern TEXT =
      Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?)\\s*([kmgt]i?b)", Pattern.CASE_INSENSITIVE);

  private static final Pattern NUMBER = Pattern.compile("\\d{1,4}(?:\\.\\d{1,3})?");

  private static final Map<String, BigDecimal> UNITS =
      Map.of(
          "mb", BigDecimal.valueOf(1_000_000),
          "gb", BigDecimal.valueOf(1_000_000_000),
          "tb", BigDecimal.valueOf(1_000_000_000_000L),
          "mib", BigDecimal.valueOf(MIB),
          "gib", BigDecimal.valueOf(GIB),
          "tib", BigDecimal.valueOf(1L << 40));

  private MemoryText() {}

  /**
   * The bytes that a text names: GB is 10^9, GiB is 2^30.
   *
   * @param option for the message
   */
  public static long bytes(Subject option, String text) {
    Matcher match = TEXT.matcher(text.strip());
    BigDecimal unit = match.matches() ? UNITS.get(match.group(2).toLowerCase(Locale.ROOT)) : null;
    if (unit == null) {
      InputError error =
          InputError.about(option)
              .is(text)
              .allowed("a number with MB, GB, TB, MiB, GiB or TiB, such as 2GiB");
      boolean bare = NUMBER.matcher(text.strip()).matches();
      throw (bare ? error.nearest(Optional.of(text.strip() + "GiB")) : error).refusal();
    }
    return new BigDecimal(match.group(1)).multiply(unit).longValue();
  }
}
