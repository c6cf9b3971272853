package dev.vramcast.answers.request;

import dev.vramcast.core.cost.SpotTerms;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Subject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The options about spot machines. */
public final class SpotFlags {

  /** Mean time between interruptions. */
  public static final String INTERRUPTIONS_EVERY = "--interruptions-every";

  /** Time between checkpoints. */
  public static final String CHECKPOINT_EVERY = "--checkpoint-every";

  /** Time to start again. */
  public static final String RESTART = "--restart";

  private static final Pattern TEXT =
      Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?)\\s*(s|min|h|d)", Pattern.CASE_INSENSITIVE);

  private static final Map<String, Long> UNITS =
      Map.of("s", 1L, "min", 60L, "h", 3600L, "d", 86_400L);

  private SpotFlags() {}

  /** Reads the texts behind the options; what is not given is as usual. */
  public static SpotTerms read(
      Optional<String> between, Optional<String> interval, Optional<String> restart) {
    return new SpotTerms(
        between.map(text -> time(INTERRUPTIONS_EVERY, text)).orElse(SpotTerms.USUAL.between()),
        interval.map(text -> time(CHECKPOINT_EVERY, text)),
        restart.map(text -> time(RESTART, text)));
  }

  private static Duration time(String option, String text) {
    Matcher match = TEXT.matcher(text.strip());
    if (match.matches()) {
      String unitName = match.group(2).toLowerCase(Locale.ROOT);
      BigDecimal unit = BigDecimal.valueOf(Objects.requireNonNull(UNITS.get(unitName)));
      BigDecimal seconds = new BigDecimal(match.group(1)).multiply(unit);
      Duration time = Duration.ofMillis(seconds.movePointRight(3).longValue());
      if (SpotTerms.isAllowed(time)) {
        return time;
      }
    }
    throw InputError.about(Subject.option(option))
        .is(text)
        .allowed("a time from 1s to 3650d, with s, min, h or d, such as 24h")
        .refusal();
  }
}
