package dev.vramcast.formats.training;

import dev.vramcast.core.input.Shown;
import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.formats.training.KeyRow.Role;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The branches of a program that are taken where nothing says which. */
public final class Choices {

  private Choices() {}

  /**
   * The file with plain values in place of choices.
   *
   * @param table of the keys, by which some change nothing that is counted
   * @param told hears of each of the others
   */
  static TrainingFile taken(TrainingFile file, KeyTable table, BiConsumer<Setting, Choice> told) {
    BiConsumer<Setting, Choice> heard =
        (at, choice) -> {
          if (table.row(at.key()).filter(row -> row.role() == Role.NONE).isEmpty()) {
            told.accept(at, choice);
          }
        };
    // A command has the one of its program's dtype.
    return file.withRoot(section(file.name(), "", file.root(), heard));
  }

  /**
   * A setting of a program with the branch in the place of a choice that is taken, which is said.
   */
  public static Setting taken(JobBuilder job, Setting at) {
    if (!(at.node().value() instanceof Choice choice)) {
      return at;
    }
    Node value = new Node.Scalar(choice.value(), at.node().mark());
    Setting taken = new Setting(at.file(), at.key(), value);
    say(job, taken, choice);
    return taken;
  }

  /** Says which branch of a program was taken. */
  static void say(JobBuilder job, Setting at, Choice choice) {
    job.say(
        FindingCode.NOT_COUNTED,
        at,
        at.key() + " is " + shown(at) + " if " + choice.condition() + ", which is assumed");
  }

  private static String shown(Setting at) {
    return at.node() instanceof Node.Items list
        ? Shown.oneLine(String.valueOf(list.value()))
        : at.shown();
  }

  private static Node.Fields section(
      String file, String path, Node.Fields section, BiConsumer<Setting, Choice> told) {
    Map<String, Node> fields = new LinkedHashMap<>();
    section
        .fields()
        .forEach(
            (name, node) -> {
              if (node instanceof Node.Fields inner) {
                fields.put(name, section(file, path + name + ".", inner, told));
              } else if (node instanceof Node.Scalar && node.value() instanceof Choice choice) {
                Node value = new Node.Scalar(choice.value(), node.mark());
                told.accept(new Setting(file, path + name, value), choice);
                fields.put(name, value);
              } else if (node instanceof Node.Items list && choice(list).isPresent()) {
                Node value = plain(list);
                told.accept(new Setting(file, path + name, value), choice(list).get());
                fields.put(name, value);
              } else {
                fields.put(name, node);
              }
            });
    return new Node.Fields(fields, section.mark());
  }

  /** The first choice among the entries of a list. */
  private static Optional<Choice> choice(Node.Items list) {
    return list.items().stream()
        .filter(item -> item instanceof Node.Scalar && item.value() instanceof Choice)
        .findFirst()
        .map(item -> (Choice) item.value());
  }

  private static Node plain(Node.Items list) {
    return new Node.Items(
        list.items().stream()
            .map(
                item ->
                    item instanceof Node.Scalar
                        ? (Node) new Node.Scalar(Choice.taken(item), item.mark())
                        : item)
            .toList(),
        list.mark());
  }
}
