package dev.vramcast.core.calibration;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run reports.
 *
 * @param sources the files and options that report it, in words
 * @param figures amounts of memory of one GPU
 * @param peak bytes at the peak of the allocated ones by component; empty without a trace
 * @param notes how the figures are to be understood, one sentence each
 */
public record Run(
    List<String> sources,
    Map<RunFigure, MeasuredBytes> figures,
    Optional<MeasuredSpeed> speed,
    Map<Component, Long> peak,
    RunFacts facts,
    List<String> notes) {

  public Run {
    sources = List.copyOf(sources);
    figures = Map.copyOf(figures);
    peak = Map.copyOf(peak);
    notes = List.copyOf(notes);
  }

  /** Whether there is nothing to hold an estimate against. */
  public boolean isEmpty() {
    return figures.isEmpty() && speed.isEmpty() && peak.isEmpty();
  }

  /** Whether it reports memory at a peak, from which an estimate can be corrected. */
  public boolean hasPeak() {
    return figures.keySet().stream().anyMatch(figure -> figure != RunFigure.AFTER_LOAD);
  }

  /** An amount, where the run reports it. */
  public Optional<MeasuredBytes> figure(RunFigure figure) {
    return Optional.ofNullable(figures.get(figure));
  }

  /**
   * One run that several files report on; of peaks the highest counts.
   *
   * @throws InputException when figures contradict each other
   */
  public static Run together(List<Run> runs) {
    List<String> sources = new ArrayList<>();
    Map<RunFigure, MeasuredBytes> figures = new EnumMap<>(RunFigure.class);
    Optional<MeasuredSpeed> speed = Optional.empty();
    Map<Component, Long> peak = Map.of();
    RunFacts facts = RunFacts.NONE;
    List<String> notes = new ArrayList<>();
    for (Run run : runs) {
      sources.addAll(run.sources());
      run.figures()
          .forEach(
              (figure, measured) ->
                  figures.merge(figure, measured, (a, b) -> b.bytes() > a.bytes() ? b : a));
      speed = speed.or(run::speed);
      peak = peak.isEmpty() ? run.peak() : peak;
      facts = facts.or(run.facts());
      run.notes().stream().filter(note -> !notes.contains(note)).forEach(notes::add);
    }
    Run whole = new Run(sources, figures, speed, peak, facts, notes);
    whole.refuseContradictions();
    return whole;
  }

  private void refuseContradictions() {
    RunFigure[] ascending = RunFigure.values();
    for (int lower = 0; lower < ascending.length; lower++) {
      for (int higher = lower + 1; higher < ascending.length; higher++) {
        refuse(ascending[lower], ascending[higher]);
      }
    }
  }

  /** Each figure counts what the one before counts, and more. */
  private void refuse(RunFigure lower, RunFigure higher) {
    MeasuredBytes part = figures.get(lower);
    MeasuredBytes whole = figures.get(higher);
    if (part == null || whole == null) {
      return;
    }
    if (part.bytes() - part.roundingBytes() > whole.bytes() + whole.roundingBytes()) {
      String reason =
          higher == RunFigure.DEVICE
              ? "nvidia-smi shows the moment it is asked: it may have missed the peak, or what the"
                  + " first steps reserved and gave back; leave one of the two out"
              : "";
      throw InputError.of(
              "the figures contradict each other: ",
              lower.label(),
              " is ",
              mebibytes(part),
              " (",
              part.source(),
              "), but ",
              higher.label(),
              ", which counts the same and more, is ",
              mebibytes(whole),
              " (",
              whole.source(),
              ")")
          .hint(reason)
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
  }

  private static String mebibytes(MeasuredBytes measured) {
    return (measured.bytes() >> 20) + " MiB";
  }
}
