package dev.vramcast.formats.training.text;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.formats.shell.ShellCommand;
import dev.vramcast.formats.shell.ShellCommand.Word;
import dev.vramcast.formats.shell.ShellText;
import dev.vramcast.formats.training.text.TrainingFile.Command;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds the command in a script that trains, and turns its options into keys. */
final class CommandText {

  private static final Set<String> PROGRAMS =
      Set.of(
          "swift",
          "megatron",
          "trl",
          "llamafactory-cli",
          "lmf",
          "axolotl",
          "tune",
          "litgpt",
          "accelerate",
          "torchrun",
          "deepspeed",
          "python",
          "python3",
          "ray",
          "uv");

  private static final Pattern NAME = Pattern.compile("(?i).*\\.(sh|bash|zsh|cmd|slurm|sbatch)");

  /** How the first line of a script may begin that is neither empty nor a comment. */
  private static final Pattern START =
      Pattern.compile(
          "(?:export\\s|[A-Za-z_]\\w*=|(?:\\S*/)?(?:" + String.join("|", PROGRAMS) + ")\\s).*");

  private static final Pattern TELLS =
      Pattern.compile("(?is)--.*|.*\\.(ya?ml|json|toml)|[+\\w.]+=.+");

  private static final Pattern NUMBER = Pattern.compile("-\\.?\\d.*");

  private CommandText() {}

  /** Whether a text is a script or a command. */
  static boolean isOne(String text, String name) {
    return NAME.matcher(name).matches()
        || text.startsWith("#!") && text.lines().findFirst().orElse("").endsWith("sh")
        || text.lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .findFirst()
            .filter(line -> START.matcher(line).matches())
            .isPresent();
  }

  /** The command with the most options and files. */
  static TrainingFile read(String text, String name) {
    ShellCommand command =
        ShellText.commands(text).stream()
            .filter(found -> found.words().stream().anyMatch(CommandText::isProgram))
            .filter(found -> told(found) > 0)
            .max(Comparator.comparingLong(CommandText::told))
            .orElseThrow(
                () ->
                    InputError.of(
                            "holds no command with options that trains, looked for: ",
                            String.join(", ", PROGRAMS.stream().sorted().toList()))
                        .at(Place.of(name))
                        .refusal());
    List<Word> words = command.words();
    int script = script(words);
    Map<String, Node> launcher = new LinkedHashMap<>();
    Map<String, Node> options = new LinkedHashMap<>();
    List<String> plain = new ArrayList<>();
    options(words.subList(0, script), launcher, plain);
    options(words.subList(script, words.size()), options, plain);
    Map<String, Node> environment = new LinkedHashMap<>();
    command.environment().forEach((key, value) -> environment.put(key, scalar(value)));
    return new TrainingFile(
        name,
        Form.COMMAND,
        new Node.Fields(options, Mark.of(words.get(0).line())),
        Optional.of(new Command(plain, launcher, environment, Values.of(words))),
        List.of(),
        "");
  }

  /** How many words say something: options and files. */
  private static long told(ShellCommand command) {
    return command.words().stream().filter(word -> TELLS.matcher(word.text()).matches()).count();
  }

  private static boolean isProgram(Word word) {
    return PROGRAMS.contains(word.text().substring(word.text().lastIndexOf('/') + 1));
  }

  /** Where the job's own options may begin: behind the script or module that a launcher starts. */
  private static int script(List<Word> words) {
    // A launcher may be a script itself, with the command that it starts behind two dashes.
    int first = Math.max(0, words.stream().map(Word::text).toList().lastIndexOf("--"));
    for (int i = first; i < words.size(); i++) {
      String word = words.get(i).text();
      boolean module = i > 0 && words.get(i - 1).text().matches("-m|--module");
      if (word.endsWith(".py") || module && !word.startsWith("torch.distributed")) {
        return i;
      }
    }
    return first;
  }

  private static void options(List<Word> words, Map<String, Node> options, List<String> plain) {
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i).text();
      if (!word.startsWith("--") || word.length() == 2) {
        plain.add(word);
        continue;
      }
      int equals = word.indexOf('=');
      String key = word.substring(2, equals < 0 ? word.length() : equals).replace('-', '_');
      List<Word> values = new ArrayList<>();
      if (equals > 0) {
        values.add(new Word(word.substring(equals + 1), words.get(i).line()));
      }
      int line = words.get(i).line();
      while (equals < 0 && i + 1 < words.size() && isValue(words.get(i + 1).text())) {
        values.add(words.get(++i));
      }
      put(options, key, values, line);
    }
  }

  private static boolean isValue(String word) {
    return !word.startsWith("-") || NUMBER.matcher(word).matches();
  }

  /** Transformers' parser turns a truth value off by {@code --no_} before its name. */
  private static void put(Map<String, Node> options, String key, List<Word> values, int line) {
    boolean off = values.isEmpty() && key.startsWith("no_") && !key.equals("no_cuda");
    String name = off ? key.substring(3) : key;
    options.remove(name);
    options.put(
        name,
        switch (values.size()) {
          case 0 -> new Node.Scalar(!off, Mark.of(line));
          case 1 -> new Node.Scalar(values.get(0).text(), Mark.of(line));
          default ->
              new Node.Items(values.stream().map(CommandText::scalar).toList(), Mark.of(line));
        });
  }

  private static Node scalar(Word word) {
    return new Node.Scalar(word.text(), Mark.of(word.line()));
  }
}
