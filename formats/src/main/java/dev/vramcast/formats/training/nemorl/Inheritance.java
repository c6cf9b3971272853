package dev.vramcast.formats.training.nemorl;

import dev.vramcast.core.input.Shown;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.SiblingFiles;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.Values;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Recipes over those that their {@code defaults} name, as far as they are there
 * (nemo_rl/utils/config.py, load_config_with_inheritance).
 */
final class Inheritance {

  static final String DEFAULTS = "defaults";

  /** By which a section stands in the place of the one below it (merge_with_override). */
  private static final String INSTEAD = "_override_";

  /** Files that one recipe may be put together of, each as often as it is named. */
  private static final int MOST = 100;

  private final SiblingFiles siblings;
  private final List<Setting> left = new ArrayList<>();
  private int read;

  Inheritance(SiblingFiles siblings) {
    this.siblings = siblings;
  }

  /** The files of one name, or of a list, of which the later are over the earlier. */
  static List<Node> recipes(Node node) {
    List<Node> all = node instanceof Node.Items items ? items.items() : List.of(node);
    return all.stream()
        .filter(each -> each.value() instanceof String text && text.matches("(?s).*\\.ya?ml"))
        .toList();
  }

  /** A recipe with all that it stands over. */
  TrainingFile merged(TrainingFile file) {
    return merged(file, "", Set.of());
  }

  /**
   * A recipe with all that it stands over.
   *
   * @param folder of the recipe, from the first one's, with a slash behind it; empty for its own
   * @param within paths of those that it stands below
   */
  private TrainingFile merged(TrainingFile file, String folder, Set<String> within) {
    Node.Fields all = new Node.Fields(Map.of(), file.root().mark());
    for (Node named : file.node(DEFAULTS).map(Inheritance::recipes).orElse(List.of())) {
      String path = folder + named.value();
      if (within.contains(path)) {
        continue;
      }
      Optional<TrainingFile> found =
          read++ < MOST ? siblings.find(path).filter(Inheritance::isTree) : Optional.empty();
      if (found.isEmpty()) {
        left.add(new Setting(file.name(), DEFAULTS, named));
        continue;
      }
      TrainingFile base = found.get();
      Set<String> inner = new LinkedHashSet<>(within);
      inner.add(path);
      TrainingFile placed = base.withRoot(base.root().at(mark -> mark.in(base.name())));
      all = over(all, merged(placed, path.substring(0, path.lastIndexOf('/') + 1), inner).root());
    }
    return all.fields().isEmpty() ? file : file.withRoot(over(all, file.root()));
  }

  private static boolean isTree(TrainingFile file) {
    return file.form() == TrainingFile.Form.TREE;
  }

  private static Node.Fields over(Node.Fields below, Node.Fields above) {
    Map<String, Node> under = new LinkedHashMap<>(below.fields());
    Map<String, Node> over = new LinkedHashMap<>(above.fields());
    above
        .fields()
        .forEach(
            (name, node) -> {
              if (node instanceof Node.Fields section
                  && section
                      .at(INSTEAD)
                      .filter(on -> Boolean.TRUE.equals(on.value()))
                      .isPresent()) {
                Map<String, Node> rest = new LinkedHashMap<>(section.fields());
                rest.remove(INSTEAD);
                under.remove(name);
                over.put(name, new Node.Fields(rest, section.mark()));
              }
            });
    return Values.over(new Node.Fields(under, below.mark()), new Node.Fields(over, above.mark()));
  }

  /** Says which files were left out. */
  void say(JobBuilder job) {
    for (Setting file : left) {
      job.say(
          FindingCode.NOT_COUNTED,
          file,
          read > MOST
              ? "more than " + MOST + " files are put together by defaults: "
              : "defaults is ",
          Shown.oneLine(String.valueOf(file.node().value())),
          read > MOST
              ? " is left out"
              : ", which is not there: what it alone says is taken from grpo_math_1B.yaml");
    }
  }
}
