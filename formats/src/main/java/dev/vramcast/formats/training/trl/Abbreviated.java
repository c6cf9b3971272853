package dev.vramcast.formats.training.trl;

import dev.vramcast.core.input.Shown;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.KeyTable;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Beginnings of options, which Python's argparse takes for the option where only one begins so:
 * {@code --max_step 50}.
 */
final class Abbreviated {

  private static final int SHORTEST = 6;

  /** Less than this may be missing, so that no option of a program's own is taken for another. */
  private static final int MOST_MISSING = 6;

  private final Map<String, String> meant = new LinkedHashMap<>();
  private final TrainingFile given;

  /**
   * Options of a command.
   *
   * @param given as it is read
   * @param file its keys as scripts of Transformers call them
   * @param keys that such scripts know
   */
  Abbreviated(TrainingFile given, TrainingFile file, KeyTable keys) {
    this.given = given;
    if (given.command().isPresent()) {
      file.root().fields().keySet().stream()
          .filter(key -> key.length() >= SHORTEST && keys.row(key).isEmpty())
          .forEach(key -> whole(key, keys).filter(k -> !file.has(k)).ifPresent(k -> put(key, k)));
    }
  }

  private void put(String key, String whole) {
    meant.put(key, whole);
  }

  private static Optional<String> whole(String key, KeyTable keys) {
    List<String> names =
        keys.rows().stream().map(row -> row.path()).filter(path -> path.startsWith(key)).toList();
    return names.size() == 1 && names.get(0).length() - key.length() < MOST_MISSING
        ? Optional.of(names.get(0))
        : Optional.empty();
  }

  /** The file with whole names. */
  TrainingFile in(TrainingFile file) {
    if (meant.isEmpty()) {
      return file;
    }
    Map<String, Node> keys = new LinkedHashMap<>();
    file.root().fields().forEach((key, node) -> keys.put(meant.getOrDefault(key, key), node));
    return file.withRoot(new Node.Fields(keys, file.root().mark()));
  }

  /** Says what was taken for what. */
  void say(JobBuilder job) {
    meant.forEach(
        (key, whole) ->
            job.get(whole)
                .ifPresent(
                    setting ->
                        job.say(
                            FindingCode.ASSUMED,
                            new Setting(given.name(), key, setting.node()),
                            Shown.oneLine(key) + " is taken for " + whole + ", as argparse does")));
  }
}
