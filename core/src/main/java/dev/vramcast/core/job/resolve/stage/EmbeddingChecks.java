package dev.vramcast.core.job.resolve.stage;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.ContrastiveLoss;
import dev.vramcast.core.job.rule.PartialJob;
import java.util.List;
import java.util.Optional;

/** Refuses settings of stage embedding that its losses refuse. */
final class EmbeddingChecks {

  private EmbeddingChecks() {}

  static void check(PartialJob d) {
    checkAnchor(d);
    checkGuide(d);
  }

  /** {@code batch.sequence_length} is that of the longest texts. */
  private static void checkAnchor(PartialJob d) {
    if (!d.isSet(JobKey.PROMPT_LENGTH) || !d.isSet(JobKey.SEQUENCE_LENGTH)) {
      return;
    }
    int anchor = d.whole(JobKey.PROMPT_LENGTH);
    int longest = d.whole(JobKey.SEQUENCE_LENGTH);
    if (anchor > longest) {
      throw d.given(JobKey.PROMPT_LENGTH)
          .and(", the tokens of an anchor, but ", JobKey.SEQUENCE_LENGTH, " is ", longest)
          .allowed("at most that")
          .refusal();
    }
  }

  /** A guide tells false negatives of losses that have one, which compare two or three texts. */
  private static void checkGuide(PartialJob d) {
    Optional<ContrastiveLoss> loss =
        d.isSet(JobKey.LOSS_TYPE)
            ? d.list(JobKey.LOSS_TYPE, String.class).stream()
                .findFirst()
                .flatMap(ContrastiveLoss::of)
            : Optional.empty();
    boolean guided = loss.equals(Optional.of(ContrastiveLoss.GUIDED));
    if (guided && !d.isSet(JobKey.TEACHER)) {
      throw InputError.about(JobKey.TEACHER)
          .kind(ErrorKind.MISSING)
          .and(" is required where ", JobKey.LOSS_TYPE, " is ", d.shown(JobKey.LOSS_TYPE))
          .allowed(JobKey.TEACHER.kind().allowed())
          .refusal();
    }
    if (!guided && d.isSet(JobKey.TEACHER)) {
      throw InputError.about(JobKey.TEACHER)
          .at(d.document().place(JobKey.TEACHER))
          .and(" is set, but ", JobKey.LOSS_TYPE, " is one without a guide")
          .allowed(JobKey.LOSS_TYPE, " GISTEmbedLoss, CachedGISTEmbedLoss")
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
    List<Integer> widths =
        d.isSet(JobKey.MATRYOSHKA) ? d.list(JobKey.MATRYOSHKA, Integer.class) : List.of();
    if (widths.stream().distinct().count() < widths.size()) {
      throw d.given(JobKey.MATRYOSHKA).allowed("widths that differ").refusal();
    }
  }
}
