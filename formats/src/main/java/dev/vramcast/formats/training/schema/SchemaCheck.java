package dev.vramcast.formats.training.schema;

import dev.vramcast.core.units.Version;
import dev.vramcast.formats.training.Finding;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.schema.Schema.Row;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a framework's own parser would refuse in a file, at a release. */
public final class SchemaCheck {

  /** What a key of another release is called without one. */
  private static final Set<FindingCode> OF_KEYS =
      EnumSet.of(FindingCode.UNKNOWN_KEY, FindingCode.MISSPELT_KEY, FindingCode.RENAMED_KEY);

  private final Reading reading;
  private final Schema schema;
  private final Optional<Version> release;

  private SchemaCheck(Reading reading, Schema schema, Optional<Version> release) {
    this.reading = reading;
    this.schema = schema;
    this.release = release;
  }

  /**
   * A reading with what the framework's parser says of its keys.
   *
   * @param release of the framework; empty for the newest that is known
   */
  public static Reading of(Reading reading, Optional<Version> release) {
    return Schema.of(reading.format())
        .map(schema -> reading.with(new SchemaCheck(reading, schema, release).findings()))
        .orElse(reading);
  }

  private List<Finding> findings() {
    List<Finding> findings =
        new ArrayList<>(reading.findings().stream().filter(this::holds).toList());
    for (Setting setting : reading.settings()) {
      schema.row(setting.key()).ifPresent(row -> check(setting, row, findings));
    }
    return findings;
  }

  /** What is said of a key as such does not hold at a release that has it. */
  private boolean holds(Finding finding) {
    Optional<Row> row = schema.row(finding.key());
    boolean there =
        release.isPresent() && row.isPresent() && !row.get().lacks(release.orElseThrow());
    return !(there && OF_KEYS.contains(finding.code()));
  }

  private void check(Setting setting, Row row, List<Finding> findings) {
    boolean told =
        findings.stream()
            .anyMatch(
                found ->
                    found.key().equals(setting.key())
                        && found.mark().equals(setting.node().mark()));
    if (release.isPresent() && row.lacks(release.get())) {
      findings.removeIf(
          found -> found.key().equals(setting.key()) && OF_KEYS.contains(found.code()));
      findings.add(absent(setting, row, release.get()));
    } else if (!told && release.isEmpty() && !row.allowed().isEmpty() && isOther(setting, row)) {
      findings.add(
          Finding.of(
              FindingCode.REFUSED,
              setting,
              setting.key(),
              " is ",
              setting.shown(),
              ", which its parser refuses, allowed: ",
              String.join(", ", row.allowed())));
    }
  }

  private Finding absent(Setting setting, Row row, Version version) {
    String when =
        row.isTooOld(version)
            ? " has not yet: it came after " + row.before().orElseThrow()
            : " has no more: it went by " + row.after().orElseThrow();
    return Finding.of(
        FindingCode.UNKNOWN_KEY,
        setting,
        setting.key(),
        " is a key that ",
        reading.format().title(),
        " ",
        version.toString(),
        when);
  }

  /** Whether a text stands there that is none of those that are allowed. */
  private static boolean isOther(Setting setting, Row row) {
    return setting.node() instanceof Node.Scalar
        && setting.node().value() instanceof String text
        && !setting.isNothing()
        && !setting.isVariable()
        && !text.startsWith("<")
        && row.allowed().stream().noneMatch(text.strip()::equalsIgnoreCase);
  }
}
