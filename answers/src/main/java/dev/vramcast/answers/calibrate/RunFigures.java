package dev.vramcast.answers.calibrate;

import dev.vramcast.answers.request.MemoryText;
import dev.vramcast.core.calibration.MeasuredBytes;
import dev.vramcast.core.calibration.MeasuredSpeed;
import dev.vramcast.core.calibration.Run;
import dev.vramcast.core.calibration.RunFacts;
import dev.vramcast.core.calibration.RunFigure;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Subject;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The figures of a run as they stand behind options. */
public final class RunFigures {

  /** The options with an amount of memory. */
  public static final Map<RunFigure, String> OPTIONS =
      Map.of(
          RunFigure.AFTER_LOAD, "--after-load",
          RunFigure.ALLOCATED, "--allocated",
          RunFigure.RESERVED, "--reserved",
          RunFigure.DEVICE, "--device");

  /** The option with a speed. */
  public static final String SPEED = "--tokens-per-second";

  private static final long MOST_BYTES = 1L << 50;
  private static final double MOST_SPEED = 1e12;

  private RunFigures() {}

  /** The option with a figure of memory. */
  public static String option(RunFigure figure) {
    return Objects.requireNonNull(OPTIONS.get(figure));
  }

  /**
   * What the options say; empty when none is given.
   *
   * @param texts behind the options for memory
   */
  public static Optional<Run> read(Map<RunFigure, String> texts, Optional<String> speed) {
    Map<RunFigure, MeasuredBytes> figures = new EnumMap<>(RunFigure.class);
    texts.forEach((figure, text) -> figures.put(figure, bytes(option(figure), text)));
    Run run =
        new Run(
            List.of("the command line"),
            figures,
            speed.map(RunFigures::speed),
            Map.of(),
            RunFacts.NONE,
            List.of());
    return run.isEmpty() ? Optional.empty() : Optional.of(run);
  }

  private static MeasuredBytes bytes(String option, String text) {
    long bytes = MemoryText.bytes(Subject.option(option), text);
    if (bytes <= 0 || bytes > MOST_BYTES) {
      throw InputError.about(Subject.option(option))
          .is(text)
          .allowed("more than 0 and up to 1024 TiB")
          .refusal();
    }
    return new MeasuredBytes(bytes, bytes / 1000, option);
  }

  private static MeasuredSpeed speed(String text) {
    boolean number = text.matches("\\d{1,12}(\\.\\d{1,9})?");
    double value = number ? Double.parseDouble(text) : 0;
    if (!(value > 0 && value <= MOST_SPEED)) {
      throw InputError.about(Subject.option(SPEED))
          .is(text)
          .allowed("a number above 0, up to 10^12")
          .refusal();
    }
    return new MeasuredSpeed(value, false, MeasuredSpeed.Counted.ALL, SPEED);
  }
}
