package dev.vramcast.answers.memory;

import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Sections;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.rule.Provenance;
import dev.vramcast.core.job.rule.ResolvedValue;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The settings of a job with where each came from. */
public final class SettingsTable {

  /** What people change to make a job fit; the others are shown when they were set. */
  private static final Set<JobKey> USUAL =
      EnumSet.of(
          JobKey.METHOD,
          JobKey.QUANTIZATION_SCHEME,
          JobKey.LORA_RANK,
          JobKey.PRECISION,
          JobKey.OPTIMIZER_NAME,
          JobKey.MICRO_BATCH,
          JobKey.SEQUENCE_LENGTH,
          JobKey.CHECKPOINTING,
          JobKey.ATTENTION,
          JobKey.LOSS,
          JobKey.FRAMEWORK_NAME);

  private static final int LONGEST_VALUE = 40;

  private SettingsTable() {}

  public static void add(
      EstimateReport report, Terminal terminal, Sections sections, boolean explain) {
    List<ResolvedValue> all = report.resolution().values();
    List<ResolvedValue> shown = all.stream().filter(value -> explain || isUsual(value)).toList();
    sections.title("Settings");
    Grid grid = new Grid(terminal, Align.LEFT, Align.LEFT, Align.LEFT);
    for (ResolvedValue value : shown) {
      Style style = value.provenance() == Provenance.SET ? Style.PLAIN : Style.DIM;
      grid.row(
          Cell.plain(value.key().path()),
          Cell.plain(text(value)),
          new Cell(origin(value, explain), style));
    }
    if (shown.size() < all.size()) {
      grid.row(
          Style.DIM, terminal.text(all.size() - shown.size(), " more with ", ModuleTable.EXPLAIN));
    }
    sections.add(grid.wrapped().lines());
  }

  /** In one sentence, what matters most of what nobody said; empty when all of it was said. */
  public static Optional<String> assumed(EstimateReport report) {
    String values =
        report.resolution().values().stream()
            .filter(value -> USUAL.contains(value.key()))
            .filter(value -> value.provenance() != Provenance.SET)
            .map(value -> value.key().path() + " " + text(value))
            .collect(Collectors.joining(", "));
    return Optional.of(values)
        .filter(all -> !all.isEmpty())
        .map(all -> "settings that nobody gave: " + all);
  }

  private static boolean isUsual(ResolvedValue value) {
    return USUAL.contains(value.key()) || value.provenance() == Provenance.SET;
  }

  private static String text(ResolvedValue value) {
    if (value.key() == JobKey.MODEL_CONFIG && !(value.value() instanceof String)) {
      return "given in place";
    }
    String text = value.text().equals("[]") ? "none" : value.text();
    return text.length() > LONGEST_VALUE ? text.substring(0, LONGEST_VALUE - 3) + "..." : text;
  }

  private static String origin(ResolvedValue value, boolean explain) {
    return switch (value.provenance()) {
      case SET ->
          "set by " + (explain ? value.note() : value.note().replaceFirst("^.*[/\\\\]", ""));
      case RECOMMENDED ->
          explain ? "as most people train: " + value.note() : "as most people train";
      case FRAMEWORK_DEFAULT -> "default of " + (explain ? value.note() : framework(value.note()));
      case DERIVED -> "derived: " + value.note();
      case ASSUMED -> explain ? "assumed: " + value.note() : "assumed";
    };
  }

  /** Notes of framework defaults begin with the framework's name. */
  private static String framework(String note) {
    return note.replaceFirst("[:,].*", "");
  }
}
