package dev.vramcast.core.job.framework.rl;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.PartialJob;

/** What frameworks that train on completions agree on. */
final class Completed {

  private Completed() {}

  /**
   * Sequences of a prompt and a completion, of which each may have a default of its own.
   *
   * @param prompt tokens of a prompt where nothing is said
   * @param completion tokens of a completion where nothing is said
   */
  static FrameworkRules.Table lengths(
      FrameworkRules.Table table, int prompt, int completion, String source) {
    return table.doesWhen(
        JobKey.SEQUENCE_LENGTH,
        Completed::generates,
        source,
        d ->
            d.document().value(JobKey.PROMPT_LENGTH, Integer.class).orElse(prompt)
                + d.document().value(JobKey.COMPLETION_LENGTH, Integer.class).orElse(completion));
  }

  /** Who generates where nothing is said. */
  static FrameworkRules.Table engine(
      FrameworkRules.Table table, GenerationEngine engine, String source) {
    return table.doesWhen(JobKey.ENGINE, Completed::generates, source, d -> engine);
  }

  static boolean generates(PartialJob d) {
    return d.get(JobKey.STAGE, Stage.class).generates();
  }
}
