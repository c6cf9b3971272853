package dev.vramcast.formats.training.registry;

import dev.vramcast.core.input.Shown;
import dev.vramcast.formats.training.Finding;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Command;
import dev.vramcast.formats.training.text.TrainingFile.Command.Unread;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Says which branches of a program were not read, and what of a script. */
final class LeftOut {

  /**
   * What is said of nodes that a program's file has aside from settings.
   *
   * @param name they stand under
   * @param block whether they are blocks; else calls or statements, whose text begins the sentence
   */
  private record Aside(String name, FindingCode code, boolean block, String text) {

    Finding finding(String file, Node node) {
      String shown = block ? "if" : Shown.oneLine(String.valueOf(node.value()));
      return Finding.of(code, new Setting(file, shown, node), block ? text : shown + text);
    }
  }

  private static final List<Aside> ASIDE =
      List.of(
          new Aside(
              TrainingFile.LEFT_OUT,
              FindingCode.ASSUMED,
              true,
              "this branch is left out: it does not run by the program's names and the defaults of"
                  + " its options"),
          new Aside(
              TrainingFile.MAY_RUN,
              FindingCode.ASSUMED,
              true,
              "this branch is read, and what it makes may be counted: whether it runs is not"
                  + " known"),
          new Aside(
              TrainingFile.MIXED,
              FindingCode.NOT_FOLLOWED,
              false,
              " is called otherwise in another branch too: one of both is counted, and what it is"
                  + " counted with may be the other branch's"),
          new Aside(
              TrainingFile.UNFOLLOWED,
              FindingCode.NOT_FOLLOWED,
              false,
              " may give arguments another value behind their making, and is not followed: what"
                  + " their call says is counted"),
          new Aside(
              TrainingFile.OTHER_MODELS,
              FindingCode.NOT_COUNTED,
              false,
              " is loaded beside the model that is trained: what it takes of the GPU is not"
                  + " counted"));

  private LeftOut() {}

  /** With what the script of a command says beside it. */
  static Reading beside(TrainingFile script, Reading reading) {
    List<Unread> beside = script.command().map(Command::beside).orElse(List.of());
    if (beside.isEmpty()) {
      return reading;
    }
    List<Finding> findings = new ArrayList<>(reading.findings());
    long commands = beside.stream().filter(unread -> !unread.options()).count();
    boolean said = false;
    for (Unread unread : beside) {
      if (!unread.options() && said) {
        continue;
      }
      said |= !unread.options();
      String more = commands > 1 ? " and " + (commands - 1) + " more train" : " trains";
      String text = String.valueOf(unread.text().value());
      boolean options = unread.options();
      findings.add(
          Finding.of(
              FindingCode.NOT_COUNTED,
              new Setting(script.name(), options ? text : text.split("\\s", 2)[0], unread.text()),
              Shown.oneLine(text)
                  + (options
                      ? " stands for options that the script does not set: none is counted"
                      : more + " too: one command of the script is counted")));
    }
    return reading.with(findings);
  }

  /** What a reader makes of a program, with what is said of what it was not shown. */
  static Reading read(TrainingFile file, Function<TrainingFile, Reading> reader) {
    Map<String, Node> rest = new LinkedHashMap<>(file.root().fields());
    List<Finding> findings = new ArrayList<>();
    ASIDE.forEach(
        aside -> {
          if (rest.remove(aside.name()) instanceof Node.Items items) {
            items.items().forEach(node -> findings.add(aside.finding(file.name(), node)));
          }
        });
    if (findings.isEmpty()) {
      return reader.apply(file);
    }
    Reading reading = reader.apply(file.withRoot(new Node.Fields(rest, file.root().mark())));
    findings.addAll(0, reading.findings());
    return reading.with(findings);
  }
}
