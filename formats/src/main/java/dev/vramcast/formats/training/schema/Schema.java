package dev.vramcast.formats.training.schema;

import dev.vramcast.core.units.Version;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Table;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys of a framework by its releases, as validation/schemas/dump.py finds them in the classes
 * that the framework parses files into.
 */
record Schema(Map<String, Row> rows) {

  private static final List<FormatName> KNOWN =
      List.of(FormatName.AXOLOTL, FormatName.LLAMA_FACTORY, FormatName.TRL, FormatName.MS_SWIFT);

  private static final Map<FormatName, Schema> ALL = new EnumMap<>(FormatName.class);

  static {
    for (FormatName name : KNOWN) {
      Map<String, Row> rows = new LinkedHashMap<>();
      Table.rows(Schema.class, name.label() + ".tsv")
          .forEach((key, cells) -> rows.put(key, Row.of(cells)));
      ALL.put(name, new Schema(rows));
    }
  }

  /**
   * A key.
   *
   * @param before the last release that did not have it yet; empty where all older ones have it
   * @param after the first release that has it no more; empty where the newest has it
   * @param allowed its values in the newest release; empty where anything may stand there
   */
  record Row(Optional<Version> before, Optional<Version> after, List<String> allowed) {

    private static Row of(List<String> cells) {
      return new Row(
          version(cells.get(1)),
          version(cells.get(2)),
          cells.get(3).isEmpty() ? List.of() : List.of(cells.get(3).split("\\|")));
    }

    private static Optional<Version> version(String cell) {
      return cell.isEmpty() ? Optional.empty() : Optional.of(Version.parse(cell));
    }

    /** Whether a release is known not to have it; between two releases that differ it is not. */
    boolean lacks(Version release) {
      return isTooOld(release) || isTooNew(release);
    }

    boolean isTooOld(Version release) {
      return before.filter(last -> release.compareTo(last) <= 0).isPresent();
    }

    boolean isTooNew(Version release) {
      return after.filter(first -> release.compareTo(first) >= 0).isPresent();
    }
  }

  /** Of a format whose framework's classes are known. */
  static Optional<Schema> of(FormatName format) {
    return Optional.ofNullable(ALL.get(format));
  }

  Optional<Row> row(String key) {
    return Optional.ofNullable(rows.get(key));
  }
}
