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
    List<Finding> findings = new ArrayList<>();
    nodes(file, TrainingFile.LEFT_OUT)
        .forEach(
            branch ->
                findings.add(
                    Finding.of(
                        FindingCode.ASSUMED,
                        new Setting(file.name(), "if", branch),
                        "this branch is left out: it does not run by the program's names and the"
                            + " defaults of its options")));
    nodes(file, TrainingFile.MAY_RUN)
        .forEach(
            branch ->
                findings.add(
                    Finding.of(
                        FindingCode.ASSUMED,
                        new Setting(file.name(), "if", branch),
                        "this branch is read, and what it makes may be counted: whether it runs is"
                            + " not known")));
    nodes(file, TrainingFile.MIXED)
        .forEach(
            call ->
                findings.add(
                    Finding.of(
                        FindingCode.NOT_FOLLOWED,
                        new Setting(file.name(), Shown.oneLine(String.valueOf(call.value())), call),
                        Shown.oneLine(String.valueOf(call.value()))
                            + " is called otherwise in another branch too: one of both is counted,"
                            + " and what it is counted with may be the other branch's")));
    nodes(file, TrainingFile.UNFOLLOWED)
        .forEach(
            change ->
                findings.add(
                    Finding.of(
                        FindingCode.NOT_FOLLOWED,
                        new Setting(
                            file.name(), Shown.oneLine(String.valueOf(change.value())), change),
                        Shown.oneLine(String.valueOf(change.value()))
                            + " may give arguments another value behind their making, and is not"
                            + " followed: what their call says is counted")));
    nodes(file, TrainingFile.OTHER_MODELS)
        .forEach(
            model ->
                findings.add(
                    Finding.of(
                        FindingCode.NOT_COUNTED,
                        new Setting(
                            file.name(), Shown.oneLine(String.valueOf(model.value())), model),
                        Shown.oneLine(String.valueOf(model.value()))
                            + " is loaded beside the model that is trained: what it takes of the"
                            + " GPU is not counted")));
    if (findings.isEmpty()) {
      return reader.apply(file);
    }
    Map<String, Node> rest = new LinkedHashMap<>(file.root().fields());
    rest.remove(TrainingFile.LEFT_OUT);
    rest.remove(TrainingFile.MAY_RUN);
    rest.remove(TrainingFile.MIXED);
    rest.remove(TrainingFile.UNFOLLOWED);
    rest.remove(TrainingFile.OTHER_MODELS);
    Reading reading = reader.apply(file.withRoot(new Node.Fields(rest, file.root().mark())));
    findings.addAll(0, reading.findings());
    return reading.with(findings);
  }

  private static List<Node> nodes(TrainingFile file, String name) {
    return file.root().fields().get(name) instanceof Node.Items items ? items.items() : List.of();
  }
}
