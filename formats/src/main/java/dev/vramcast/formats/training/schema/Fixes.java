package dev.vramcast.formats.training.schema;

import dev.vramcast.core.input.NearestName;
import dev.vramcast.formats.training.Finding;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.KeyRow;
import dev.vramcast.formats.training.KeyRow.Role;
import dev.vramcast.formats.training.KeyTable;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.registry.TrainingFiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The text of a file with keys under the names that they have now, and those that were meant. */
public final class Fixes {

  private Fixes() {}

  /** The lines of a file as they would be; the same ones where nothing can be mended. */
  public static List<String> of(Reading reading, List<String> lines) {
    List<String> fixed = new ArrayList<>(lines);
    KeyTable keys = TrainingFiles.reader(reading.format()).keys();
    for (Finding finding : reading.findings()) {
      int line = finding.line() - 1;
      boolean here = finding.file().equals(reading.file()) && line >= 0 && line < lines.size();
      Optional<String> name = here ? name(finding, keys) : Optional.empty();
      name.flatMap(right -> replaced(fixed.get(line), last(finding.key()), last(right)))
          .ifPresent(text -> fixed.set(line, text));
    }
    return List.copyOf(fixed);
  }

  /** What a key should be called, where it stays in its section. */
  private static Optional<String> name(Finding finding, KeyTable keys) {
    Optional<String> right = Optional.empty();
    if (finding.code() == FindingCode.RENAMED_KEY) {
      right = keys.row(finding.key()).filter(row -> row.role() == Role.RENAMED).map(KeyRow::target);
    } else if (finding.code() == FindingCode.MISSPELT_KEY) {
      List<String> known = keys.rows().stream().map(KeyRow::path).toList();
      right = NearestName.slip(finding.key(), known);
    }
    return right.filter(path -> section(path).equals(section(finding.key())));
  }

  private static Optional<String> replaced(String line, String wrong, String right) {
    String name = Pattern.quote(wrong);
    String option =
        Arrays.stream(wrong.split("_", -1)).map(Pattern::quote).collect(Collectors.joining("[_-]"));
    Matcher key =
        Pattern.compile("(?<![\\w-])" + name + "(?=[\"']?\\s*[:=])|(?<=--)" + option + "(?![\\w-])")
            .matcher(line);
    return key.find()
        ? Optional.of(line.substring(0, key.start()) + right + line.substring(key.end()))
        : Optional.empty();
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  private static String section(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('.')));
  }
}
