package dev.vramcast.catalog.source;

import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.Quantization;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.framework.StoredBase;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.value.NamedBits;
import java.util.Optional;

/** What a job that holds weights otherwise than their name says is told. */
final class StoredBits {

  private StoredBits() {}

  /**
   * Empty where the job holds them so, of a name that says nothing, and where there are no figures
   * of such weights.
   */
  static Optional<Notice> notice(String name, ResolvedJob job) {
    QuantizationScheme held = job.quantization().scheme();
    if (NamedBits.areFour(name)) {
      return held == QuantizationScheme.NONE ? Optional.of(ofFour(name)) : Optional.empty();
    }
    return NamedBits.scheme(name)
        .filter(stored -> !job.frameworkCode().is(LayerCode.YIELDS_TO_STORED))
        .filter(stored -> !Quantization.holder(stored).equals(Quantization.holder(held)))
        .map(stored -> ofOthers(name, stored, job));
  }

  private static Notice ofFour(String name) {
    return Notice.of("the weights of ", Shown.given(name), " are stored in 4 bits, and")
        .and(" the job trains with them in 16: ", JobKey.METHOD, " qlora")
        .and(" is what keeps them so");
  }

  private static Notice ofOthers(String name, QuantizationScheme stored, ResolvedJob job) {
    QuantizationScheme held = job.quantization().scheme();
    boolean whole = held == QuantizationScheme.NONE;
    String width = whole ? "16 bits" : held.label();
    Notice said = Notice.of("the weights of ", Shown.given(name), " are stored quantised, and");
    return whole && StoredBase.isLoadedBy(job)
        ? said.and(" the job trains with them in 16 bits: ", JobKey.QUANTIZATION_SCHEME)
            .and(" " + stored.label(), " is what keeps them so")
        : said.and(" nothing is known that loads them for this job in " + width)
            .and(": the figures are those of the original model, which is the one to name");
  }
}
