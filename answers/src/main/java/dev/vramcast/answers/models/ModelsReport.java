package dev.vramcast.answers.models;

import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.terminal.Wrap;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.catalog.model.ModelCatalog;
import dev.vramcast.catalog.model.ModelEntry;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.NearestName;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.document.JobKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Models of the catalogue with their sizes. */
public final class ModelsReport implements Answer {

  private static final double BILLION = 1e9;
  private static final String INDENT = "      ";

  private final List<Model> models;

  /** An entry with its structure. */
  private record Model(ModelEntry entry, Architecture architecture) {

    Model(ModelEntry entry) {
      this(entry, Families.read(entry.config()));
    }
  }

  private ModelsReport(List<Model> models) {
    this.models = models;
  }

  /** A model, or what several begin with: {@code llama}. */
  private static Optional<String> near(ModelCatalog catalog, String word) {
    Set<String> begins = new TreeSet<>();
    catalog.names().forEach(name -> begins.add(name.split("[-0-9]", 2)[0]));
    return NearestName.of(word, catalog.names()).or(() -> NearestName.slip(word, begins));
  }

  /**
   * The models that match, or all.
   *
   * @throws InputException when none matches
   */
  public static ModelsReport of(ModelCatalog catalog, Optional<String> search) {
    List<Model> found =
        catalog.names().stream()
            .flatMap(name -> catalog.find(name).stream())
            .filter(entry -> search.map(word -> matches(entry, word)).orElse(true))
            .sorted(
                Comparator.comparing(entry -> search.filter(s -> !begins(entry, s)).isPresent()))
            .map(Model::new)
            .toList();
    if (found.isEmpty()) {
      String word = search.orElse("");
      throw InputError.of("no model of the catalogue matches ", Shown.given(word))
          .kind(ErrorKind.UNKNOWN)
          .concerning(JobKey.MODEL_ID)
          .given(word)
          .nearest(near(catalog, word))
          .refusal();
    }
    return new ModelsReport(found);
  }

  @Override
  public List<String> lines(Terminal terminal) {
    return lines(terminal, false);
  }

  /** As {@link #lines(Terminal)}, with aliases and Hub ids where that is wished. */
  public List<String> lines(Terminal terminal, boolean verbose) {
    Align r = Align.RIGHT;
    Grid grid = new Grid(terminal, Align.LEFT, Align.LEFT, r, r, r, r);
    grid.row(Style.DIM, "name", "type", "parameters", "layers", "hidden", "context");
    models.forEach(model -> grid.row(cells(model)));
    List<String> rows = grid.lines();
    List<String> lines = new ArrayList<>(rows.subList(0, 1));
    for (int i = 0; i < models.size(); i++) {
      lines.add(rows.get(i + 1));
      if (verbose) {
        lines.addAll(names(models.get(i).entry(), terminal));
      }
    }
    return lines;
  }

  @Override
  public Record record() {
    return new ModelsRecord(
        models.stream()
            .map(model -> ModelsRecord.Entry.of(model.entry(), model.architecture()))
            .toList());
  }

  /** Whether all words that are searched for are parts of one of its names. */
  private static boolean matches(ModelEntry entry, String search) {
    return names(entry)
        .anyMatch(name -> words(search).stream().allMatch(word -> contains(name, word)));
  }

  /** Whether its own name begins with what is searched for, e.g. {@code llama 3}. */
  private static boolean begins(ModelEntry entry, String search) {
    String words =
        words(search).stream().map(ModelsReport::whole).collect(Collectors.joining("[-_ ]?"));
    return Pattern.compile(words).matcher(entry.name().toLowerCase(Locale.ROOT)).lookingAt();
  }

  private static boolean contains(String name, String word) {
    return Pattern.compile(whole(word)).matcher(name).find();
  }

  /**
   * A pattern of a word in whose text a number is a whole one: the 3 of {@code llama-2-13b}, of
   * {@code codellama-34b} and of {@code ernie-4.5-0.3b} is no version.
   */
  private static String whole(String word) {
    boolean begins = Character.isDigit(word.charAt(0));
    boolean ends = Character.isDigit(word.charAt(word.length() - 1));
    return (begins ? "(?<![\\d.])" : "") + Pattern.quote(word) + (ends ? "(?!\\d)" : "");
  }

  /** None of a blank search, which finds all. */
  private static List<String> words(String search) {
    return Stream.of(search.toLowerCase(Locale.ROOT).split("\\s+"))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  private static Stream<String> names(ModelEntry entry) {
    return Stream.of(
            Stream.of(entry.name(), entry.config().text("model_type", "")),
            entry.aliases().stream(),
            entry.hubIds().stream())
        .flatMap(names -> names)
        .map(name -> name.toLowerCase(Locale.ROOT));
  }

  private static Cell[] cells(Model model) {
    Architecture architecture = model.architecture();
    long total = Tensors.count(architecture);
    long active = Tensors.activeCount(architecture);
    long context = architecture.maxPositions();
    return new Cell[] {
      Cell.bold(model.entry().name()),
      Cell.plain(architecture.modelType()),
      Cell.plain(billions(total) + (active < total ? " (" + billions(active) + " active)" : "")),
      Cell.plain(String.valueOf(architecture.layerCount())),
      Cell.plain(String.valueOf(architecture.hiddenSize())),
      Cell.plain(context == 0 ? "-" : String.valueOf(context))
    };
  }

  private static List<String> names(ModelEntry entry, Terminal terminal) {
    List<String> all = new ArrayList<>(entry.aliases());
    all.addAll(entry.hubIds());
    return Wrap.lines(String.join(", ", all), terminal.width() - INDENT.length()).stream()
        .map(line -> INDENT + terminal.styled(Style.DIM, line))
        .toList();
  }

  private static String billions(long parameters) {
    return Gib.rounded(parameters / BILLION, 2) + "B";
  }
}
