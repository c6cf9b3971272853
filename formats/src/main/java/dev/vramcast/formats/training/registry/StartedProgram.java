package dev.vramcast.formats.training.registry;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.python.handed.Told;
import dev.vramcast.formats.python.module.Imports;
import dev.vramcast.formats.python.module.Imports.Import;
import dev.vramcast.formats.python.module.ModuleParts;
import dev.vramcast.formats.python.module.ModuleParts.Part;
import dev.vramcast.formats.python.module.StartedCommands;
import dev.vramcast.formats.training.Finding;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.imports.FollowedModules;
import dev.vramcast.formats.training.imports.ImportedConstants;
import dev.vramcast.formats.training.imports.ModuleFiles;
import dev.vramcast.formats.training.run.OwnTrainer;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Command;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The program of somebody's own that a command starts, with the options that it is given, and with
 * the file that it loads its settings from.
 */
final class StartedProgram {

  private static final Pattern PROGRAM = Pattern.compile("[^=]+\\.py");

  private static final Pattern MODULE = Pattern.compile("[A-Za-z_]\\w*(?:\\.[A-Za-z_]\\w*)*");

  /** Modules that start a program which another word names. */
  private static final Pattern STARTS =
      Pattern.compile("torch\\.distributed\\.\\w+|accelerate\\..*|deepspeed\\.launcher\\..*");

  private static final Pattern FILE = Pattern.compile("(?i)[^=]+\\.(ya?ml|json|toml)");

  /** Options that name the file of a program's own settings. */
  private static final Pattern OPTION =
      Pattern.compile("(?i)(?:\\w+_)?(?:config|cfg)(?:_?(?:path|file|yaml|name))?");

  /**
   * TRL's programs are read by their options, which its configurations define: so are the examples
   * of its users, whatever else their code says. A program's own functions of these names are not.
   */
  private static final List<String> OF_TRL =
      List.of("TrlParser", "get_peft_config", "H4ArgumentParser");

  /** Whose they are. */
  private static final Pattern TRL = Pattern.compile("(?:\\w+\\.)*(?:trl|alignment)(?:\\.\\w+)*");

  /** Formats of options that any program may have. */
  private static final Set<FormatName> COMMON = Set.of(FormatName.TRL, FormatName.TRANSFORMERS);

  private static final int MOST_ENDS = 16;

  private StartedProgram() {}

  /** The program; empty where it is not there, or says nothing of the options. */
  static Optional<TrainingFile> of(
      TrainingFile lone, Command command, Function<String, Optional<TrainingFile>> lookup) {
    TrainingFile script = lone.named();
    boolean others =
        TrainingFiles.formatOf(script).filter(format -> !COMMON.contains(format)).isPresent();
    if (others || !command.values().fields().isEmpty()) {
      return Optional.empty();
    }
    return path(command)
        .flatMap(path -> file(path, lookup))
        .filter(file -> file.form() == Form.PROGRAM)
        .filter(file -> !isOfTrl(file))
        .flatMap(file -> started(file, script, lookup))
        .filter(NamedFile::isJob)
        .map(file -> file.startedBy(script));
  }

  /** TRL's program, or one of its users', that a command starts and that is there. */
  static Optional<TrainingFile> ofTrl(
      TrainingFile script, Function<String, Optional<TrainingFile>> lookup) {
    return script
        .command()
        .filter(command -> script.form() == Form.COMMAND)
        .flatMap(StartedProgram::path)
        .flatMap(path -> file(path, lookup))
        .filter(file -> file.form() == Form.PROGRAM && isOfTrl(file));
  }

  private static boolean isOfTrl(TrainingFile program) {
    boolean named =
        program.lines().stream()
            .anyMatch(line -> OF_TRL.stream().anyMatch(String.valueOf(line.value())::contains));
    if (!named) {
      return false;
    }
    List<String> called = OF_TRL.stream().filter(program::has).toList();
    if (called.isEmpty()) {
      return false;
    }
    List<Part> parts = ModuleParts.of(program.lines());
    List<Import> imports = Imports.of(parts.stream().map(Part::code).collect(Collectors.joining()));
    Set<String> own = ModuleParts.names(parts);
    return called.stream()
        .filter(name -> !own.contains(name))
        .anyMatch(
            name ->
                imports.stream()
                    .filter(each -> each.as().equals(name))
                    .allMatch(each -> TRL.matcher(each.module()).matches()));
  }

  /** A path of another machine may end as that of a file that is here. */
  private static Optional<TrainingFile> file(
      String path, Function<String, Optional<TrainingFile>> lookup) {
    Optional<TrainingFile> there =
        lookup.apply(path).or(() -> lookup.apply(ModuleFiles.SOURCES + '/' + path));
    if (there.isPresent() || !path.startsWith("/")) {
      return there;
    }
    return ends(path).flatMap(end -> lookup.apply(end).stream()).findFirst();
  }

  /** The last parts of a path, from the most to the name alone. */
  static Stream<String> ends(String path) {
    List<String> ends = new ArrayList<>();
    int slash = path.lastIndexOf('/');
    while (slash >= 0 && ends.size() < MOST_ENDS) {
      ends.add(0, path.substring(slash + 1));
      slash = path.lastIndexOf('/', slash - 1);
    }
    return ends.stream().filter(end -> !end.isEmpty());
  }

  /**
   * A batch is none of the Trainer's arguments. What a program makes of it that is there, and
   * starts the one that trains by a command of its own, is not followed: it may be that of all
   * GPUs.
   *
   * @param main what was read, which is the script itself where it is not its program
   */
  static Reading passing(
      TrainingFile script,
      TrainingFile main,
      Function<String, Optional<TrainingFile>> lookup,
      Reading reading) {
    Optional<Setting> batch =
        Stream.of("batch_size", "bsz", "bs")
            .flatMap(
                name ->
                    script.node(name).map(node -> new Setting(script.name(), name, node)).stream())
            .findFirst();
    boolean trl = main.form() == Form.COMMAND && COMMON.contains(reading.format());
    return Optional.of(script)
        .filter(file -> trl && batch.isPresent() && !script.has("per_device_train_batch_size"))
        .flatMap(TrainingFile::command)
        .flatMap(StartedProgram::path)
        .filter(path -> file(path, lookup).filter(StartedProgram::startsOthers).isPresent())
        .map(path -> handedOn(path, batch.orElseThrow(), reading))
        .orElse(reading);
  }

  /** A reading without the batch that a program may hand on, which lint and estimates say. */
  private static Reading handedOn(String path, Setting batch, Reading reading) {
    String name = Shown.oneLine(path);
    String what = " starts another program: what it makes of the batch is not known";
    List<Finding> findings = new ArrayList<>(reading.findings());
    findings.removeIf(finding -> finding.key().equals(batch.key()));
    findings.add(Finding.of(FindingCode.NOT_FOLLOWED, batch, name, what));
    return reading
        .holding(reading.document().without(List.of(JobKey.MICRO_BATCH)), findings)
        .withUnreadable(
            JobKey.MICRO_BATCH,
            InputError.of(name).kind(ErrorKind.UNREADABLE).at(batch.place()).and(what));
  }

  private static boolean startsOthers(TrainingFile program) {
    return program.form() == Form.PROGRAM && StartedCommands.startPrograms(program.lines());
  }

  /** Says which program a command starts that tells nothing by itself. */
  static Optional<InputError> missing(TrainingFile script) {
    return script
        .command()
        .flatMap(StartedProgram::path)
        .map(
            path ->
                InputError.of("runs ", Shown.oneLine(path))
                    .and(", which is no training program below its folder")
                    .kind(ErrorKind.UNKNOWN_FORMAT)
                    .given(path)
                    .at(script.root().place(script.name()))
                    .hint("give that program in place of the command"));
  }

  /** Says that a command names its program by a variable, and nothing of its steps. */
  static Optional<InputError> unnamed(TrainingFile script) {
    return Optional.of(script)
        .filter(OwnTrainer::isUnnamed)
        .map(
            command ->
                InputError.of("runs a program that a variable names, and tells it of no step")
                    .kind(ErrorKind.UNKNOWN_FORMAT)
                    .at(command.root().place(command.name()))
                    .hint("give that program in place of the command"));
  }

  /** The command with options whose program is read in its place. */
  static Optional<TrainingFile> command(List<TrainingFile> files, TrainingFile main) {
    return files.stream()
        .filter(file -> file.form() == Form.COMMAND && main.form() == Form.PROGRAM)
        .filter(file -> file.named().command().equals(main.command()))
        .filter(file -> !file.root().fields().isEmpty())
        .findFirst();
  }

  /** Whether a program leaves nothing open that its command may say. */
  static boolean saysAll(Reading reading) {
    return reading.unreadable().isEmpty()
        && (reading.document().has(JobKey.MODEL_ID) || reading.document().has(JobKey.MODEL_CONFIG));
  }

  private static Optional<TrainingFile> started(
      TrainingFile lone, TrainingFile script, Function<String, Optional<TrainingFile>> lookup) {
    int above = leaves(lone) ? ModuleFiles.ANYWHERE : above(script);
    TrainingFile program = FollowedModules.in(lone, above, lookup);
    Map<String, Node> options = script.root().fields();
    Optional<String> named =
        options.entrySet().stream()
            .filter(option -> OPTION.matcher(option.getKey()).matches())
            .map(option -> String.valueOf(option.getValue().value()))
            .filter(path -> FILE.matcher(path).matches())
            .findFirst();
    Optional<Node.Fields> file = named.flatMap(path -> tree(path, lookup));
    if (named.isPresent() && file.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Node> beside = Surroundings.of(program, script, lookup);
    Told told = new Told(options, file, named, beside);
    boolean nothing = options.isEmpty() && beside.isEmpty();
    Optional<TrainingFile> read = nothing ? Optional.of(program) : program.told(told);
    return read.map(known -> named.isPresent() ? plain(known) : loaded(known, told, lookup));
  }

  /** A program without a command, with the file that it names itself. */
  static TrainingFile alone(TrainingFile lone, Function<String, Optional<TrainingFile>> lookup) {
    TrainingFile program =
        isOfTrl(lone) ? lone : FollowedModules.in(lone, ModuleFiles.ANYWHERE, lookup);
    Map<String, Node> imported =
        NamedFile.isJob(program)
            ? ImportedConstants.of(program, ModuleFiles.ANYWHERE, lookup)
            : Map.of();
    Told told = new Told(Map.of(), Optional.empty(), Optional.empty(), imported);
    boolean asked = Surroundings.isOpen(program.root(), imported.keySet());
    TrainingFile known = asked ? program.told(told).orElse(program) : program;
    return loaded(known, told, lookup);
  }

  /** A program with the file that it loads where its command names none. */
  private static TrainingFile loaded(
      TrainingFile program, Told told, Function<String, Optional<TrainingFile>> lookup) {
    return plain(
        program
            .node(TrainingFile.CONFIGURATION)
            .flatMap(path -> tree(String.valueOf(path.value()), lookup))
            .flatMap(
                file ->
                    program.told(
                        new Told(
                            told.options(), Optional.of(file), Optional.empty(), told.beside())))
            .orElse(program));
  }

  /** Whether a program looks for modules in folders that it names itself. */
  private static boolean leaves(TrainingFile program) {
    return program.lines().stream()
        .anyMatch(line -> String.valueOf(line.value()).contains("sys.path"));
  }

  private static Optional<Node.Fields> tree(
      String path, Function<String, Optional<TrainingFile>> lookup) {
    return lookup.apply(path).filter(file -> file.form() == Form.TREE).map(TrainingFile::root);
  }

  private static TrainingFile plain(TrainingFile program) {
    Map<String, Node> root = new LinkedHashMap<>(program.root().fields());
    root.remove(TrainingFile.CONFIGURATION);
    return program.withRoot(new Node.Fields(root, program.root().mark()));
  }

  /** How many folders lie between a program that is started as a module and what it is one of. */
  static int above(TrainingFile script) {
    boolean module =
        script.command().stream()
            .flatMap(command -> command.words().stream())
            .noneMatch(word -> PROGRAM.matcher(word).matches());
    return script.command().filter(command -> module).flatMap(StartedProgram::path).stream()
        .mapToInt(path -> path.length() - path.replace("/", "").length())
        .sum();
  }

  /** {@code tools/train.py}, {@code -m tools.train}, or {@code --module} of DeepSpeed. */
  private static Optional<String> path(Command command) {
    List<String> words = command.words();
    Optional<String> file =
        words.stream().filter(word -> PROGRAM.matcher(word).matches()).findFirst();
    return file.or(
        () ->
            command
                .module()
                .filter(word -> MODULE.matcher(word).matches() && !STARTS.matcher(word).matches())
                .map(word -> word.replace('.', '/') + ".py"));
  }
}
