package dev.vramcast.formats.run;

import static dev.vramcast.core.units.Multiples.GIB;

import dev.vramcast.core.calibration.MeasuredSpeed.Counted;
import dev.vramcast.core.calibration.Run;
import dev.vramcast.core.calibration.RunFacts;
import dev.vramcast.core.calibration.RunFigure;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What trainers print: entries of Transformers and Axolotl, and the lines of Unsloth's notebooks.
 *
 * <p>Axolotl writes {@code memory/max_allocated (GiB)}, and before 0.13 {@code
 * memory/max_mem_allocated(gib)} (core/trainers/base.py); 0.8 wrote a line after loading whose GB
 * are divided by 1024^3 (utils/bench.py). So are those of Unsloth (unsloth/__init__.py, {@code
 * _bytes_to_gb}, and its notebooks).
 */
final class ConsoleLog {

  private static final Pattern AXOLOTL =
      Pattern.compile(
          "memory/(max_allocated|max_mem_allocated|device_reserved|device_mem_reserved)"
              + " ?(\\([^)]{0,20}\\)|(?![ (]))"
              + value());
  private static final Pattern AXOLOTL_SPEED =
      Pattern.compile("(?:tokens_per_second_per_gpu|tokens/train_per_sec_per_gpu)" + value());
  private static final Pattern AXOLOTL_LOADED =
      Pattern.compile("memory usage after (?:model load|adapters): ([\\d.]{1,20})(\\w{1,10})");
  private static final Pattern UNSLOTH_PEAK =
      Pattern.compile("Peak reserved memory = (\\S{1,30}) (\\w{1,10})\\.");
  private static final Pattern UNSLOTH_CARD =
      Pattern.compile("Max memory(?: =|:) (\\S{1,30}) (\\w{1,10})\\.");
  private static final Pattern RATE =
      Pattern.compile("'(train_tokens_per_second|train_samples_per_second)'" + value());

  private final String source;
  private final RunBuilder run;
  private final List<Double> speeds = new ArrayList<>();
  private OptionalDouble tokens = OptionalDouble.empty();
  private OptionalDouble samples = OptionalDouble.empty();
  private OptionalLong card = OptionalLong.empty();

  private ConsoleLog(String source) {
    this.source = source;
    this.run = new RunBuilder(source);
  }

  /** A quote that ends the name, a sign between, and the value up to what ends it. */
  private static String value() {
    return "['\"]?\\s{0,20}[:=]?\\s{0,20}['\"]?([^\\s'\",}\\u2581-\\u2588]{1,40})";
  }

  static Run read(String text, String source) {
    ConsoleLog log = new ConsoleLog(source);
    int number = 0;
    String last = "";
    for (String line : text.split("[\\r\\n]+")) {
      number++;
      log.line(line, Place.of(source, number));
      last = line.isBlank() ? last : line;
    }
    if (last.lastIndexOf("{'") > last.lastIndexOf('}')) {
      throw InputError.of("the log is cut off within its last entry")
          .at(Place.of(source))
          .kind(ErrorKind.MALFORMED)
          .refusal();
    }
    return log.run();
  }

  private void line(String line, Place place) {
    Matcher memory = AXOLOTL.matcher(line);
    while (memory.find()) {
      String name = "memory/" + memory.group(1);
      if (!memory.group(2).equalsIgnoreCase("(gib)")) {
        throw unknownUnit(place, name, memory.group(2));
      }
      bytes(
          name.contains("reserved") ? RunFigure.RESERVED : RunFigure.ALLOCATED,
          memory.group(3),
          about(place, name));
    }
    loaded(line, place);
    unsloth(line, place);
    Matcher speed = AXOLOTL_SPEED.matcher(line);
    while (speed.find()) {
      speeds.add(Amount.perSecond(speed.group(1), about(place, "tokens per second")));
    }
    Matcher rate = RATE.matcher(line);
    while (rate.find()) {
      double value = Amount.perSecond(rate.group(2), about(place, rate.group(1)));
      if (rate.group(1).contains("tokens")) {
        tokens = OptionalDouble.of(value);
      } else {
        samples = OptionalDouble.of(value);
      }
    }
  }

  private void loaded(String line, Place place) {
    Matcher loaded = AXOLOTL_LOADED.matcher(line);
    if (loaded.find()) {
      gigabytes(loaded.group(2), place, "memory usage after loading");
      bytes(RunFigure.AFTER_LOAD, loaded.group(1), about(place, "memory usage after loading"));
    }
  }

  private void unsloth(String line, Place place) {
    for (Map.Entry<String, Pattern> each :
        Map.of("Peak reserved memory", UNSLOTH_PEAK, "Max memory", UNSLOTH_CARD).entrySet()) {
      Matcher found = each.getValue().matcher(line);
      if (!found.find()) {
        continue;
      }
      InputError name = about(place, each.getKey());
      gigabytes(found.group(2), place, each.getKey());
      if (each.getKey().startsWith("Peak")) {
        bytes(RunFigure.RESERVED, found.group(1), name);
      } else {
        card = OptionalLong.of(Amount.bytes(found.group(1), GIB, name, source).bytes());
      }
    }
  }

  private void bytes(RunFigure figure, String number, InputError about) {
    run.highest(figure, Amount.bytes(number, GIB, about, source));
  }

  private static void gigabytes(String unit, Place place, String name) {
    if (!unit.equals("GB") && !unit.equals("GiB")) {
      throw unknownUnit(place, name, unit);
    }
  }

  private static InputError about(Place place, String name) {
    return InputError.about(new Subject.Item(name)).at(place);
  }

  private static InputException unknownUnit(Place place, String name, String unit) {
    return about(place, name)
        .and(" has the unit ", Shown.given(unit), ", which is not known")
        .allowed("GiB")
        .refusal();
  }

  private Run run() {
    OptionalDouble each =
        tokens.isPresent() && samples.isPresent()
            ? OptionalDouble.of(tokens.getAsDouble() / samples.getAsDouble())
            : OptionalDouble.empty();
    RunFacts data = RunFacts.ofData(each, samples);
    run.facts(
        new RunFacts(
            data.tokensPerSample(),
            data.samplesPerSecond(),
            card,
            OptionalLong.empty(),
            OptionalLong.empty()));
    if (tokens.isPresent()) {
      run.speed(tokens.getAsDouble(), false, Counted.UNKNOWN);
    } else if (!speeds.isEmpty()) {
      Collections.sort(speeds);
      run.speed(speeds.get(speeds.size() / 2), true, Counted.TRAINED);
      run.note(
          "The speed is the median of %d entries; Axolotl counts the tokens that the loss is taken"
                  .formatted(speeds.size())
              + " of.");
    }
    return run.build();
  }
}
