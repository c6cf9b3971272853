package dev.vramcast.answers.max;

import dev.vramcast.answers.first.BestChange;
import dev.vramcast.answers.first.LifeWords;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.price.PriceLists;
import dev.vramcast.core.fit.Advice;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.fit.FitEvaluator;
import dev.vramcast.core.fit.Maximum.Values;
import dev.vramcast.core.fit.Remedies;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.life.Life.Shortage;
import dev.vramcast.core.run.Unquantised;
import java.util.Optional;

/**
 * The job with the least value that is searched, where not even that fits.
 *
 * @param value the least
 * @param unquantised what of a quantised base is not; empty where all of size is
 * @param advice what would make it fit
 */
record Least(int value, FitCheck check, Optional<Unquantised> unquantised, Advice advice) {

  static Least of(FitEvaluator evaluator, JobDocument job, Values values) {
    FitCheck check = values.least(evaluator, job);
    return new Least(
        values.first(),
        check,
        Unquantised.of(evaluator.architecture(), check.resolution().job()),
        Remedies.advise(evaluator, check, PriceLists.rented(GpuCatalog.embedded().all())));
  }

  /** As in {@code not even 1 fits: it needs 40.79 GiB}. */
  String need(String shown) {
    return "not even "
        + shown
        + " fits: "
        + check.shortage().map(LifeWords::takes).orElse("it needs " + Gib.text(check.deviceBytes()))
        + there(check);
  }

  /** As in {@code , of which there are 23.52 GiB}, of what decides. */
  static String there(FitCheck check) {
    long bytes = check.shortage().map(Shortage::availableBytes).orElse(check.usableBytes());
    return ", of which there are " + Gib.text(bytes);
  }

  /** What would help most, in a sentence. */
  String help() {
    return BestChange.of(advice);
  }
}
