package dev.vramcast.formats.training.verl;

import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Command;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.input.tree.Node;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The configuration that a command of verl's takes its values over. */
final class Configuration {

  private static final String PATH = "config_path";
  private static final String NAME = "config_name";
  private static final String YAML = ".yaml";
  private static final String PARTS = "defaults";
  private static final String SUPERVISED = "sft_trainer";

  /** Those of verl's own, whose values are known. */
  private static final String OWN = "config";

  private static final Pattern OWN_NAME = Pattern.compile("ppo(?:_megatron)?_trainer(?:\\.yaml)?");

  /** verl's trainers by the path of their file. */
  private static final Pattern FILE =
      Pattern.compile("((?:.*/)?verl/trainer)/(?:main_\\w+|fsdp_(sft)_trainer)\\.py");

  /** The same by the name of their module, for {@code python -m}. */
  private static final Pattern MODULE =
      Pattern.compile("((?:[\\w.]*\\.)?verl\\.trainer)\\.(?:main_\\w+|fsdp_(sft)_trainer)");

  /** A folder that is below no other one: absolute, of a package, or filled in from outside. */
  private static final Pattern ABSOLUTE = Pattern.compile("[/~$<].*|\\w+:.*");

  private Configuration() {}

  /** Its path, as Hydra puts it together; empty where the command starts no trainer of verl. */
  static Optional<String> path(TrainingFile script, Command command) {
    return command.words().stream()
        .flatMap(word -> trainer(word).stream())
        .findFirst()
        .map(
            trainer ->
                below(trainer.folder, text(script, PATH).orElse(OWN))
                    + '/'
                    + text(script, NAME).orElse(trainer.configuration))
        .map(Configuration::normal)
        .map(path -> path.endsWith(YAML) ? path : path + YAML);
  }

  /**
   * A trainer that a command starts.
   *
   * @param folder where its program lies
   * @param configuration what it takes its values over where the command names none
   */
  private record Trainer(String folder, String configuration) {

    private static Trainer of(Matcher found, String folder) {
      return new Trainer(folder, found.group(2) == null ? "ppo_trainer" : SUPERVISED);
    }
  }

  /** Only modules have dots where paths have slashes. */
  private static Optional<Trainer> trainer(String word) {
    Matcher file = FILE.matcher(normal(word));
    if (file.matches()) {
      return Optional.of(Trainer.of(file, file.group(1)));
    }
    Matcher module = MODULE.matcher(word);
    return module.matches()
        ? Optional.of(Trainer.of(module, module.group(1).replace('.', '/')))
        : Optional.empty();
  }

  /** Hydra looks beside the program ({@code compute_search_path_dir} of hydra/_internal/utils). */
  private static String below(String program, String folder) {
    return ABSOLUTE.matcher(folder).matches() ? folder : program + '/' + folder;
  }

  /** The path without steps that lead nowhere. */
  private static String normal(String path) {
    Deque<String> steps = new ArrayDeque<>();
    for (String step : path.split("/+")) {
      String last = steps.isEmpty() ? ".." : steps.getLast();
      if (step.equals("..") && !last.equals("..") && !last.isEmpty()) {
        steps.removeLast();
      } else if (!step.equals(".")) {
        steps.add(step);
      }
    }
    return String.join("/", steps);
  }

  /** Says that a named configuration was not read, so that verl's own values hold. */
  static void sayMissing(JobBuilder job, TrainingFile given) {
    if (given.form() != Form.COMMAND || isOwn(given)) {
      return;
    }
    Optional<String> path = given.command().flatMap(command -> path(given, command));
    Optional<Setting> named =
        Stream.of(NAME, PATH).flatMap(key -> JobBuilder.in(given, key).stream()).findFirst();
    if (path.isPresent() && named.isPresent()) {
      job.say(
          FindingCode.NOT_COUNTED,
          named.get(),
          named.get().key()
              + " names "
              + path.get()
              + ", of which no whole file is there, so verl's own values are taken");
    }
  }

  /** Says that a file is put together of others, which Hydra takes from folders beside it. */
  static void sayParts(JobBuilder job, TrainingFile given) {
    if (given.root().fields().get(PARTS) instanceof Node.Items parts) {
      long others = parts.items().stream().filter(Node.Fields.class::isInstance).count();
      if (others > 0) {
        job.say(
            FindingCode.ASSUMED,
            new Setting(given.name(), PARTS, parts),
            PARTS + " names " + others + " other files: what they set is taken to be verl's own");
      }
    }
  }

  private static boolean isOwn(TrainingFile given) {
    return text(given, PATH).orElse(OWN).matches("(?:\\./)?" + OWN + "/?")
        && OWN_NAME.matcher(text(given, NAME).orElse("ppo_trainer")).matches();
  }

  private static Optional<String> text(TrainingFile script, String option) {
    return script.node(option).map(Node::value).map(String::valueOf);
  }
}
