package dev.vramcast.validation;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * Limits that a report must keep, for continuous integration, e.g. {@code median=0.01,p95=0.03}.
 *
 * @param limits by name, in the order given
 */
public record FailAbove(Map<String, Double> limits) {

  private static final Map<String, Function<Summary, OptionalDouble>> FIGURES = figures();

  public FailAbove {
    limits = Collections.unmodifiableMap(new LinkedHashMap<>(limits));
  }

  /** The names that may have a limit. */
  public static List<String> names() {
    return List.copyOf(FIGURES.keySet());
  }

  /**
   * Reads {@code name=number} pairs that are separated by commas.
   *
   * @param option behind which the text stands
   */
  public static FailAbove parse(String text, Subject option) {
    Map<String, Double> limits = new LinkedHashMap<>();
    for (String pair : text.split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 0) {
        throw InputError.about(option).is(pair.strip()).allowed("name=number").refusal();
      }
      String name = pair.substring(0, equals).strip();
      if (!FIGURES.containsKey(name)) {
        throw InputError.about(option)
            .has(name)
            .allowed(String.join(", ", names()))
            .near(Shown.oneLine(name), names())
            .refusal();
      }
      if (limits.put(name, number(pair.substring(equals + 1).strip(), name, option)) != null) {
        throw InputError.about(option)
            .and(" has ", name, " twice")
            .kind(ErrorKind.CONTRADICTION)
            .refusal();
      }
    }
    return new FailAbove(limits);
  }

  /** One line for each limit that the report does not keep; empty when it keeps all. */
  public List<String> broken(Report report) {
    List<String> lines = new ArrayList<>();
    limits.forEach(
        (name, limit) -> {
          OptionalDouble found = Objects.requireNonNull(FIGURES.get(name)).apply(report.overall());
          if (found.isEmpty()) {
            lines.add(
                name + " has a limit of " + Shown.value(limit) + ", but no case has an error");
          } else if (found.getAsDouble() > limit) {
            lines.add(
                "%s is %s, above the limit of %s"
                    .formatted(
                        name, Shown.value(rounded(found.getAsDouble())), Shown.value(limit)));
          }
        });
    return lines;
  }

  private static double number(String text, String name, Subject option) {
    if (text.matches("\\d{1,9}(\\.\\d{1,12})?|\\.\\d{1,12}")) {
      return Double.parseDouble(text);
    }
    throw InputError.about(option)
        .has(name + "=" + text)
        .allowed("a number from 0, such as 0.05 for 5 %")
        .refusal();
  }

  /** Rounded up, so that what is above a limit also reads so. */
  private static double rounded(double value) {
    return Math.ceil(value * 1e6) / 1e6;
  }

  private static Map<String, Function<Summary, OptionalDouble>> figures() {
    Map<String, Function<Summary, OptionalDouble>> figures = new LinkedHashMap<>();
    figures.put("median", summary -> summary.errors().median());
    figures.put("p90", summary -> summary.errors().p90());
    figures.put("p95", summary -> summary.errors().p95());
    figures.put("max", summary -> summary.errors().max());
    figures.put("unsupported", summary -> OptionalDouble.of(summary.unsupportedShare()));
    figures.put("false_fits", summary -> OptionalDouble.of(summary.falseFits()));
    return Collections.unmodifiableMap(figures);
  }
}
