package dev.vramcast.formats.training.registry;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.python.module.ModuleLines;
import dev.vramcast.formats.python.module.ModuleParts;
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

  /** The name before, and what is said; texts have nothing between their quotes. */
  private static final Pattern TRAINS =
      Pattern.compile(
          "(\\w{0,80})[)\\]]{0,9}\\s{0,9}\\.\\s{0,9}requires_grad"
              + "(?:\\s{0,9}=(?!=)|_\\s{0,9}\\((?:\\s{0,9}requires_grad\\s{0,9}=)?+)"
              + "\\s{0,9}+(?!False\\b)");

  /** What a model is given or makes: checkpoints ask for the gradient of their inputs. */
  private static final Pattern ACTIVATIONS =
      Pattern.compile(
          "(?i)(?:\\w{0,40}_)?(?:inputs?|outputs?|out|x|hidden|embeds?)(?:_\\w{0,40})?");

  /** Of adapters nothing is said: they are trained anyway. */
  private static final Pattern ADAPTERS = Pattern.compile("(?i)lora|adapter");

  /** A condition that holds for others too. */
  private static final Pattern WIDER = Pattern.compile("\\bor\\b|\\bnot\\b|!=");

  private static final Pattern HEAD = Pattern.compile("\\s{0,400}(?:if|elif|for)\\b.*");

  /** Lines above one that its block is looked for in. */
  private static final int MOST_ABOVE = 50;

  private Unfrozen() {}

  /**
   * The first line that does, where no adapters are meant by it or by what it stands in.
   *
   * @param run lines that the program's run passes through
   */
  static Optional<Finding> of(TrainingFile file, List<Node.Scalar> run, JobDocument job) {
    if (Evidence.word(job, JobKey.METHOD).filter(word -> !word.equals("full")).isEmpty()) {
      return Optional.empty();
    }
    Set<Integer> passed = run.stream().map(Node.Scalar::line).collect(Collectors.toSet());
    List<String> lines = file.lines().stream().map(line -> String.valueOf(line.value())).toList();
    List<String> code = List.of(ModuleParts.code(String.join("\n", lines)).split("\n", -1));
    for (int i = 0; i < Math.min(lines.size(), code.size()); i++) {
      Node.Scalar line = file.lines().get(i);
      if (passed.contains(line.line()) && trains(code.get(i)) && !ofAdapters(lines, i)) {
        int at = Math.max(0, lines.get(i).indexOf(TrainingFile.FREEZES));
        return Optional.of(said(file, ModuleLines.at(line, at)));
      }
    }
    return Optional.empty();
  }

  private static boolean trains(String code) {
    Matcher trains = TRAINS.matcher(code);
    return code.contains(TrainingFile.FREEZES)
        && trains.find()
        && !ACTIVATIONS.matcher(trains.group(1)).matches();
  }

  /** Whether a line, or a head of what it stands in, says that it is of adapters alone. */
  private static boolean ofAdapters(List<String> lines, int at) {
    if (meansAdapters(lines.get(at))) {
      return true;
    }
    int depth = depth(lines.get(at));
    for (int i = at - 1; i >= Math.max(0, at - MOST_ABOVE) && depth > 0; i--) {
      String line = lines.get(i);
      if (!line.isBlank() && !line.stripLeading().startsWith("#") && depth(line) < depth) {
        depth = depth(line);
        if (HEAD.matcher(line).matches() && meansAdapters(line)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean meansAdapters(String line) {
    return ADAPTERS.matcher(line).find() && !WIDER.matcher(line).find();
  }

  private static int depth(String line) {
    return line.length() - line.stripLeading().length();
  }

  private static Finding said(TrainingFile file, Mark at) {
    String name = at.source().isEmpty() ? file.name() : at.source();
    return Finding.of(
        FindingCode.NOT_COUNTED,
        new Setting(name, TrainingFile.FREEZES, new Node.Scalar(true, at)),
        "parameters that the program trains beside the adapters are not counted");
  }
}
