package dev.vramcast.formats.run;

import static dev.vramcast.core.units.Multiples.GIB;
import static dev.vramcast.core.units.Multiples.MIB;

import dev.vramcast.core.calibration.MeasuredBytes;
import dev.vramcast.core.calibration.Run;
import dev.vramcast.core.calibration.RunFacts;
import dev.vramcast.core.calibration.RunFigure;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The table of {@code torch.cuda.memory_summary()}. Amounts are cut to whole units of 1024
 * (memory.py, {@code _format_size}); PyTorch 1 wrote the same units without their i.
 */
final class MemorySummary {

  private static final Pattern TITLE = Pattern.compile("PyTorch CUDA memory summary");
  private static final Pattern ROW =
      Pattern.compile(
          "\\| (Allocated memory|GPU reserved memory) +\\| +\\S+ +\\S+ +\\| +(\\S+) +(\\S+) +\\|");
  private static final Pattern RETRIES = Pattern.compile("cudaMalloc retries: (\\d{1,9})");
  private static final Map<String, Long> UNITS =
      Map.of(
          "B", 1L, "KiB", 1L << 10, "KB", 1L << 10, "MiB", MIB, "MB", MIB, "GiB", GIB, "GB", GIB,
          "TiB", 1L << 40, "TB", 1L << 40);

  private MemorySummary() {}

  static boolean isSummary(String text) {
    return TITLE.matcher(text).find();
  }

  static Run read(String text, String source) {
    RunBuilder run = new RunBuilder(source);
    Matcher row = ROW.matcher(text);
    while (row.find()) {
      boolean reserved = row.group(1).startsWith("GPU");
      run.highest(
          reserved ? RunFigure.RESERVED : RunFigure.ALLOCATED,
          bytes(row.group(2), row.group(3), run.about("peak of " + row.group(1)), source));
    }
    Run read = run.build();
    if (read.figures().size() < 2) {
      throw InputError.of(
              "a memory summary without the rows 'Allocated memory' and 'GPU reserved memory', so"
                  + " it is cut off")
          .at(Place.of(source))
          .kind(ErrorKind.MALFORMED)
          .refusal();
    }
    Matcher retries = RETRIES.matcher(text);
    if (retries.find() && Long.parseLong(retries.group(1)) > 0) {
      OptionalLong count = OptionalLong.of(Long.parseLong(retries.group(1)));
      run.facts(RunFacts.ofCard(OptionalLong.empty(), OptionalLong.empty(), count));
    }
    return run.build();
  }

  /** Cut and not rounded, so the middle of what it may be is half a unit above. */
  private static MeasuredBytes bytes(String number, String unit, InputError about, String source) {
    Long size = UNITS.get(unit);
    if (size == null) {
      throw about
          .and(" has the unit ", Shown.given(unit))
          .allowed("B, KiB, MiB, GiB, TiB")
          .refusal();
    }
    MeasuredBytes cut = Amount.bytes(number, size, about, source);
    return new MeasuredBytes(cut.bytes() + size / 2, size / 2, source);
  }
}
