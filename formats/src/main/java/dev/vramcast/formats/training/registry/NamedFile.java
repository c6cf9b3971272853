package dev.vramcast.formats.training.registry;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.shell.ShellCommand;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.nemorl.NemoRlReader;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Command;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.formats.training.verl.VerlReader;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The file that a command trains by, e.g. {@code trl sft --config sft.yaml}. */
final class NamedFile {

  private static final String OPTION = "config";

  /** Firefly's name for it. */
  private static final String FIREFLY_OPTION = "train_args_file";

  /** torchtitan's name for it. */
  private static final String TITAN_OPTION = "job.config_file";

  private static final Pattern FILE = Pattern.compile("(?i)[^=]+\\.(ya?ml|json|toml)");

  private static final Pattern OPEN =
      Pattern.compile(
          "(?i)<[^<>\\n]*(?:config|ya?ml|recipe)[^<>\\n]*>"
              + "|(?<!\\S)\\$\\{?(?:\\d|\\w*(?:config|cfg|ya?ml|recipe)\\w*)\\}?(?!\\S)");

  private NamedFile() {}

  /**
   * A command's file with the command's own options over it. The command itself when it names no
   * file; a file that is not found is left to the reader to say.
   */
  static TrainingFile of(TrainingFile script, Function<String, Optional<TrainingFile>> there) {
    Function<String, Optional<TrainingFile>> around = around(script, there);
    Function<String, Optional<TrainingFile>> lookup =
        path -> WrittenFile.of(script, path, around).or(() -> around.apply(path));
    if (script.form() == Form.PROGRAM) {
      return StartedProgram.alone(script, lookup);
    }
    if (script.form() == Form.TREE) {
      return script;
    }
    Command command = script.command().orElseThrow();
    List<String> given = given(script, command);
    int at = indexOfFile(given);
    boolean torchtune = command.words().contains(Overrides.TORCHTUNE);
    Optional<TrainingFile> named =
        at >= 0
            ? found(given.get(at), lookup).or(() -> Shipped.litgpt(given.get(at)))
            : torchtune && !given.isEmpty()
                ? Shipped.torchtune(given.get(0))
                : recipe(script, command).flatMap(lookup).or(() -> own(script, command, lookup));
    return named
        .filter(file -> file.form() == Form.TREE)
        .filter(NamedFile::isJob)
        .map(file -> new Overrides(script, command, given).over(file))
        .or(() -> StartedProgram.of(script, command, lookup))
        .orElse(script);
  }

  /** A path of another machine, or below a variable, may end as that of a file that is here. */
  private static Optional<TrainingFile> found(
      String path, Function<String, Optional<TrainingFile>> lookup) {
    boolean elsewhere = path.startsWith("/") || path.startsWith("$");
    return lookup
        .apply(path)
        .or(
            () ->
                StartedProgram.ends(path)
                    .filter(end -> elsewhere && end.indexOf('/') > 0)
                    .flatMap(end -> lookup.apply(end).stream())
                    .findFirst());
  }

  /**
   * Files as a command finds them: first in the folder that its script has gone to, or last where
   * that one only may lie beside the script.
   */
  static Function<String, Optional<TrainingFile>> around(
      TrainingFile script, Function<String, Optional<TrainingFile>> there) {
    Optional<String> folder = folder(script);
    if (folder.isEmpty()) {
      return there;
    }
    String in = folder.get();
    return in.startsWith("$")
        ? path -> there.apply(path).or(() -> elsewhere(in, path).flatMap(there))
        : path -> there.apply(in + '/' + path).or(() -> there.apply(path));
  }

  /**
   * {@code $HOME/lab} may be the folder {@code lab} that is here; of {@code $} nothing is known.
   */
  private static Optional<String> elsewhere(String folder, String path) {
    int named = folder.indexOf('/');
    return named < 0 ? Optional.empty() : Optional.of(folder.substring(named + 1) + '/' + path);
  }

  private static Optional<String> folder(TrainingFile script) {
    return script
        .command()
        .flatMap(command -> Optional.ofNullable(command.environment().get(ShellCommand.FOLDER)))
        .map(folder -> String.valueOf(folder.value()))
        .filter(folder -> !folder.isEmpty());
  }

  /** The path of the file that a command trains by. */
  static Optional<String> path(TrainingFile script) {
    return script.command().flatMap(command -> path(script, command));
  }

  private static Optional<String> path(TrainingFile script, Command command) {
    List<String> given = given(script, command);
    int at = indexOfFile(given);
    return at >= 0 ? Optional.of(given.get(at)) : recipe(script, command).or(() -> leftOpen(given));
  }

  /** A file that the command's user fills in: {@code <PATH TO CONFIG>}, {@code "$CONFIG_FILE"}. */
  private static Optional<String> leftOpen(List<String> given) {
    String all = String.join(" ", given);
    Matcher found = OPEN.matcher(all);
    return found.find() ? Optional.of(found.group()) : Optional.empty();
  }

  /** What a program trains by that is told of no file. */
  private static Optional<String> recipe(TrainingFile script, Command command) {
    return script.node(OPTION).isEmpty() ? NemoRlReader.recipe(command) : Optional.empty();
  }

  /** What the checkout of a trainer has beside it, over which a command's values stand. */
  private static Optional<TrainingFile> own(
      TrainingFile script, Command command, Function<String, Optional<TrainingFile>> lookup) {
    return VerlReader.configuration(script, command)
        .flatMap(path -> lookup.apply(path).or(() -> lookup.apply("verl/" + path)))
        .filter(file -> file.form() == Form.TREE)
        .filter(VerlReader::isWhole);
  }

  /** Says which file a command names that is of no use without it. */
  static Optional<InputError> missing(TrainingFile script) {
    return path(script)
        .map(
            path ->
                InputError.of("trains by ", Shown.oneLine(path))
                    .and(", which is no training file below its folder")
                    .kind(ErrorKind.NOT_FOUND)
                    .given(path)
                    .at(script.root().place(script.name()))
                    .hint("give that file in place of the command"));
  }

  /** A command without a model, of which the file says more that it trains by. */
  static Reading withoutFile(Reading reading, TrainingFile script) {
    return reading.document().has(JobKey.MODEL_ID)
        ? reading
        : missing(script)
            .map(error -> reading.withUnreadable(JobKey.MODEL_ID, error))
            .orElse(reading);
  }

  static boolean isJob(TrainingFile file) {
    return TrainingFiles.formatOf(file).filter(name -> !name.isCompanion()).isPresent();
  }

  /** What follows {@code --config}, or else the plain words: a file, and values for its keys. */
  private static List<String> given(TrainingFile script, Command command) {
    List<String> given = new ArrayList<>();
    script.node(OPTION).ifPresent(option -> texts(option, given));
    script.node(TITAN_OPTION).ifPresent(option -> texts(option, given));
    script.node(FIREFLY_OPTION).ifPresent(option -> texts(option, given));
    // EasyR1 names its file by a value, config=FILE.
    command.values().at(OPTION).ifPresent(option -> texts(option, given));
    given.addAll(command.words());
    return given;
  }

  private static void texts(Node node, List<String> into) {
    if (node instanceof Node.Items items) {
      items.items().forEach(item -> texts(item, into));
    } else {
      into.add(String.valueOf(node.value()));
    }
  }

  private static int indexOfFile(List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      if (FILE.matcher(words.get(i)).matches()) {
        return i;
      }
    }
    return -1;
  }
}
