package dev.vramcast.core.job.framework.rl;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.rule.CompletionGroup;
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
    return table
        .leftOut(JobKey.ENGINE)
        .doesWhen(JobKey.ENGINE, Completed::generates, source, d -> engine);
  }

  /**
   * An engine on the same cards, which is set up for a prompt with its longest completion and
   * sleeps between generations.
   *
   * @param sleep its level
   */
  static FrameworkRules.Table resident(FrameworkRules.Table table, int sleep, String source) {
    return table
        .doesWhen(JobKey.ENGINE_SLEEP, Completed::sharesCards, source, d -> sleep)
        .doesWhen(
            JobKey.ENGINE_LENGTH,
            Completed::sharesCards,
            source,
            d -> d.whole(JobKey.SEQUENCE_LENGTH));
  }

  /** An engine on cards of its own makes the next batch while this one is trained on. */
  static FrameworkRules.Table ahead(FrameworkRules.Table table, String source) {
    return table.doesWhen(JobKey.ENGINE_AHEAD, Completed::hasOwnCards, source, d -> true);
  }

  private static boolean hasOwnCards(PartialJob d) {
    return d.get(JobKey.ENGINE, GenerationEngine.class).hasOwnCards();
  }

  static boolean sharesCards(PartialJob d) {
    return d.get(JobKey.ENGINE, GenerationEngine.class).sharesCards();
  }

  /**
   * Micro-batches of a rank that are generated at once.
   *
   * @param prompts that all ranks together generate for at once
   */
  static int rounds(PartialJob d, long prompts) {
    long group = d.find(JobKey.GROUP_SIZE, Integer.class).orElse(1);
    int ranks = CompletionGroup.ranks(d);
    long each = prompts * group / ((long) ranks * d.whole(JobKey.MICRO_BATCH));
    return (int) Math.max(d.whole(JobKey.GRAD_ACCUM), each);
  }

  static boolean generates(PartialJob d) {
    return d.get(JobKey.STAGE, Stage.class).generates();
  }
}
