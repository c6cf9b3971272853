package dev.vramcast.answers.request;

import dev.vramcast.answers.text.TimeText;
import dev.vramcast.core.cost.SpotTerms;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Subject;
import java.time.Duration;
import java.util.Optional;

/** The options about spot machines. */
public final class SpotFlags {

  /** Mean time between interruptions. */
  public static final String INTERRUPTIONS_EVERY = "--interruptions-every";

  /** Time between checkpoints. */
  public static final String CHECKPOINT_EVERY = "--checkpoint-every";

  /** Time to start again. */
  public static final String RESTART = "--restart";

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
    return TimeText.read(text)
        .filter(SpotTerms::isAllowed)
        .orElseThrow(
            () ->
                InputError.about(Subject.option(option))
                    .is(text)
                    .allowed("a time from 1s to 3650d, with ", TimeText.UNITS, ", such as 24h")
                    .refusal());
  }
}
