package dev.vramcast.formats.run;

import dev.vramcast.core.calibration.MeasuredBytes;
import dev.vramcast.core.calibration.Run;
import dev.vramcast.core.calibration.RunFacts;
import dev.vramcast.core.calibration.RunFigure;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The table that {@code nvidia-smi} prints, with its list of processes where that names any. */
final class SmiTable {

  /** A row is 91 characters wide. */
  private static final int LONGEST = 1_000;

  private static final Pattern TITLE = Pattern.compile("NVIDIA-SMI \\d");
  private static final Pattern DEVICE = Pattern.compile("\\|\\s+(\\d{1,3})\\s+[A-Z].*");
  private static final Pattern MEMORY = Pattern.compile("(\\d{1,9})MiB\\s*/\\s*(\\d{1,9})MiB");
  private static final Pattern PROCESS =
      Pattern.compile(
          "\\|\\s+(\\d{1,3})\\s.*\\s(\\d{1,10})\\s+(?:C|G|C\\+G)\\s+.*?(\\d{1,9})MiB\\s*\\|");

  /** A device of the table, in bytes. */
  private record Card(String index, long used, long total) {}

  private final String source;
  private final List<Card> cards = new ArrayList<>();
  private final Map<String, List<Long>> processes = new HashMap<>();

  private SmiTable(String source) {
    this.source = source;
  }

  static boolean isTable(String text) {
    return TITLE.matcher(text).find();
  }

  static Run read(String text, String source) {
    SmiTable table = new SmiTable(source);
    table.rows(text);
    return table.run();
  }

  private void rows(String text) {
    String index = "0";
    for (String line : text.lines().filter(row -> row.length() < LONGEST).toList()) {
      Matcher memory = MEMORY.matcher(line);
      Matcher process = PROCESS.matcher(line);
      Matcher device = DEVICE.matcher(line);
      if (memory.find()) {
        cards.add(new Card(index, mebibytes(memory.group(1)), mebibytes(memory.group(2))));
      } else if (process.matches()) {
        processes
            .computeIfAbsent(process.group(1), any -> new ArrayList<>())
            .add(mebibytes(process.group(3)));
      } else if (device.matches()) {
        index = device.group(1);
      }
    }
    String last = text.strip();
    if (cards.isEmpty() || !(last.endsWith("+") || last.endsWith("|"))) {
      throw InputError.of("the table of nvidia-smi is cut off")
          .at(Place.of(source))
          .kind(ErrorKind.MALFORMED)
          .refusal();
    }
  }

  private static long mebibytes(String digits) {
    return Long.parseLong(digits) << 20;
  }

  private Run run() {
    Card fullest = cards.get(0);
    for (Card card : cards) {
      fullest = card.used() > fullest.used() ? card : fullest;
    }
    List<Long> own = processes.getOrDefault(fullest.index(), List.of());
    long largest = own.stream().mapToLong(Long::longValue).max().orElse(0);
    long others = own.stream().mapToLong(Long::longValue).sum() - largest;
    long used = fullest.used() - others;
    if (used <= 0 || fullest.used() > fullest.total()) {
      throw InputError.of(
              "GPU %s has %d MiB in use of %d MiB, and %d MiB of other processes, which cannot be"
                  .formatted(
                      fullest.index(), fullest.used() >> 20, fullest.total() >> 20, others >> 20))
          .kind(ErrorKind.CONTRADICTION)
          .at(Place.of(source))
          .refusal();
    }
    RunBuilder run = new RunBuilder(source);
    run.highest(RunFigure.DEVICE, new MeasuredBytes(used, 1L << 19, source));
    run.facts(
        RunFacts.ofCard(
            OptionalLong.of(fullest.total()),
            others > 0 ? OptionalLong.of(others) : OptionalLong.empty(),
            OptionalLong.empty()));
    run.note(Smi.MOMENT);
    if (cards.size() > 1) {
      run.note(Smi.FULLEST.formatted(cards.size(), fullest.index()));
    }
    return run.build();
  }
}
