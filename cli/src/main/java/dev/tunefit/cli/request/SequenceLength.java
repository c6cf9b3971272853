package dev.tunefit.cli.request;

import dev.tunefit.core.architecture.Architecture;
import dev.tunefit.core.data.LengthDistribution;
import dev.tunefit.core.input.InputException;
import dev.tunefit.core.job.JobDocument;
import dev.tunefit.core.job.JobKey;
import dev.tunefit.core.job.JobResolver;
import dev.tunefit.core.job.Padding;
import dev.tunefit.core.job.Provenance;
import dev.tunefit.core.job.Resolution;
import dev.tunefit.core.job.ResolvedValue;
import java.util.List;
import java.util.Optional;

/**
 * Settles how long the sequences of the step are: as the user or the framework says, at most as
 * long as the longest example where batches are padded to theirs, and else the usual.
 *
 * @param cutOff tokens at which examples are cut
 */
record SequenceLength(Resolution resolution, int cutOff) {

  /** Tokens of a sequence when nobody says: the cut-off that most fine-tuning recipes use. */
  static final int USUAL = 2048;

  /** Resolves a document in which the length may be left out. */
  static SequenceLength settle(
      JobDocument document, Architecture architecture, Optional<LengthDistribution> lengths) {
    Optional<Resolution> said = resolve(document);
    if (said.isPresent()) {
      int cutOff = said.get().job().batch().sequenceLength();
      return longest(said.get(), lengths)
          .filter(longest -> longest < cutOff)
          .map(
              longest -> {
                String note = "the longest example; longer ones would be cut at " + cutOff;
                return new SequenceLength(
                    resolved(document, longest, Provenance.DERIVED, note), cutOff);
              })
          .orElse(new SequenceLength(said.get(), cutOff));
    }
    long limit = architecture.maxPositions();
    int cutOff = limit > 0 ? (int) Math.min(limit, LengthDistribution.LONGEST) : 0;
    Resolution usual = usual(document, cutOff);
    return longest(usual, lengths)
        .map(longest -> ofLongest(document, longest, cutOff))
        .orElse(new SequenceLength(usual, usual.job().batch().sequenceLength()));
  }

  private static SequenceLength ofLongest(JobDocument document, int longest, int limit) {
    boolean isCut = limit > 0 && longest > limit;
    String note =
        isCut ? "the model's limit, shorter than the longest example" : "the longest example";
    int length = isCut ? limit : longest;
    return new SequenceLength(
        resolved(document, length, Provenance.DERIVED, note), limit > 0 ? limit : longest);
  }

  /** Where batches are padded to their longest example, the longest of all. */
  private static Optional<Integer> longest(
      Resolution resolution, Optional<LengthDistribution> lengths) {
    return lengths
        .filter(known -> resolution.job().batch().padding() == Padding.LONGEST)
        .map(LengthDistribution::max);
  }

  /** Empty when nothing says how long sequences are. */
  private static Optional<Resolution> resolve(JobDocument document) {
    try {
      return Optional.of(JobResolver.resolve(document));
    } catch (InputException e) {
      if (document.has(JobKey.SEQUENCE_LENGTH)) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private static Resolution usual(JobDocument document, int limit) {
    boolean isShort = limit > 0 && limit < USUAL;
    String note = isShort ? "the model's limit" : "the usual cut-off";
    return resolved(document, isShort ? limit : USUAL, Provenance.ASSUMED, note);
  }

  private static Resolution resolved(
      JobDocument document, int length, Provenance provenance, String note) {
    Resolution resolution =
        JobResolver.resolve(document.with(JobKey.SEQUENCE_LENGTH, length, note));
    List<ResolvedValue> values =
        resolution.values().stream()
            .map(
                value ->
                    value.key() == JobKey.SEQUENCE_LENGTH
                        ? new ResolvedValue(value.key(), value.value(), provenance, note)
                        : value)
            .toList();
    return new Resolution(resolution.job(), values, resolution.warnings());
  }
}
