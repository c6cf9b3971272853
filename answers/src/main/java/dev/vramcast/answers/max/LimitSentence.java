package dev.vramcast.answers.max;

import dev.vramcast.answers.first.LifeWords;
import dev.vramcast.answers.first.Training;
import dev.vramcast.answers.memory.Chance;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.fit.Maximum;
import java.util.Optional;

/** The most of something that a card holds, in one sentence. */
final class LimitSentence {

  private LimitSentence() {}

  /**
   * As {@code LoRA of llama-3.1-8b on RTX 4090 takes sequences of 4315 tokens for certain, and up
   * to 10971 by the estimate (58 %).}
   */
  static String of(LimitReport report) {
    LimitReport.Ends ends = report.ends();
    String subject =
        ends.check().map(check -> Training.of(check.resolution().job()).first() + " of ").orElse("")
            + report.model()
            + " on "
            + report.cards();
    Optional<FitCheck> lacking =
        ends.least().map(Least::check).filter(check -> check.shortage().isPresent());
    if (lacking.isPresent()) {
      String whatever = "whatever the " + report.sought().words();
      return LifeWords.onEach(lacking.get(), subject, whatever);
    }
    return subject + ends(report.sought(), ends) + ".";
  }

  private static String ends(Sought sought, LimitReport.Ends ends) {
    Optional<String> sure = ends.sure().map(found -> sought.phrase(found.value()));
    if (ends.likely().isEmpty()) {
      return ends.least()
          .map(
              least ->
                  " does not even take "
                      + sought.phrase(least.value())
                      + ": it needs "
                      + Gib.text(least.check().deviceBytes())
                      + Least.there(least.check()))
          .orElse(" takes none");
    }
    Maximum likely = ends.likely().get();
    String chance = Chance.text(likely.check().chance());
    String byEstimate = " by the estimate" + (chance.isEmpty() ? "" : " (" + chance + ")");
    if (sure.isEmpty()) {
      return " takes " + sought.phrase(likely.value()) + byEstimate + ", and none for certain";
    }
    boolean same = ends.sure().get().value() == likely.value();
    return " takes "
        + sure.get()
        + " for certain"
        + (same ? "" : ", and up to " + sought.shown(likely.value()) + byEstimate);
  }
}
