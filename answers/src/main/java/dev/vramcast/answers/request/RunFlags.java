package dev.vramcast.answers.request;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.time.RunExtras;
import java.util.Optional;

/** The options about what a run does beside training. */
public final class RunFlags {

  /** Tokens of all evaluations. */
  public static final String EVAL_TOKENS = "--eval-tokens";

  /** Checkpoints that are written. */
  public static final String SAVES = "--saves";

  private static final long MOST_TOKENS = 1_000_000_000_000_000_000L;
  private static final long MOST_SAVES = 1_000_000;

  private RunFlags() {}

  /** Reads the texts behind the options; what is not given is as usual. */
  public static RunExtras read(Optional<String> evalTokens, Optional<String> saves) {
    return new RunExtras(
        evalTokens
            .map(text -> (double) whole(EVAL_TOKENS, text, MOST_TOKENS))
            .orElse(RunExtras.USUAL.evaluationTokens()),
        saves.map(text -> (int) whole(SAVES, text, MOST_SAVES)).orElse(RunExtras.USUAL.saves()));
  }

  private static long whole(String option, String text, long most) {
    if (text.matches("\\d{1,18}") && Long.parseLong(text) <= most) {
      return Long.parseLong(text);
    }
    throw InputError.about(Subject.option(option))
        .is(text)
        .allowed("a whole number from 0 to ", most)
        .refusal();
  }
}
