package dev.vramcast.formats.training.text;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.formats.shell.PlacedScript;
import dev.vramcast.formats.training.container.CarriedScript;
import dev.vramcast.formats.training.container.ClusterTask;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.input.text.BoundedText;
import dev.vramcast.input.tree.Node;
import dev.vramcast.input.tree.NodeParser;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Turns the text of a training file into its keys. Nothing in it is run. */
public final class TrainingText {

  /** Notebooks with their pictures are larger than files that are written by hand. */
  private static final int MAX_BYTES = 16 << 20;

  /** Lines and characters of comments over the first key that are looked at. */
  private static final int LONGEST_HEADER = 100;

  private static final int LONGEST_COMMENT = 300;

  /** Among all files of a change are empty ones, which are of no framework. */
  private static final BoundedText BOUNDS = new BoundedText(MAX_BYTES, ErrorKind.UNKNOWN_FORMAT);

  /** A value that a template engine fills in, without quotes around it; not of GitHub. */
  private static final Pattern TEMPLATE = Pattern.compile("^[^#'\"]*?((?<!\\$)\\{\\{|\\{%)");

  /** A value that begins with a name in such braces, behind its key. */
  private static final Pattern NAMED =
      Pattern.compile(
          "(?m)^([ \\t]{0,200}+(?:- )?+[\\w.-]{1,200}+:[ \\t]{1,200}+)"
              + "(\\{\\{ ?\\w{1,200}+ ?\\}\\}[^'\"#\\s]{0,400}+)[ \\t]*+$");

  private static final Pattern DATA = Pattern.compile("(?i).*\\.(?:ya?ml|json|toml|ipynb)");

  private TrainingText() {}

  /** What a command line is called in messages that stands in no file. */
  public static String commandName() {
    return CommandText.INLINE;
  }

  /** Reads a file. */
  public static TrainingFile read(Path file) {
    return of(content(file), name(file));
  }

  /** Whether a text is a file of another tool that runs commands, which trains or not. */
  public static boolean carriesCommands(String text, String name) {
    if (CarriedScript.isIn(text, name)) {
      return true;
    }
    try {
      return ClusterTask.documents(BOUNDS.checked(text, name)).stream()
          .map(document -> NodeParser.load(document, name).root())
          .anyMatch(root -> root instanceof Node.Fields keys && CarriedScript.isIn(keys));
    } catch (InputException e) {
      return false;
    }
  }

  /** The text of a file, of bounded size. */
  public static String content(Path file) {
    return BOUNDS.of(file);
  }

  /** What a file is called in messages. */
  public static String name(Path file) {
    return Shown.printable(file.toString());
  }

  /** The name of the folder that a file lies in, which may be the current one; empty without. */
  public static Optional<String> folder(String name) {
    try {
      Path file = Path.of(name);
      boolean here = file.getParent() == null && Files.isRegularFile(file);
      return Optional.ofNullable((here ? file.toAbsolutePath() : file).getParent())
          .flatMap(folder -> Optional.ofNullable(folder.getFileName()))
          .map(Path::toString);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /**
   * Reads text.
   *
   * @param name the file's name in messages, whose ending may tell what the text is
   */
  public static TrainingFile of(String text, String name) {
    String content = BOUNDS.checked(text, name);
    try {
      return read(content, name);
    } catch (InputException e) {
      boolean isMalformed = e.error().kind() != ErrorKind.UNKNOWN_FORMAT && isData(name);
      throw isMalformed ? TrainingWords.refused(e, content) : e;
    }
  }

  /** What a template engine fills in where a text cannot be read without; else empty. */
  public static Optional<InputError> filledIn(String text, String name) {
    if (text.length() > MAX_BYTES) {
      return Optional.empty();
    }
    return marker(text)
        .filter(found -> tried(text, name).isEmpty())
        .map(found -> found.filledIn(name));
  }

  private static Optional<NodeParser.Loaded> tried(String text, String name) {
    try {
      return Optional.of(NodeParser.load(text, name));
    } catch (InputException e) {
      return Optional.empty();
    }
  }

  /** Whether a text is one that other programs than trainers may have written for themselves. */
  private static boolean isData(String name) {
    return DATA.matcher(name).matches();
  }

  private static TrainingFile read(String content, String name) {
    if (ProgramText.isNotebook(content, name)) {
      return ProgramText.notebook(content, name);
    }
    if (name.endsWith(".toml")) {
      Node.Fields root = TomlText.read(content, name);
      return new TrainingFile(name, Form.TREE, root, Optional.empty(), List.of(), header(content));
    }
    if (DocumentText.isOne(name)) {
      return CommandText.read(DocumentText.commands(content), name);
    }
    if (CarriedScript.isIn(content, name)) {
      return CarriedScript.of(content, name).stream()
          .flatMap(script -> carried(script, name).stream())
          .findFirst()
          .orElseThrow(() -> trainsNothing(name));
    }
    if (CommandText.isOne(content, name)) {
      return CommandText.read(content, name);
    }
    return ProgramText.isProgram(content, name)
        ? ProgramText.program(content, name)
        : tree(content, name);
  }

  private static TrainingFile tree(String text, String name) {
    List<String> documents = ClusterTask.documents(text);
    if (documents.size() > 1) {
      return manifest(documents, name);
    }
    if (text.lines().map(String::strip).allMatch(TrainingText::saysNothing)) {
      throw InputError.of("is empty").at(Place.of(name)).kind(ErrorKind.UNKNOWN_FORMAT).refusal();
    }
    NodeParser.Loaded loaded = loaded(text, name);
    if (!(loaded.root() instanceof Node.Fields root)) {
      throw InputError.of("holds ", kind(loaded.root()))
          .at(Place.of(name, 1, 1))
          .allowed("keys with values")
          .kind(ErrorKind.UNKNOWN_FORMAT)
          .refusal();
    }
    return CarriedScript.isIn(root)
        ? carried(CarriedScript.of(root, text), name).orElseThrow(() -> trainsNothing(name))
        : new TrainingFile(name, Form.TREE, root, Optional.empty(), loaded.repeats(), header(text));
  }

  /** The first document that hands a command to a cluster which trains. */
  private static TrainingFile manifest(List<String> documents, String name) {
    for (String document : documents) {
      if (loaded(document, name).root() instanceof Node.Fields root && CarriedScript.isIn(root)) {
        Optional<TrainingFile> found = carried(CarriedScript.of(root, document), name);
        if (found.isPresent()) {
          return found.get();
        }
      }
    }
    throw trainsNothing(name);
  }

  private static Optional<TrainingFile> carried(CarriedScript carried, String name) {
    PlacedScript script = carried.script();
    return CommandText.found(script.text(), carried.variables(), name, script::place);
  }

  private static InputException trainsNothing(String name) {
    return InputError.of("carries no command with options that trains")
        .at(Place.of(name))
        .kind(ErrorKind.UNKNOWN_FORMAT)
        .refusal();
  }

  private static NodeParser.Loaded loaded(String text, String name) {
    try {
      return NodeParser.load(text, name);
    } catch (InputException e) {
      Marker found = marker(text).orElseThrow(() -> e);
      // Values that begin with a name which is filled in are texts.
      return tried(NAMED.matcher(text).replaceAll("$1'$2'"), name)
          .orElseThrow(() -> found.filledIn(name).refusal(e));
    }
  }

  /** Where a template engine begins to fill in, counted from 1. */
  private record Marker(String line, int number, int column) {

    InputError filledIn(String name) {
      return InputError.value(line.strip(), " is filled in by a template engine")
          .kind(ErrorKind.MISSING)
          .at(Place.of(name, number, column))
          .hint("write the value out");
    }
  }

  private static Optional<Marker> marker(String text) {
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      Matcher marker = TEMPLATE.matcher(lines.get(i));
      if (marker.find()) {
        return Optional.of(new Marker(lines.get(i), i + 1, marker.start(1) + 1));
      }
    }
    return Optional.empty();
  }

  private static boolean saysNothing(String line) {
    return line.isEmpty() || line.startsWith("#") || line.equals("---");
  }

  private static String kind(Node root) {
    return root instanceof Node.Items ? "a list" : Shown.given(root.value());
  }

  private static String header(String text) {
    return text.lines()
        .filter(line -> !line.isBlank())
        .takeWhile(line -> line.startsWith("#") && line.length() < LONGEST_COMMENT)
        .limit(LONGEST_HEADER)
        .collect(Collectors.joining("\n"));
  }
}
