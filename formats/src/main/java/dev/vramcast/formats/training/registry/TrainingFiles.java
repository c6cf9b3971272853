package dev.vramcast.formats.training.registry;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.ConfigReader;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Recognition;
import dev.vramcast.formats.training.SiblingFiles;
import dev.vramcast.formats.training.automodel.AutomodelReader;
import dev.vramcast.formats.training.autotrain.AutotrainReader;
import dev.vramcast.formats.training.axolotl.AxolotlReader;
import dev.vramcast.formats.training.easyr1.EasyR1Reader;
import dev.vramcast.formats.training.imports.CutModules;
import dev.vramcast.formats.training.imports.MissingModules;
import dev.vramcast.formats.training.launch.AccelerateReader;
import dev.vramcast.formats.training.launch.DeepSpeedReader;
import dev.vramcast.formats.training.litgpt.LitGptReader;
import dev.vramcast.formats.training.llamafactory.LlamaFactoryReader;
import dev.vramcast.formats.training.llamafactory.NewEngineReader;
import dev.vramcast.formats.training.megatron.MegatronReader;
import dev.vramcast.formats.training.mlxlm.MlxLmReader;
import dev.vramcast.formats.training.nemorl.NemoRlReader;
import dev.vramcast.formats.training.openinstruct.OpenInstructReader;
import dev.vramcast.formats.training.openrlhf.OpenRlhfReader;
import dev.vramcast.formats.training.primerl.PrimeRlReader;
import dev.vramcast.formats.training.run.RequiredSettings;
import dev.vramcast.formats.training.sentence.SentenceReader;
import dev.vramcast.formats.training.swift.SwiftReader;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.formats.training.torchtitan.TorchtitanReader;
import dev.vramcast.formats.training.torchtune.TorchtuneReader;
import dev.vramcast.formats.training.trl.TrlReader;
import dev.vramcast.formats.training.unsloth.UnslothReader;
import dev.vramcast.formats.training.verl.VerlReader;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the reader of a file among all. */
public final class TrainingFiles {

  private static final List<ConfigReader> READERS =
      List.of(
          new AxolotlReader(),
          new LlamaFactoryReader(),
          new NewEngineReader(),
          new TrlReader(FormatName.ALIGNMENT_HANDBOOK),
          new TrlReader(FormatName.TRL),
          new TrlReader(FormatName.TRANSFORMERS),
          new TorchtuneReader(),
          new LitGptReader(),
          new SwiftReader(),
          new UnslothReader(),
          new VerlReader(),
          new EasyR1Reader(),
          new OpenRlhfReader(),
          new NemoRlReader(),
          new PrimeRlReader(),
          new OpenInstructReader(),
          new TorchtitanReader(),
          new AutomodelReader(),
          new AutotrainReader(),
          new MegatronReader(),
          new MlxLmReader(),
          new SentenceReader(),
          new AccelerateReader(),
          new DeepSpeedReader());

  /** Whose files are TOML, which the parsers of others do not read. */
  private static final Set<FormatName> OF_TOML = Set.of(FormatName.PRIME_RL, FormatName.TORCHTITAN);

  /** What may take another file, by a name that its command has. */
  private static final Pattern LOADS = Pattern.compile("Parser\\b|\\bargv\\b|load\\(|\\bopen\\(");

  private TrainingFiles() {}

  /** All readers. */
  public static List<ConfigReader> readers() {
    return READERS;
  }

  /** The format of a file; empty when it is of none that is known. */
  public static Optional<FormatName> formatOf(TrainingFile file) {
    return reader(file).map(ConfigReader::name);
  }

  /**
   * Reads files that belong together: the first that describes a job, with the others beside it.
   *
   * @param as the format of the first file; empty to recognise it from its content
   * @param there finds a file that another one names by its path
   * @throws InputException when no file is of a known format, which says what was looked for
   */
  public static Reading read(
      List<TrainingFile> files,
      Optional<FormatName> as,
      Function<String, Optional<TrainingFile>> there) {
    Map<String, Optional<TrainingFile>> found = new HashMap<>();
    Function<String, Optional<TrainingFile>> lookup = path -> read(path, there, found);
    List<TrainingFile> others =
        new ArrayList<>(files.stream().map(file -> NamedFile.of(file, lookup)).toList());
    TrainingFile trains = as.isPresent() ? others.get(0) : main(others);
    Optional<TrainingFile> ofTrl =
        StartedProgram.ofTrl(files.get(0), NamedFile.around(files.get(0), lookup));
    TrainingFile main = LoadedAs.told(trains, ofTrl);
    if (as.isEmpty() && others.size() > 1) {
      others.forEach(file -> checkNoDocument(file, others));
    }
    ConfigReader reader =
        as.map(TrainingFiles::reader)
            .orElseGet(() -> reader(main).orElseThrow(() -> unreadable(main)));
    Optional<TrainingFile> started = StartedProgram.command(files, main);
    others.remove(trains);
    others.forEach(other -> checkBelongs(other, main, reader.name()));
    others.forEach(other -> checkTaken(other, others, main));
    if (others.stream().allMatch(TrainingFiles::isWhole) && isWhole(main)) {
      others.forEach(other -> checkNoProgram(other, main));
    }
    SiblingFiles siblings = new SiblingFiles(others, beside(files, lookup));
    Reading reading =
        LeftOut.read(main, shown -> TakenDefaults.read(shown, file -> reader.read(file, siblings)));
    Reading whole =
        started
            .filter(script -> !StartedProgram.saysAll(reading))
            .flatMap(script -> reader(script).map(other -> other.read(script, siblings)))
            .orElseGet(() -> NamedFile.withoutFile(reading, main));
    Reading told =
        ofTrl
            .map(program -> Evidence.beside(program, Evidence.held(main, whole)))
            .orElseGet(() -> Evidence.held(main, whole));
    TrainingFile first = files.get(0);
    Reading passed = StartedProgram.passing(first, main, NamedFile.around(first, lookup), told);
    Reading held = CutModules.said(main, MissingModules.said(main, lookup, passed));
    Reading trained = AskedPurpose.refused(first, main, NoTraining.refused(main, held));
    Reading whose = AskedPurpose.ofOtherModel(first, main, trained);
    Reading asked = RequiredSettings.said(first, whose);
    return NoTraining.said(LeftOut.beside(first, NamedEncoder.said(first, main, asked)));
  }

  /** A file that is named, which is read once. */
  private static Optional<TrainingFile> read(
      String path,
      Function<String, Optional<TrainingFile>> there,
      Map<String, Optional<TrainingFile>> found) {
    Optional<TrainingFile> before = found.get(path);
    if (before == null) {
      before = there.apply(path);
      found.put(path, before);
    }
    return before;
  }

  /** Files are named from where a command starts, or else from the file that it trains by. */
  private static Function<String, Optional<TrainingFile>> beside(
      List<TrainingFile> files, Function<String, Optional<TrainingFile>> lookup) {
    String named = NamedFile.path(files.get(0)).orElse("");
    String folder = named.substring(0, named.lastIndexOf('/') + 1);
    Function<String, Optional<TrainingFile>> around = NamedFile.around(files.get(0), lookup);
    return path ->
        files.stream()
            .skip(1)
            .filter(file -> last(file.name()).equals(last(path)))
            .findFirst()
            .or(() -> WrittenFile.of(files.get(0), path, around))
            .or(() -> around.apply(path))
            .or(() -> folder.isEmpty() ? Optional.empty() : around.apply(folder + path));
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Two files of which each trains by itself, in different frameworks, are two jobs. */
  private static void checkBelongs(TrainingFile other, TrainingFile main, FormatName format) {
    Optional<FormatName> own =
        other.form() == Form.TREE && main.form() == Form.TREE ? formatOf(other) : Optional.empty();
    if (own.filter(name -> !name.isCompanion() && name != format).isPresent()) {
      throw apart(
          other,
          InputError.of("trains by itself, with ", own.get().label())
              .and(", beside ", main.name(), " with ", format.label()));
    }
    if (own.filter(name -> !name.isCompanion()).isPresent() && !isNamed(other, main.root())) {
      throw apart(
          other,
          InputError.of("is a job of ", format.label(), " by itself, and none that ")
              .and(Shown.oneLine(main.name()), " takes anything from"));
    }
  }

  private static Optional<FormatName> companion(TrainingFile file) {
    return Optional.of(file)
        .filter(other -> other.form() == Form.TREE)
        .flatMap(TrainingFiles::formatOf)
        .filter(FormatName::isCompanion);
  }

  /** A job document says a whole job, and nothing is taken from it beside another file. */
  private static void checkNoDocument(TrainingFile file, List<TrainingFile> all) {
    Set<String> keys = file.root().fields().keySet();
    boolean ours =
        file.form() == Form.TREE
            && keys.size() > 1
            && keys.stream().allMatch(TrainingFiles::isOfDocument)
            && formatOf(file).isEmpty();
    List<TrainingFile> others = all.stream().filter(other -> !other.equals(file)).toList();
    if (ours && others.stream().noneMatch(other -> speaks(other, file))) {
      others.stream()
          .findFirst()
          .ifPresent(
              other -> {
                throw apart(
                    file,
                    InputError.of("is a job document, of which nothing is taken beside ")
                        .and(Shown.oneLine(other.name())));
              });
    }
  }

  private static boolean isOfDocument(String key) {
    return JobKey.ofPath(key).isPresent() || !JobKey.below(key).isEmpty();
  }

  /** Of two files that say how a job is spread one alone is taken, unless others name both. */
  private static void checkTaken(TrainingFile other, List<TrainingFile> others, TrainingFile main) {
    Optional<FormatName> format = companion(other);
    boolean named =
        speaks(main, other)
            || others.stream().anyMatch(file -> !file.equals(other) && speaks(file, other));
    if (format.isEmpty() || named) {
      return;
    }
    Stream.concat(Stream.of(main), others.stream())
        .filter(file -> companion(file).equals(format))
        .filter(file -> others.indexOf(file) < others.indexOf(other) || speaks(main, file))
        .findFirst()
        .ifPresent(
            first -> {
              throw apart(
                  other,
                  InputError.of("says how a job is spread, and so does ")
                      .and(Shown.oneLine(first.name()), ", which alone is taken"));
            });
  }

  private static InputException apart(TrainingFile other, InputError why) {
    return why.kind(ErrorKind.CONTRADICTION)
        .at(Place.of(other.name()))
        .hint("give one of them at a time")
        .refusal();
  }

  /** Whether a file is a program or a tree, and no script that starts others. */
  private static boolean isWhole(TrainingFile file) {
    return file.form() == Form.TREE || file.form() == Form.PROGRAM;
  }

  /** A program that trains by itself is another job, unless one of both speaks of the other. */
  private static void checkNoProgram(TrainingFile other, TrainingFile main) {
    boolean trains =
        other.form() == Form.PROGRAM
            && formatOf(other).filter(name -> !name.isCompanion()).isPresent();
    boolean loads =
        main.form() == Form.TREE
            && other.lines().stream()
                .anyMatch(line -> LOADS.matcher(String.valueOf(line.value())).find());
    if (trains && !loads && !speaks(main, other) && !speaks(other, main)) {
      throw apart(
          other,
          InputError.of("is a program that trains by itself, and none that ")
              .and(Shown.oneLine(main.name()), " takes anything from"));
    }
  }

  private static boolean speaks(TrainingFile file, TrainingFile of) {
    return isNamed(of, file.root())
        || file.lines().stream()
            .anyMatch(line -> String.valueOf(line.value()).contains(stem(of.name())));
  }

  /** Whether a file speaks of another one by its name. */
  private static boolean isNamed(TrainingFile other, Node in) {
    if (in instanceof Node.Fields fields) {
      return fields.fields().values().stream().anyMatch(node -> isNamed(other, node));
    }
    if (in instanceof Node.Items items) {
      return items.items().stream().anyMatch(node -> isNamed(other, node));
    }
    return stem(String.valueOf(in.value())).equals(stem(other.name()));
  }

  /** {@code base} of {@code ../base.yaml}. */
  private static String stem(String path) {
    return last(path).replaceFirst("\\.\\w+$", "");
  }

  private static InputException unreadable(TrainingFile file) {
    return NamedFile.missing(file)
        .or(() -> StartedProgram.missing(file))
        .or(() -> StartedProgram.unnamed(file))
        .or(() -> OwnLoop.of(file))
        .or(() -> Optional.of(file).filter(OtherTools::areIn).map(OtherTools::error))
        .map(InputError::refusal)
        .orElseGet(
            () ->
                OwnSettings.areIn(file) ? OwnSettings.error(file).refusal() : unknown(file.name()));
  }

  /** Says that a file is of no known format. */
  public static InputException unknown(String name) {
    return InputError.of(
            "is of no known format: it has none of the keys by which a framework's file is known")
        .at(Place.of(name))
        .hint(FormatName.OPTION, " names the format, such as ", FormatName.AXOLOTL.label())
        .kind(ErrorKind.UNKNOWN_FORMAT)
        .refusal();
  }

  private static TrainingFile main(List<TrainingFile> files) {
    return files.stream()
        .filter(file -> formatOf(file).filter(name -> !name.isCompanion()).isPresent())
        .findFirst()
        .orElse(files.get(0));
  }

  /**
   * The reader of a format.
   *
   * @throws InputException when there is none
   */
  public static ConfigReader reader(FormatName name) {
    return READERS.stream()
        .filter(reader -> reader.name() == name)
        .findFirst()
        .orElseThrow(
            () ->
                InputError.of("no reader for ", FormatName.OPTION, " ", name.label())
                    .kind(ErrorKind.UNKNOWN)
                    .concerning(FormatName.OPTION)
                    .refusal());
  }

  private static Optional<ConfigReader> reader(TrainingFile file) {
    ConfigReader best = null;
    Recognition most = Recognition.NONE;
    boolean toml = file.form() == Form.TREE && file.name().endsWith(".toml");
    for (ConfigReader reader : READERS) {
      Recognition recognition =
          toml && !OF_TOML.contains(reader.name()) ? Recognition.NONE : reader.recognises(file);
      if (recognition.isSurerThan(most)) {
        best = reader;
        most = recognition;
      }
    }
    return Optional.ofNullable(best);
  }
}
