package dev.vramcast.answers.correction;

import dev.vramcast.answers.memory.EstimateReport;
import dev.vramcast.answers.memory.Expectation;
import dev.vramcast.answers.memory.ExpectedMemory;
import dev.vramcast.core.calibration.CorrectedMemory;
import dev.vramcast.core.calibration.SavedCorrection;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.range.Verdict;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.time.TimeEstimate;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * An estimate after a correction.
 *
 * @param memory the figures of the rank that needs most
 * @param verdict whether the card holds the range of what is needed, which moves along
 * @param chance that it does, which moves along
 * @param speed of all GPUs in tokens a second; empty where none was measured, or none is estimated
 */
public record CorrectedFigures(
    SavedCorrection correction,
    ExpectedMemory estimated,
    CorrectedMemory memory,
    Optional<Gpu> card,
    Optional<Verdict> verdict,
    OptionalDouble chance,
    Optional<Speed> speed) {

  /** Tokens a second before and after. */
  public record Speed(double estimated, double corrected) {}

  /** Corrects an estimate. */
  public static CorrectedFigures of(EstimateReport report, SavedCorrection saved) {
    ExpectedMemory expected = report.expected();
    RankEstimate rank = expected.rank();
    CorrectedMemory memory =
        CorrectedMemory.of(
            saved.correction(),
            expected.allocated().bytes(),
            expected.reserved().bytes(),
            rank.readBytes(),
            expected.needed().bytes(),
            rank.outside().bytes());
    Expectation needed = new Expectation(memory.neededBytes(), expected.needed().row());
    Optional<Speed> speed =
        report
            .time()
            .map(TimeEstimate::tokensPerSecond)
            .filter(tokens -> saved.correction().speed().isPresent())
            .map(tokens -> new Speed(tokens, tokens * saved.correction().speed().getAsDouble()));
    Optional<Verdict> verdict =
        report
            .gpu()
            .flatMap(card -> needed.range().map(range -> range.verdict(card.allocatableBytes())));
    OptionalDouble chance = report.gpu().map(needed::chance).orElse(OptionalDouble.empty());
    return new CorrectedFigures(saved, expected, memory, report.gpu(), verdict, chance, speed);
  }
}
