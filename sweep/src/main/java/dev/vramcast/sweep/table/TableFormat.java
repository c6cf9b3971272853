package dev.vramcast.sweep.table;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Subject;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a table is written down. */
public enum TableFormat {
  CSV("csv"),
  JSONL("jsonl"),
  PARQUET("parquet");

  private final String label;

  TableFormat(String label) {
    this.label = label;
  }

  /** The word for it, which is the ending of its files too. */
  public String label() {
    return label;
  }

  /** By the ending of a file's name; empty for any other. */
  public static Optional<TableFormat> ofFile(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return Arrays.stream(values()).filter(format -> lower.endsWith("." + format.label)).findFirst();
  }

  /**
   * By its word.
   *
   * @param option for messages
   */
  public static TableFormat of(String label, Subject option) {
    return Arrays.stream(values())
        .filter(format -> format.label.equals(label))
        .findFirst()
        .orElseThrow(() -> InputError.about(option).is(label).allowed(labels()).refusal());
  }

  /** All words, with commas between them. */
  public static String labels() {
    return Arrays.stream(values()).map(TableFormat::label).collect(Collectors.joining(", "));
  }
}
