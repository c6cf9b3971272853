package dev.vramcast.formats.training.text;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.formats.shell.MadeFiles;
import dev.vramcast.formats.shell.ShellCommand;
import dev.vramcast.formats.shell.ShellCommand.Word;
import dev.vramcast.formats.shell.ShellText;
import dev.vramcast.formats.shell.WeightCommands;
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
import java.util.function.UnaryOperator;
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
          "automodel",
          "mlx_lm.lora",
          "tune",
          "litgpt",
          "accelerate",
          "torchrun",
          "deepspeed",
          "python",
          "python3",
          "ray",
          "uv");

  /** Programs that train by themselves: all that follows them is said to the job. */
  private static final Set<String> TRAINERS =
      Set.of("swift", "megatron", "trl", "llamafactory-cli", "lmf", "axolotl", "tune", "litgpt");

  /** Programs that hardly do anything else than to start a training. */
  private static final Set<String> LAUNCHERS =
      Set.of(
          "accelerate",
          "torchrun",
          "deepspeed",
          "swift",
          "trl",
          "llamafactory-cli",
          "axolotl",
          "litgpt");

  /** What such a program does when it trains. */
  private static final Pattern TRAINS =
      Pattern.compile(
          "sft|pt|rlhf|train|run|finetune\\w*|pretrain|dpo|kto|grpo|rloo|reward|orpo|cpo|gkd|"
              + "online_dpo|bco|xpo|nash_md|prm|ppo|gold|minillm|distillation|"
              + "\\S+\\.ya?ml");

  /** What a command line is called that stands in no file. */
  static final String INLINE = "command line";

  private static final Pattern NAME =
      Pattern.compile("(?i).*\\.(sh|bash|zsh|cmd|slurm|sbatch)|" + INLINE);

  /** How the first line of a script may begin that is neither empty nor a comment. */
  private static final Pattern START =
      Pattern.compile(
          "(?:export\\s|[A-Za-z_]\\w*=|(?:\\S*/)?(?:" + String.join("|", PROGRAMS) + ")\\s).*");

  /** Scripts and modules that use a model or prepare data, and train nothing. */
  private static final Pattern ELSE =
      Pattern.compile(
          "(?i)(?:.*[./_])?(?:(?:\\w+_)?(?:infer\\w*|eval(?:uat\\w*)?)"
              + "|gen|pred(?:ict\\w*)?|generat\\w*|merge\\w*|export\\w*|convert\\w*"
              + "|preprocess\\w*|serve\\w*"
              + "|api_server|download\\w*|prepare\\w*"
              + "|pip|venv|ensurepip|virtualenv|pytest|ipykernel)"
              + "(?:_\\w+)?(?:\\.py)?");

  /** What makes data for a training, whose name may say so, and does not train behind that. */
  private static final Pattern PREPARES =
      Pattern.compile(
          "(?i)(?:.*[./])?(?:prepare|preprocess|download|convert)"
              + "(?!\\w{0,80}_(?:(?:and|then|n)_)(?:train|fine_?tune))"
              + "(?!\\w{0,80}_(?:train(?:ing)?|fine_?tun(?:e|ing))\\.py)_\\w{1,80}\\.py");

  /** Switches of programs that do several things. */
  private static final Pattern USES =
      Pattern.compile("--do[_-](?:pred(?:ict)?|infer(?:ence)?|test)(?:=(?i:true|1))?");

  private static final Pattern HOW =
      Pattern.compile(
          "(?s)--(?:\\w*(?:learning[_-]rate|train|epochs|max[_-]steps|gradient[_-]accumulation"
              + "|lora|peft)[\\w-]*|lr|beta)(?:=.*)?");

  /** What is in the names of scripts that train. */
  private static final Pattern TRAINING =
      Pattern.compile("(?i)(?:.*[./])?[\\w-]*(?:tun|sft|dpo|grpo|rlhf)[\\w-]*(?:\\.py)?|.*train.*");

  private static final Pattern TELLS =
      Pattern.compile(
          "(?is)--.*|.*\\.(ya?ml|json|toml)|[+\\w.]+=.+|(?:.*/)?examples/run_\\w+\\.py");

  /** A program stands at the start of a command, behind a launcher such as {@code uv run}. */
  private static final int FIRST_WORDS = 4;

  /** Modules that start a script. */
  private static final Pattern LAUNCHER =
      Pattern.compile(
          "torch\\.distributed\\b.*|accelerate\\.commands\\.\\w+|deepspeed\\.launcher\\.\\w+");

  /** What starts a program in a container, on other machines, or by a script of its own. */
  private static final Pattern STARTS =
      Pattern.compile("(?:.*/)?(?:srun|mpirun|mpiexec|singularity|apptainer|bash|sh)");

  /** Megatron-LM's program, which such a script is handed. */
  private static final Pattern PRETRAINS = Pattern.compile("(?:.*/)?pretrain_gpt\\.py");

  private static final Pattern ARRAY = Pattern.compile("\\$\\{\\w+\\[[@*]]\\}");

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

  /** The command that trains, with the most options and files where there are several. */
  static TrainingFile read(String text, String name) {
    return found(text, Map.of(), name, UnaryOperator.identity())
        .or(
            () ->
                NamedTraining.of(ShellText.commands(text, Map.of()))
                    .map(List::of)
                    .map(one -> file(one.get(0), name, one, one, mark -> mark.in(name))))
        .orElseThrow(
            () -> openOptions(text, name).orElseGet(() -> trainsNothing(text, name)).refusal());
  }

  private static InputError trainsNothing(String text, String name) {
    String programs = String.join(", ", PROGRAMS.stream().sorted().toList());
    return WeightCommands.refused(ShellText.commands(text, Map.of()), mark -> place(name, mark))
        .orElseGet(
            () ->
                InputError.of("holds no command with options that trains, looked for: ", programs)
                    .at(Place.of(name))
                    .kind(ErrorKind.UNKNOWN_FORMAT));
  }

  /** Options that a command takes from an array which the script does not set. */
  private static Optional<InputError> openOptions(String text, String name) {
    return ShellText.commands(text, Map.of()).stream()
        .filter(command -> startsTraining(command.words()))
        .flatMap(command -> command.words().stream())
        .filter(word -> ARRAY.matcher(word.text()).matches())
        .findFirst()
        .map(
            word ->
                InputError.of(
                        "trains by ",
                        Shown.oneLine(word.text()),
                        ", which is filled in from outside")
                    .kind(ErrorKind.MISSING)
                    .at(place(name, word.mark()))
                    .hint("give the options in its place"));
  }

  /** Whether a command is a launcher's, or of a script that is called by its training. */
  private static boolean startsTraining(List<Word> words) {
    return words.stream().map(CommandText::program).anyMatch(LAUNCHERS::contains)
        || words.stream().anyMatch(word -> PROGRAMS.contains(program(word)))
            && TRAINING.matcher(words.get(script(words, 0)).text()).matches();
  }

  /**
   * As {@link #read}; empty where no command trains.
   *
   * @param given variables that are set before the script starts
   * @param places in the file, of those in the text
   */
  static Optional<TrainingFile> found(
      String text, Map<String, Word> given, String name, UnaryOperator<Mark> places) {
    List<ShellCommand> commands = ShellText.commands(text, given);
    List<ShellCommand> all =
        commands.stream()
            .flatMap(command -> InnerCommands.of(command).stream())
            .filter(CommandText::startsOne)
            .filter(
                found -> trainer(found.words()) >= 0 || tells(found) && !doesElse(found.words()))
            .filter(found -> !usesOnly(found.words()) || saysHow(found.words()))
            .toList();
    return all.stream()
        .max(
            Comparator.comparing((ShellCommand found) -> trainer(found.words()) >= 0)
                .thenComparing(found -> !usesOnly(found.words()))
                .thenComparing(CommandText::told))
        .map(command -> whole(command, text, given, name, places))
        .map(command -> file(command, name, commands, all, places));
  }

  private static boolean trains(ShellCommand command) {
    List<Word> words = command.words();
    String script = words.get(script(words, 0)).text();
    return trainer(words) >= 0
        || !usesOnly(words) && (saysHow(words) || TRAINING.matcher(script).matches());
  }

  /**
   * A shell ends a continued command at a comment or an empty line, and takes the options behind
   * that for commands of their own.
   */
  private static ShellCommand whole(
      ShellCommand command,
      String text,
      Map<String, Word> given,
      String name,
      UnaryOperator<Mark> places) {
    int first = command.words().get(0).line();
    ShellText.commands(text, given).stream()
        .map(other -> other.words().get(0))
        .filter(word -> word.line() > first)
        .findFirst()
        .filter(word -> word.text().matches("--\\w.*"))
        .ifPresent(
            word -> {
              throw InputError.of(Shown.oneLine(word.text()))
                  .kind(ErrorKind.MALFORMED)
                  .and(" and what follows reach no command, as the one before has ended")
                  .at(place(name, places.apply(word.mark())))
                  .hint("take comments and empty lines out of the command")
                  .refusal();
            });
    return command;
  }

  private static TrainingFile file(
      ShellCommand command,
      String name,
      List<ShellCommand> script,
      List<ShellCommand> all,
      UnaryOperator<Mark> places) {
    ShellCommand placed = command.at(places);
    List<Word> words = UnreadWords.without(placed.words());
    List<ShellCommand> others =
        all.stream().filter(CommandText::trains).map(other -> other.at(places)).toList();
    Map<String, Node> launcher = new LinkedHashMap<>();
    Map<String, Node> options = new LinkedHashMap<>();
    List<String> plain = new ArrayList<>();
    int trainer = trainer(words);
    int dashes = words.stream().map(Word::text).toList().lastIndexOf("--");
    if (trainer >= 0) {
      // Behind two dashes stands what it hands to a launcher (axolotl/cli/utils/train.py).
      int end = dashes > trainer ? dashes : words.size();
      Values.options(words.subList(0, trainer), launcher, plain);
      Values.options(words.subList(trainer, end), options, plain);
      Values.options(words.subList(end, words.size()), launcher, plain);
    } else {
      int started = script(words, Math.max(0, dashes));
      Values.options(words.subList(0, started), launcher, plain);
      Values.options(words.subList(started, words.size()), options, plain);
    }
    Map<String, Node> environment = new LinkedHashMap<>();
    command
        .environment()
        .forEach((key, value) -> environment.put(key, Values.scalar(value).at(places)));
    UnaryOperator<Mark> named = mark -> places.apply(mark).in(name);
    NamedTraining.behind(script, command)
        .forEach((what, word) -> environment.put(what, Values.scalar(word).at(named)));
    MadeFiles files = MadeFiles.of(script, command).at(places);
    return new TrainingFile(
        name,
        Form.COMMAND,
        new Node.Fields(options, words.get(0).mark()),
        Optional.of(
            new Command(
                plain,
                launcher,
                environment,
                Values.of(words),
                files.texts(),
                files.unknown(),
                files.copies(),
                UnreadWords.of(placed, others))),
        List.of(),
        "");
  }

  /** Whether a command says something, or starts a program that is called by its training. */
  private static boolean tells(ShellCommand command) {
    int script = script(command.words(), 0);
    String started = command.words().get(script).text();
    boolean module = script > 0 && command.words().get(script - 1).text().equals("-m");
    return told(command) > 0
        || (started.endsWith(".py") || module)
            && command.words().stream().noneMatch(word -> ARRAY.matcher(word.text()).matches())
            && (started.startsWith(ShellCommand.STDIN) || TRAINING.matcher(started).matches());
  }

  /** How many words say something: options and files. */
  private static long told(ShellCommand command) {
    return command.words().stream().filter(word -> TELLS.matcher(word.text()).matches()).count();
  }

  /** Whether a program is started, or a script that trains by what starts others. */
  private static boolean startsOne(ShellCommand command) {
    List<Word> words = command.words();
    int script = script(words, 0);
    return words.stream().anyMatch(word -> PROGRAMS.contains(program(word)))
        || script > 0
            && STARTS.matcher(words.get(0).text()).matches()
            && PRETRAINS.matcher(words.get(script).text()).matches();
  }

  private static String program(Word word) {
    return word.text().substring(word.text().lastIndexOf('/') + 1);
  }

  /** Where a program that trains by itself stands; -1 where none does. */
  private static int trainer(List<Word> words) {
    for (int i = 0; i + 1 < words.size(); i++) {
      if (words.get(i).text().endsWith(".py")) {
        return -1;
      }
      boolean trains = TRAINS.matcher(words.get(i + 1).text()).matches();
      if (trains && TRAINERS.contains(program(words.get(i)))) {
        return i;
      }
    }
    return -1;
  }

  /** Whether such a program does something else, e.g. {@code swift infer}. */
  private static boolean doesElse(List<Word> words) {
    int script = script(words, 0);
    return words.subList(0, script == 0 ? words.size() : script).stream()
        .limit(FIRST_WORDS)
        .anyMatch(word -> TRAINERS.contains(program(word)));
  }

  /** Whether the script or module that is started uses a model, by its name or what it is told. */
  private static boolean usesOnly(List<Word> words) {
    String script = words.get(script(words, 0)).text();
    boolean trains = TRAINING.matcher(script).matches() && !PREPARES.matcher(script).matches();
    return ELSE.matcher(script).matches() && !trains
        || trainer(words) < 0
            && words.stream().anyMatch(word -> USES.matcher(word.text()).matches());
  }

  /** Whether an option is of training, whatever the script is called. */
  private static boolean saysHow(List<Word> words) {
    return words.stream().anyMatch(word -> HOW.matcher(word.text()).matches());
  }

  /**
   * Where the job's own options may begin: behind the script or module that a launcher starts.
   *
   * @param first a launcher may be a script itself, with the command that it starts behind two
   *     dashes
   */
  private static int script(List<Word> words, int first) {
    int named = first;
    for (int i = first; i < words.size(); i++) {
      String word = words.get(i).text();
      String before = i > 0 ? words.get(i - 1).text() : "";
      boolean module = before.matches("-m|--module");
      if (word.endsWith(".py") || module && !LAUNCHER.matcher(word).matches()) {
        return i;
      }
      // A variable that is no option's value may name the program.
      named = named == first && word.startsWith("$") && !before.startsWith("-") ? i : named;
    }
    return named;
  }

  private static Place place(String name, Mark mark) {
    return Place.of(name, mark.line(), mark.column());
  }
}
