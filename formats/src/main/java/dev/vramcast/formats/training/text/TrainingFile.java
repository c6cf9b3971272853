package dev.vramcast.formats.training.text;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.formats.python.handed.Told;
import dev.vramcast.formats.shell.MadeFiles;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import dev.vramcast.input.tree.NodeParser.Repeat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A training file with its values under their keys.
 *
 * @param name in messages
 * @param form what kind of text it is
 * @param root the keys of a YAML or JSON file, the options of a command, or the calls of a program,
 *     each with its arguments
 * @param command what the options were given to; only for a command
 * @param repeats keys that stand twice
 * @param header the comments before the first key, which may name a recipe
 * @param given what the user says beside the files and their values are divided by: how many GPUs
 *     there are, how many work on the same sequences, and the micro-batch
 * @param lines of a program, which a command that starts it may give options; empty for others
 */
public record TrainingFile(
    String name,
    Form form,
    Node.Fields root,
    Optional<Command> command,
    List<Repeat> repeats,
    String header,
    JobDocument given,
    List<Node.Scalar> lines) {

  /** Variables that a program sets for itself, beside its calls. */
  public static final String ENVIRONMENT = "environ";

  /** Versions of packages that a program installs for itself, beside its calls. */
  public static final String INSTALLED = "pip";

  /** The class by which a program loads its model, among the arguments of that call. */
  public static final String LOADER = "auto_model";

  /** The class that puts adapters from somewhere on a model. */
  public static final String ADAPTED = "PeftModel";

  /**
   * The call of a tokenizer on what an encoder-decoder is to write, by the argument that says so.
   */
  public static final String TARGETS = "text_target";

  /** The class that loads a tokenizer. */
  public static final String TOKENIZER = "AutoTokenizer";

  /** Who makes the inputs of a model with images. */
  public static final String PROCESSOR = "AutoProcessor";

  /** What a configuration of xtuner, which is a program without calls, gives its names. */
  public static final String XTUNER = "xtuner";

  /** Models that a program loads beside the one that it trains. */
  public static final String OTHER_MODELS = "<other models>";

  /** Branches that a program may not run, and of which all is read. */
  public static final String MAY_RUN = "<may run>";

  /** What a program makes in several branches, of which one is counted. */
  public static final String MIXED = "<mixed>";

  /** What may give arguments of a program another value behind their making. */
  public static final String UNFOLLOWED = "<unfollowed>";

  /** Where branches of a program begin that are known not to run. */
  public static final String LEFT_OUT = "<left out>";

  /** Defaults of functions that a program takes as values, though nothing in it calls them. */
  public static final String DEFAULTS = "<defaults>";

  /** The file that a program loads its settings from, beside its calls. */
  public static final String CONFIGURATION = "<configuration>";

  /** A program takes parameters out of what is trained itself, and this is false. */
  public static final String FREEZES = "requires_grad";

  /** What kind of text a file is. */
  public enum Form {
    /** YAML or JSON. */
    TREE,
    /** A shell script or a command line. */
    COMMAND,
    /** A Python program or a notebook. */
    PROGRAM
  }

  /**
   * A command without its options.
   *
   * @param words its plain words in order, with the launcher in front
   * @param launcher the launcher's options
   * @param environment variables that were set for it
   * @param values what it sets by {@code key=value}, as Hydra and OmegaConf take them, below the
   *     sections that dots in the keys name
   * @param files that its script writes, as text by their paths
   * @param made where a script's own program writes files: those among the others, which it makes
   *     from what it holds, and those of which nothing is known
   * @param copies files that its script copies from others
   * @param beside what its script says beside it that is not read: other commands that train, and
   *     words that stand for options which nobody tells
   */
  public record Command(
      List<String> words,
      Map<String, Node> launcher,
      Map<String, Node> environment,
      Node.Fields values,
      Map<String, String> files,
      Map<String, Mark> made,
      Map<String, MadeFiles.Copy> copies,
      List<Unread> beside) {

    /** A command whose script makes no files but by lines of its own. */
    public Command(
        List<String> words,
        Map<String, Node> launcher,
        Map<String, Node> environment,
        Node.Fields values,
        Map<String, String> files,
        List<Unread> beside) {
      this(words, launcher, environment, values, files, Map.of(), Map.of(), beside);
    }

    private Command with(Map<String, String> more, Map<String, Mark> where) {
      Map<String, String> all = new LinkedHashMap<>(files);
      all.keySet().removeAll(where.keySet());
      all.putAll(more);
      Map<String, Mark> unknown = new LinkedHashMap<>(made);
      unknown.putAll(where);
      return new Command(words, launcher, environment, values, all, unknown, copies, beside);
    }

    private Command at(UnaryOperator<Mark> places) {
      return new Command(
          words,
          placed(launcher, places),
          placed(environment, places),
          values.at(places),
          files,
          made,
          copies,
          beside);
    }

    private static Map<String, Node> placed(Map<String, Node> nodes, UnaryOperator<Mark> places) {
      Map<String, Node> placed = new LinkedHashMap<>();
      nodes.forEach((key, node) -> placed.put(key, node.at(places)));
      return placed;
    }

    /**
     * What a script says beside a command.
     *
     * @param text as it is written
     * @param options whether it stands for options; otherwise it is another command
     */
    public record Unread(Node.Scalar text, boolean options) {}

    /**
     * What is started as a module: the word behind {@code -m}, or the first that is none of a
     * launcher with {@code --module}. It may be no name of one.
     */
    public Optional<String> module() {
      int option = words.lastIndexOf("-m");
      int name = option >= 0 ? option + 1 : launcher.containsKey("module") ? 1 : words.size();
      return words.stream().skip(name).findFirst();
    }
  }

  /** A file as it is read, beside which nothing is said. */
  public TrainingFile(
      String name,
      Form form,
      Node.Fields root,
      Optional<Command> command,
      List<Repeat> repeats,
      String header) {
    this(name, form, root, command, repeats, header, JobDocument.empty());
  }

  /** A file that is no program. */
  public TrainingFile(
      String name,
      Form form,
      Node.Fields root,
      Optional<Command> command,
      List<Repeat> repeats,
      String header,
      JobDocument given) {
    this(name, form, root, command, repeats, header, given, List.of());
  }

  /** This file with other keys. */
  public TrainingFile withRoot(Node.Fields other) {
    return new TrainingFile(name, form, other, command, repeats, header, given, lines);
  }

  /** This program with other lines, by which it is read again when it is told something. */
  TrainingFile withLines(List<Node.Scalar> other) {
    return new TrainingFile(name, form, root, command, repeats, header, given, other);
  }

  /**
   * This program read again with what it uses of its modules in front of it.
   *
   * @param all lines of both
   */
  public TrainingFile linked(List<Node.Scalar> all) {
    return ProgramText.linked(this, all);
  }

  /** This file with what the user says beside it. */
  public TrainingFile with(JobDocument beside) {
    return new TrainingFile(name, form, root, command, repeats, header, beside, lines);
  }

  /** This command with files that a notebook writes in front of it. */
  TrainingFile withFiles(Map<String, String> files, Map<String, Mark> made) {
    return new TrainingFile(
        name,
        form,
        root,
        command.map(known -> known.with(files, made)),
        repeats,
        header,
        given,
        lines);
  }

  /** This command with its places in a file of its name, for the program that it starts. */
  public TrainingFile named() {
    UnaryOperator<Mark> named = mark -> mark.source().isEmpty() ? mark.in(name) : mark;
    return new TrainingFile(
        name,
        form,
        root.at(named),
        command.map(known -> known.at(named)),
        repeats,
        header,
        given,
        lines);
  }

  /** This program as a command starts it. */
  public TrainingFile startedBy(TrainingFile script) {
    return new TrainingFile(
        name, form, root, script.command(), repeats, header, script.given(), lines);
  }

  /**
   * This program with options of a command in the place of its own defaults, and with what stands
   * in the file that it loads; empty where it defines none of the options.
   */
  public Optional<TrainingFile> told(Told told) {
    return ProgramText.told(this, told);
  }

  /** The value under a path of keys with dots between them; nothing when a section is missing. */
  public Optional<Node> node(String path) {
    return root.at(path);
  }

  /** Whether a key is there, with a value or without. */
  public boolean has(String path) {
    return node(path).isPresent();
  }

  /** How many of some keys are there. */
  public int count(String... paths) {
    int count = 0;
    for (String path : paths) {
      count += has(path) ? 1 : 0;
    }
    return count;
  }
}
