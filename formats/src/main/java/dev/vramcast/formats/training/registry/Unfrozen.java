package dev.vramcast.formats.training.registry;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.python.module.ModuleLines;
import dev.vramcast.formats.training.Finding;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Parameters that a program trains beside its adapters, which it does by a line of its own. */
final class Unfrozen {

  private static final Pattern TRAINS =
      Pattern.compile(
          "(?<!\\w)(?:p|\\w{0,60}param\\w{0,60})\\s{0,9}\\.\\s{0,9}requires_grad"
              + "(?:\\s{0,9}=\\s{0,9}True\\b|_\\(\\s{0,9}(?:True\\s{0,9})?\\))");

  /** Of adapters nothing is said: they are trained anyway. */
  private static final Pattern ADAPTERS = Pattern.compile("(?i)lora|adapter|peft");

  private Unfrozen() {}

  /**
   * The first line that does, where no adapters are meant by it or by the line above.
   *
   * @param run lines that the program's run passes through
   */
  static Optional<Finding> of(TrainingFile file, List<Node.Scalar> run, JobDocument job) {
    if (Evidence.word(job, JobKey.METHOD).filter(word -> !word.equals("full")).isEmpty()) {
      return Optional.empty();
    }
    Set<Integer> passed = run.stream().map(Node.Scalar::line).collect(Collectors.toSet());
    String above = "";
    for (Node.Scalar line : file.lines()) {
      String text = String.valueOf(line.value());
      Matcher trains = TRAINS.matcher(text);
      boolean adapters = ADAPTERS.matcher(above).find() || ADAPTERS.matcher(text).find();
      if (passed.contains(line.line()) && !adapters && isCode(text) && trains.find()) {
        return Optional.of(said(file, ModuleLines.at(line, trains.start())));
      }
      above = text.isBlank() || !isCode(text) ? above : text;
    }
    return Optional.empty();
  }

  private static boolean isCode(String line) {
    return !line.stripLeading().startsWith("#");
  }

  private static Finding said(TrainingFile file, Mark at) {
    String name = at.source().isEmpty() ? file.name() : at.source();
    return Finding.of(
        FindingCode.NOT_COUNTED,
        new Setting(name, TrainingFile.FREEZES, new Node.Scalar(true, at)),
        "parameters that the program trains beside the adapters are not counted");
  }
}
