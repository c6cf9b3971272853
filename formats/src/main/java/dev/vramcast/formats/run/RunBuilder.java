package dev.vramcast.formats.run;

import dev.vramcast.core.calibration.MeasuredBytes;
import dev.vramcast.core.calibration.MeasuredSpeed;
import dev.vramcast.core.calibration.Run;
import dev.vramcast.core.calibration.RunFacts;
import dev.vramcast.core.calibration.RunFigure;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Subject;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects what one file reports. */
final class RunBuilder {

  private final String source;
  private final Map<RunFigure, MeasuredBytes> figures = new EnumMap<>(RunFigure.class);
  private final List<String> notes = new ArrayList<>();
  private Optional<MeasuredSpeed> speed = Optional.empty();
  private RunFacts facts = RunFacts.NONE;

  RunBuilder(String source) {
    this.source = source;
  }

  /** Begins an error about a key of the source. */
  InputError about(String key) {
    return InputError.about(new Subject.Item(key)).at(Place.of(source));
  }

  String source() {
    return source;
  }

  /** Of several amounts for a figure the highest counts. */
  RunBuilder highest(RunFigure figure, MeasuredBytes measured) {
    figures.merge(figure, measured, (a, b) -> b.bytes() > a.bytes() ? b : a);
    return this;
  }

  RunBuilder speed(double tokensPerSecond, boolean perGpu, MeasuredSpeed.Counted counted) {
    speed = Optional.of(new MeasuredSpeed(tokensPerSecond, perGpu, counted, source));
    return this;
  }

  RunBuilder facts(RunFacts more) {
    facts = more;
    return this;
  }

  RunBuilder note(String sentence) {
    notes.add(sentence);
    return this;
  }

  Run build() {
    return new Run(List.of(source), figures, speed, Map.of(), facts, notes);
  }
}
