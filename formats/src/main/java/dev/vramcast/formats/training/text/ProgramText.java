package dev.vramcast.formats.training.text;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.formats.python.Program;
import dev.vramcast.formats.python.PythonCalls;
import dev.vramcast.formats.python.flow.MixedCalls;
import dev.vramcast.formats.python.flow.SidedCalls;
import dev.vramcast.formats.python.handed.AskedTexts;
import dev.vramcast.formats.python.handed.Call;
import dev.vramcast.formats.python.handed.CastModel;
import dev.vramcast.formats.python.handed.Downloads;
import dev.vramcast.formats.python.handed.FiredFunction;
import dev.vramcast.formats.python.handed.HandedClass;
import dev.vramcast.formats.python.handed.HandedValues;
import dev.vramcast.formats.python.handed.SettingsPath;
import dev.vramcast.formats.python.handed.Told;
import dev.vramcast.formats.python.module.CutRows;
import dev.vramcast.formats.python.module.ModuleLines;
import dev.vramcast.formats.python.module.NotebookCell;
import dev.vramcast.formats.python.module.NotebookCommands;
import dev.vramcast.formats.python.module.NotebookLines;
import dev.vramcast.formats.python.module.NotebookWrites;
import dev.vramcast.formats.python.module.WrittenPrograms;
import dev.vramcast.formats.python.objects.FrozenParameters;
import dev.vramcast.formats.training.loop.TrainingLoop;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.input.tree.LazyFields;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import dev.vramcast.input.tree.NodeParser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Python programs and notebooks: each call that a reader may know, with its arguments. */
final class ProgramText {

  private static final Pattern NOTEBOOK =
      Pattern.compile("\\s*\\{\\s*\"(cells|metadata|nbformat)\"");
  private static final Pattern PROGRAM =
      Pattern.compile("(?m)^(from [\\w.]+ import |import \\w+|def \\w+\\()");

  /** Objects whose {@code from_pretrained} loads the model that is trained. */
  private static final Pattern LOADER =
      Pattern.compile(
          "(Fast\\w*|AutoModel\\w*|\\w*LMHeadModel|\\w*For(?:CausalLM"
              + "|ConditionalGeneration|MaskedLM|SequenceClassification|TokenClassification"
              + "|QuestionAnswering))");

  /** A model that writes, which is the one that is trained where others score beside it. */
  private static final Pattern WRITES =
      Pattern.compile("\\w*(?:For(?:CausalLM|ConditionalGeneration)|LMHead)\\w*");

  private static final String MODEL = "AutoModel";

  private static final Pattern PROCESSOR = Pattern.compile("AutoProcessor|\\w+VL\\w*Processor");

  /** How programs call the option, or the name, of the file that they load their settings from. */
  private static final Pattern CONFIGURATION =
      Pattern.compile("(?i)\\.?(?:\\w+_)?(?:config|cfg)(?:_?(?:path|file|yaml|name))?");

  private static final Pattern XTUNER = Pattern.compile("^(?:from|import) xtuner\\b");

  /** A variable of the environment that a program sets for itself. */
  private static final Pattern VARIABLE =
      Pattern.compile(
          "(?m)^[^#\\n]*?\\bos\\.environ\\s*\\[\\s*[\"'](\\w+)[\"']\\s*]"
              + "\\s*=\\s*[\"']([^\"'\\n]*)[\"']");

  private ProgramText() {}

  static boolean isNotebook(String text, String name) {
    return name.endsWith(".ipynb")
        || NOTEBOOK.matcher(text).lookingAt() && text.contains("\"cells\"");
  }

  static boolean isProgram(String text, String name) {
    return name.endsWith(".py")
        || !name.matches("(?i).*\\.(ya?ml|json)") && PROGRAM.matcher(text).find();
  }

  static TrainingFile program(String text, String name) {
    List<Node.Scalar> lines = new ArrayList<>();
    List<String> rows = text.lines().toList();
    for (int i = 0; i < rows.size(); i++) {
      lines.add(new Node.Scalar(rows.get(i), new Mark(i + 1, 1)));
    }
    return program(lines, name);
  }

  private static TrainingFile program(List<Node.Scalar> lines, String name) {
    Map<String, Node> root = new LazyFields(() -> read(lines, name).root().fields());
    return program(name, new Node.Fields(root, Mark.of(1)), lines);
  }

  private static TrainingFile read(List<Node.Scalar> lines, String name) {
    FiredFunction fired = FiredFunction.in(lines, Map.of());
    Program program = PythonCalls.program(fired.lines(), Told.NOTHING);
    TrainingFile file = file(name, fired.lines(), program).withLines(lines);
    return placed(ParsedArguments.with(file, program, Map.of()));
  }

  private static TrainingFile program(String name, Node.Fields root, List<Node.Scalar> lines) {
    return new TrainingFile(
        name, Form.PROGRAM, root, Optional.empty(), List.of(), "", JobDocument.empty(), lines);
  }

  /** A program with lines of its modules. */
  static TrainingFile linked(TrainingFile file, List<Node.Scalar> lines) {
    return program(lines, file.name()).with(file.given());
  }

  private static TrainingFile placed(TrainingFile file) {
    return file.withRoot(ModuleLines.placed(file.root(), file.lines()));
  }

  /** A program that is told something; empty where it defines none of the options. */
  static Optional<TrainingFile> told(TrainingFile file, Told told) {
    FiredFunction fired = FiredFunction.in(file.lines(), told.options());
    Program program = PythonCalls.program(fired.lines(), told);
    TrainingFile made = file(file.name(), fired.lines(), program).withLines(file.lines());
    // Classes of arguments may stand in other modules.
    boolean unheard =
        program.taken().isEmpty()
            && fired.taken().isEmpty()
            && !told.options().isEmpty()
            && !made.has(ParsedArguments.PARSER);
    TrainingFile read = ParsedArguments.loading(made, told.options());
    return unheard
        ? Optional.empty()
        : Optional.of(placed(ParsedArguments.with(read, program, told.options())));
  }

  private static TrainingFile file(String name, List<Node.Scalar> lines) {
    return file(name, lines, PythonCalls.program(lines, Told.NOTHING));
  }

  private static TrainingFile file(String name, List<Node.Scalar> lines, Program program) {
    Map<String, Node> settled = new LinkedHashMap<>(program.constants());
    settled.keySet().retainAll(program.settled());
    List<Call> all = TrainedCalls.of(TrainingLoop.beside(program, lines, settled), lines);
    HandedValues.Filled handed = SidedCalls.settled(HandedValues.in(all, lines, settled));
    List<Call> kept = AskedTexts.without(TrainedModel.only(handed.calls(), ProgramText::loads));
    CastModel cast = new CastModel(lines, handed.calls());
    Map<String, Node> beside = beside(lines);
    if (program.constants().get("model") instanceof Node.Fields
        && lines.stream().anyMatch(line -> XTUNER.matcher(String.valueOf(line.value())).find())) {
      section(beside, TrainingFile.XTUNER, program.constants());
    }
    TrainingFile file = OwnTrainers.beside(file(name, kept, cast, beside), lines);
    Map<String, Node> root = new LinkedHashMap<>(TrainingLoop.told(file.root().fields()));
    root.putAll(CutRows.told(lines, program.constants(), root.get(TrainingFile.TOKENIZER)));
    FrozenParameters.in(lines).ifPresent(said -> root.put(TrainingFile.FREEZES, said));
    configuration(program)
        .or(() -> SettingsPath.in(program.calls(), lines, program.constants()))
        .ifPresent(path -> root.put(TrainingFile.CONFIGURATION, path));
    if (!handed.assumed().isEmpty()) {
      root.put(TrainingFile.DEFAULTS, new Node.Items(handed.assumed(), Mark.of(1)));
    }
    List<Node> others =
        TrainedModel.beside(handed.calls(), kept, ProgramText::loads, lines).stream()
            .<Node>map(call -> new Node.Scalar(call.assigned(), call.mark()))
            .toList();
    if (!others.isEmpty()) {
      root.put(TrainingFile.OTHER_MODELS, new Node.Items(others, Mark.of(1)));
    }
    marks(root, TrainingFile.LEFT_OUT, program.left());
    marks(root, TrainingFile.MAY_RUN, program.read());
    List<Node> mixed = MixedCalls.of(lines, program.calls());
    if (!mixed.isEmpty()) {
      root.put(TrainingFile.MIXED, new Node.Items(mixed, Mark.of(1)));
    }
    if (!program.unfollowed().isEmpty()) {
      root.put(TrainingFile.UNFOLLOWED, new Node.Items(program.unfollowed(), Mark.of(1)));
    }
    return program(name, new Node.Fields(root, file.root().mark()), lines);
  }

  private static void marks(Map<String, Node> root, String name, List<Mark> marks) {
    if (!marks.isEmpty()) {
      List<Node> places = marks.stream().<Node>map(at -> new Node.Scalar("", at)).toList();
      root.put(name, new Node.Items(places, Mark.of(1)));
    }
  }

  /** The path of the file that a program loads where its command names none. */
  private static Optional<Node> configuration(Program program) {
    return program.constants().entrySet().stream()
        .filter(constant -> CONFIGURATION.matcher(constant.getKey()).matches())
        .map(Map.Entry::getValue)
        .flatMap(path -> SettingsPath.file(path).stream())
        .findFirst();
  }

  static TrainingFile notebook(String text, String name) {
    Node root = NodeParser.load(text, name).root();
    if (!(root instanceof Node.Fields fields)
        || !(fields.fields().get("cells") instanceof Node.Items cells)) {
      throw InputError.of("is no notebook, it has no cells")
          .kind(ErrorKind.MALFORMED)
          .at(Place.of(name))
          .refusal();
    }
    List<NotebookCell> all =
        NotebookLines.of(cells, NodeParser.points(text)).stream().map(NotebookCell::of).toList();
    TrainingFile program = file(name, all.stream().flatMap(ProgramText::lines).toList());
    // What a cell writes into a file trains where a command starts it.
    return trains(program) ? program : command(all, name).orElse(program);
  }

  /** Of a cell that is written into a file the line that says so. */
  private static Stream<Node.Scalar> lines(NotebookCell cell) {
    return switch (cell.kind()) {
      case PYTHON -> cell.lines().stream();
      case FILE -> Stream.of(cell.rows().get(cell.body() - 1));
      // They install too.
      case SHELL -> cell.lines().stream();
      case OTHER -> Stream.empty();
    };
  }

  private static boolean trains(TrainingFile program) {
    return program.root().fields().keySet().stream().anyMatch(ProgramText::trains);
  }

  private static boolean trains(String call) {
    return call.endsWith("Trainer") || call.equals("get_peft_model");
  }

  /** What cells hand to the shell, where that trains. */
  private static Optional<TrainingFile> command(List<NotebookCell> cells, String name) {
    NotebookCommands.Script script =
        NotebookCommands.of(cells, code -> PythonCalls.program(code, Told.NOTHING).constants());
    Optional<TrainingFile> unplaced =
        CommandText.found(script.text(), Map.of(), name, UnaryOperator.identity());
    if (unplaced.isPresent()) {
      List<String> words = unplaced.get().command().orElseThrow().words();
      script.writes().refuseOpen(name, words::contains);
      NotebookWrites.Files files = script.writes().before(unplaced.get().root().line());
      return CommandText.found(script.text(), Map.of(), name, script::place)
          .map(found -> found.withFiles(files.texts(), files.made()));
    }
    Optional<TrainingFile> written =
        WrittenPrograms.of(cells, script, name, cell -> trains(file(name, cell.lines())))
            .map(program -> written(program, script, name));
    if (written.isEmpty()) {
      script.writes().refuseOpen(name, path -> true);
    }
    return written;
  }

  private static TrainingFile written(
      WrittenPrograms.Started program, NotebookCommands.Script script, String name) {
    if (!program.isStarted()) {
      return file(name, program.cell().lines());
    }
    Mark mark = script.place(program.started());
    Node.Fields none = new Node.Fields(Map.of(), mark);
    NotebookWrites.Files files = script.writes().before(program.started().line());
    return new TrainingFile(
        name,
        Form.COMMAND,
        none,
        Optional.of(
            new TrainingFile.Command(
                List.of("python", program.cell().path()),
                Map.of(),
                Map.of(),
                none,
                files.texts(),
                files.made(),
                Map.of(),
                List.of())),
        List.of(),
        "");
  }

  /** What a program sets and installs, which stands beside its calls. */
  private static Map<String, Node> beside(List<Node.Scalar> lines) {
    Map<String, Node> sections = new LinkedHashMap<>();
    section(sections, TrainingFile.ENVIRONMENT, variables(lines));
    section(sections, TrainingFile.INSTALLED, Installs.of(lines));
    return sections;
  }

  private static void section(Map<String, Node> sections, String name, Map<String, Node> values) {
    if (!values.isEmpty()) {
      sections.put(name, new Node.Fields(values, Mark.of(1)));
    }
  }

  /** The last value counts. */
  private static Map<String, Node> variables(List<Node.Scalar> lines) {
    Map<String, Node> variables = new LinkedHashMap<>();
    for (Node.Scalar line : lines) {
      String text = String.valueOf(line.value());
      Matcher found = VARIABLE.matcher(text.contains("environ") ? text : "");
      while (found.find()) {
        variables.put(
            found.group(1), new Node.Scalar(found.group(2), ModuleLines.at(line, found.start(1))));
      }
    }
    return variables;
  }

  /** Who loads the model stands beside what it is told. */
  private static void load(Call call, String loader, CastModel cast, Map<String, Node> root) {
    String key = loader.startsWith("Fast") ? "from_pretrained" : MODEL;
    Node before = root.get(key);
    boolean scores =
        before instanceof Node.Fields first
            && first
                .at(TrainingFile.LOADER)
                .filter(other -> String.valueOf(other.value()).endsWith("Classification"))
                .isPresent();
    if (before != null && !(scores && WRITES.matcher(loader).matches())) {
      return;
    }
    Map<String, Node> arguments = new LinkedHashMap<>(cast.arguments(call));
    if (key.equals(MODEL)) {
      arguments.put(TrainingFile.LOADER, new Node.Scalar(loader, call.mark()));
    }
    root.put(key, new Node.Fields(arguments, call.mark()));
  }

  private static boolean loads(Call call) {
    String[] parts = call.name().split("\\.");
    return parts.length > 1
        && parts[parts.length - 1].equals("from_pretrained")
        && LOADER.matcher(parts[parts.length - 2]).matches();
  }

  /** Of calls of one name the first counts: later ones load what was trained. */
  private static TrainingFile file(
      String name, List<Call> calls, CastModel cast, Map<String, Node> beside) {
    Map<String, Node> root = new LinkedHashMap<>(beside);
    Downloads downloads = Downloads.of(calls);
    for (Call call : calls) {
      call.arguments().replaceAll((key, node) -> downloads.filled(node));
      int dot = call.name().lastIndexOf('.');
      String method = call.name().substring(dot + 1);
      String object = dot < 0 ? "" : call.name().substring(0, dot);
      String receiver = object.substring(object.lastIndexOf('.') + 1);
      boolean loads = method.equals("from_pretrained");
      if (loads && LOADER.matcher(receiver).matches()) {
        load(call, receiver, cast, root);
      } else if (loads && receiver.equals(TrainingFile.ADAPTED)) {
        root.putIfAbsent(receiver, TrainedModel.continued(call, call.assigned(), calls));
      } else if (TrainedModel.isAdapted(call, object, calls)) {
        root.putIfAbsent(TrainingFile.ADAPTED, TrainedModel.continued(call, object, calls));
      } else if (loads && PROCESSOR.matcher(receiver).matches()) {
        root.putIfAbsent(TrainingFile.PROCESSOR, new Node.Fields(call.arguments(), call.mark()));
      } else if (loads && receiver.equals(TrainingFile.TOKENIZER)) {
        root.putIfAbsent(receiver, new Node.Fields(call.arguments(), call.mark()));
      } else if (!loads) {
        boolean writes = call.arguments().containsKey(TrainingFile.TARGETS);
        String key = writes ? TrainingFile.TARGETS : method;
        Node.Fields arguments = new Node.Fields(call.arguments(), call.mark());
        // A call that shows what a tokenizer does may stand above the one that makes the rows.
        if (key.equals(CutRows.TOKENIZES)
            && root.get(key) instanceof Node.Fields shown
            && !CutRows.isCut(shown)) {
          root.put(key, CutRows.isCut(arguments) ? arguments : shown);
        }
        root.putIfAbsent(key, arguments);
      }
    }
    // A function may only look at a class that the program calls further on.
    calls.stream()
        .flatMap(call -> HandedClass.in(call).stream())
        .forEach(made -> root.putIfAbsent(made.name(), made.arguments()));
    return new TrainingFile(
        name, Form.PROGRAM, new Node.Fields(root, Mark.of(1)), Optional.empty(), List.of(), "");
  }
}
