package dev.vramcast.answers.text;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Profile;
import dev.vramcast.core.time.RunExtras;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The command line that asks about a job again. */
public final class JobCommand {

  private static final String PLAIN = "[A-Za-z0-9._/:@%+,=-]+";

  private JobCommand() {}

  /**
   * As {@code vramcast estimate --model gpt2 ...}; empty where the model's configuration is an
   * object, which no flag takes.
   *
   * @param extras what the run does beside training
   */
  public static Optional<String> estimate(JobDocument job, RunExtras extras) {
    if (job.modelConfig().isPresent()) {
      return Optional.empty();
    }
    String flags =
        job.entries().values().stream()
            .filter(entry -> entry.value() != Profile.RECOMMENDED)
            .map(JobCommand::flag)
            .filter(text -> !text.isEmpty())
            .collect(Collectors.joining(" "));
    return Optional.of("vramcast estimate " + flags + beside(extras));
  }

  private static String beside(RunExtras extras) {
    String evaluation =
        extras.evaluationTokens() > 0
            ? " --eval-tokens " + Gib.rounded(extras.evaluationTokens(), 0)
            : "";
    return evaluation
        + (extras.saves() == RunExtras.USUAL.saves() ? "" : " --saves " + extras.saves());
  }

  private static String flag(JobDocument.Entry entry) {
    JobKey key = entry.key();
    Object plain = key.kind().plain(entry.value());
    if (plain instanceof Boolean yes) {
      return key.flag() + (yes ? "" : "=false");
    }
    String text =
        plain instanceof List<?> list
            ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
            : String.valueOf(plain);
    return text.isEmpty() ? "" : key.flag() + " " + quoted(text);
  }

  private static String quoted(String text) {
    return text.matches(PLAIN) ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
