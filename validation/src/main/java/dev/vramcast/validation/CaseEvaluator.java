package dev.vramcast.validation;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Refusal;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.input.Words;
import dev.vramcast.core.run.MemoryEstimate;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.TraceReading;
import dev.vramcast.validation.cases.Case;
import dev.vramcast.validation.cases.MeasuredKind;
import dev.vramcast.validation.cases.Status;
import java.util.Map;

/** Runs the estimate for one case. Whatever stops it becomes the reason of that case alone. */
final class CaseEvaluator {

  private final Case subject;
  private CaseLabels labels;

  private CaseEvaluator(Case subject) {
    this.subject = subject;
    this.labels = CaseLabels.of(subject);
  }

  static CaseResult evaluate(Case subject) {
    return new CaseEvaluator(subject).evaluate();
  }

  private CaseResult evaluate() {
    try {
      ResolvedCase settled = ResolvedCase.of(subject);
      labels = labels.with(settled.job());
      Architecture architecture = settled.architecture();
      labels = labels.with(settled.job(), architecture);
      return subject.isThroughput() ? speed(settled, architecture) : memory(settled, architecture);
    } catch (InputException | UnsupportedJobException e) {
      return unsupported(((Refusal) e).notice().line(Words.DOCUMENT));
    } catch (RuntimeException e) {
      return unsupported("internal error: " + Shown.cause(e));
    }
  }

  private CaseResult speed(ResolvedCase settled, Architecture architecture) {
    SpeedCheck check = SpeedCheck.of(settled.speed(architecture), subject.measured());
    return CaseResult.ofSpeed(subject, labels, check);
  }

  private CaseResult memory(ResolvedCase settled, Architecture architecture) {
    if (subject.measured().peakBytes().isEmpty()) {
      return unsupported("no peak was measured");
    }
    Prediction prediction = prediction(settled, architecture);
    boolean told = !subject.sourceVersions().equals(subject.documentedVersion());
    Prediction stated =
        told ? prediction(ResolvedCase.asStated(subject), architecture) : prediction;
    return CaseComparison.of(subject, labels, prediction, stated);
  }

  private Prediction prediction(ResolvedCase settled, Architecture architecture) {
    MemoryEstimate memory = settled.memory(architecture);
    boolean ranOut = subject.measured().status() == Status.OUT_OF_MEMORY;
    RankEstimate rank =
        subject.isOfLastRank() ? memory.ranks().get(memory.ranks().size() - 1) : memory.worst();
    Prediction prediction =
        Prediction.of(
            architecture,
            settled.job(),
            rank,
            subject.measured().isOfWholeRun() ? settled.beside(architecture, memory) : Map.of(),
            subject.contextBytes(),
            ranOut);
    return subject.isBeforeStates() ? beforeStates(prediction, rank) : prediction;
  }

  /**
   * What passes without states take: the same as with them but these, where the peak is that of a
   * pass, and of what is allocated, as the allocator would reserve other blocks.
   */
  private Prediction beforeStates(Prediction prediction, RankEstimate rank) {
    if (rank.peakPhase() == Phase.STEP || subject.measured().kind() != MeasuredKind.ALLOCATED) {
      throw Gap.of("what is reserved, or the peak of an update, before the first one").refusal();
    }
    return prediction.withoutStates(states(rank));
  }

  /** Bytes of the optimizer's states at the peak. */
  private static long states(RankEstimate rank) {
    return rank.alive().stream()
        .filter(each -> each.category() == Category.OPTIMIZER)
        .filter(each -> !each.name().equals(Block.MASTER_WEIGHTS))
        .mapToLong(TraceReading.Alive::bytes)
        .sum();
  }

  private CaseResult unsupported(String reason) {
    return CaseResult.unsupported(subject, labels, reason);
  }
}
