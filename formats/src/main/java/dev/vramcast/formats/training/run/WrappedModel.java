package dev.vramcast.formats.training.run;

import dev.vramcast.core.input.Shown;
import dev.vramcast.formats.python.module.ModuleLines;
import dev.vramcast.formats.python.module.ModuleParts;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.input.tree.Node;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a program trains that is not the model that it loads, or not by a trainer that it makes. */
public final class WrappedModel {

  /** A class of parts of PyTorch's, and of nothing that Transformers knows. */
  private static final Pattern MODULE =
      Pattern.compile(
          "(?m)^[ \\t]{0,80}class[ \\t]{1,9}(\\w{1,80})[ \\t]{0,9}\\([ \\t]{0,9}"
              + "(?:torch[ \\t]{0,9}\\.[ \\t]{0,9})?(?:nn[ \\t]{0,9}\\.[ \\t]{0,9})?Module\\b");

  /** {@code model = RewardModel(base)}, {@code self.model = RewardModel(base)}. */
  private static final Pattern MADE =
      Pattern.compile(
          "(?m)^[ \\t]{0,80}((?:self\\.)?\\w{1,80})"
              + "[ \\t]{0,9}=[ \\t]{0,9}(\\w{1,80})[ \\t]{0,9}\\(");

  private static final Pattern FIRST =
      Pattern.compile("<(\\w{1,80})(?: \\(.*)?>|(self\\.\\w{1,80})");

  private WrappedModel() {}

  /** Says so. */
  public static void say(JobBuilder job, TrainingFile program) {
    if (program.form() != Form.PROGRAM) {
      return;
    }
    Optional<String> trainer =
        program.root().fields().keySet().stream().filter(c -> c.endsWith("Trainer")).findFirst();
    if (trainer.isEmpty()) {
      untrained(job, program);
      return;
    }
    program
        .node(trainer.get() + ".model")
        .or(() -> program.node(trainer.get() + ".0"))
        .flatMap(model -> wrapper(program, model))
        .ifPresent(
            made ->
                job.say(
                    FindingCode.NOT_COUNTED,
                    made,
                    Shown.oneLine(made.key())
                        + " is a class of the program's own around the model that it loads: that"
                        + " model is counted as if it were trained itself, whatever the class"
                        + " makes of what it gives"));
  }

  /** The class of the program's own that an argument is an object of. */
  private static Optional<Setting> wrapper(TrainingFile program, Node model) {
    Matcher first = FIRST.matcher(String.valueOf(model.value()));
    if (!first.matches()) {
      return Optional.empty();
    }
    String code = ModuleParts.code(ModuleLines.text(program.lines()));
    Set<String> own = new HashSet<>();
    Matcher declares = MODULE.matcher(code);
    while (declares.find()) {
      own.add(declares.group(1));
    }
    String name = first.group(1) == null ? first.group(2) : first.group(1);
    Matcher made = MADE.matcher(code);
    while (!own.isEmpty() && !own.contains(name) && made.find()) {
      name = made.group(1).equals(name) && own.contains(made.group(2)) ? made.group(2) : name;
    }
    return own.contains(name)
        ? Optional.of(new Setting(program.name(), name, model))
        : Optional.empty();
  }

  /** Arguments of a trainer that nothing in the program makes. */
  private static void untrained(JobBuilder job, TrainingFile program) {
    program.root().fields().entrySet().stream()
        .filter(call -> call.getKey().endsWith("TrainingArguments"))
        .findFirst()
        .ifPresent(
            call ->
                job.say(
                    FindingCode.NOT_FOLLOWED,
                    new Setting(program.name(), call.getKey(), call.getValue()),
                    "the program makes no trainer: what trains by these arguments, if anything"
                        + " does, is taken to be the Trainer"));
  }
}
