package dev.vramcast.answers.request;

import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.gpu.GpuMatch;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Phrase;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.jobdocument.JobDocumentReader;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.registry.OtherTools;
import dev.vramcast.formats.training.registry.OwnSettings;
import dev.vramcast.formats.training.registry.TrainingFiles;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.formats.training.text.TrainingText;
import dev.vramcast.input.tree.Node;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Texts that describe a job: a job document, or the files of a framework.
 *
 * @param texts the first is a job document, or all belong to a framework
 * @param as the framework's format; empty to recognise it
 * @param lookup finds a file that another one names by its path
 */
public record JobTexts(
    List<Text> texts, Optional<FormatName> as, Function<String, Optional<TrainingFile>> lookup)
    implements JobBase {

  /** Files that can be no job document. */
  private static final Pattern PROGRAM =
      Pattern.compile(
          "(?i).*\\.(sh|bash|slurm|sbatch|py|ipynb|mdx?|markdown|rst)|"
              + TrainingText.commandName());

  /**
   * What a file's global batch is divided by, the release whose defaults it leaves out, whose
   * shards a command is to put together, and whether adapters are merged, as only then is it read
   * where.
   */
  private static final Set<JobKey> HEARD =
      EnumSet.of(
          JobKey.GPU_COUNT,
          JobKey.TENSOR,
          JobKey.CONTEXT,
          JobKey.PIPELINE,
          JobKey.MICRO_BATCH,
          JobKey.STRATEGY,
          JobKey.FRAMEWORK_VERSION,
          JobKey.MERGE);

  /**
   * The content of a file.
   *
   * @param name in messages; its ending may tell what the text is
   */
  public record Text(String name, String content) {}

  public JobTexts {
    texts = List.copyOf(texts);
  }

  /** Texts that stand for themselves: of the files that they name, only these are known. */
  public static JobTexts alone(List<Text> texts, Optional<FormatName> as) {
    return new JobTexts(texts, as, path -> Optional.empty());
  }

  /** A format says nothing where there is nothing to be read by it. */
  private void refuseFormat() {
    if (as.isPresent()) {
      throw InputError.about(FormatName.OPTION)
          .isSet(as.get().label())
          .but("no training file is given")
          .refusal();
    }
  }

  @Override
  public boolean isEmpty() {
    return texts.isEmpty();
  }

  @Override
  public JobDocument under(JobDocument flags) {
    if (texts.isEmpty()) {
      refuseFormat();
      return flags;
    }
    if (as.isEmpty() && texts.size() == 1) {
      Optional<JobDocument> document = document(texts.get(0));
      if (document.isPresent()) {
        return document.get().with(flags);
      }
    }
    JobDocument known = flags.has(JobKey.NODES) ? flags : inItsMachines(flags);
    JobDocument job = reading(known).under(known);
    return countsGpus(known) ? job.without(List.of(JobKey.GPU_COUNT)) : job;
  }

  /**
   * Flags with the machines of the files where flags say how many GPUs there are: as many as in the
   * files are on as many machines, and a count in a GPU's name is that of each of them where they
   * hold so many, as with {@code --nodes}. Any others are in one machine, which is said.
   */
  private JobDocument inItsMachines(JobDocument flags) {
    Optional<Integer> count = counted(flags).stream().boxed().findFirst();
    Optional<Integer> all = count.or(() -> flags.value(JobKey.GPU_COUNT, Integer.class));
    if (all.isEmpty()) {
      return flags;
    }
    JobDocument file = reading(flags.without(List.of(JobKey.GPU, JobKey.GPU_COUNT))).document();
    Optional<Integer> nodes = file.value(JobKey.NODES, Integer.class).filter(each -> each > 1);
    if (nodes.isEmpty()) {
      return flags;
    }
    Optional<Place> place = file.place(JobKey.NODES);
    JobDocument there = flags.with(JobKey.NODES, nodes.get(), place.orElseThrow());
    if (all.equals(file.value(JobKey.GPU_COUNT, Integer.class))) {
      return there.with(JobKey.GPU_COUNT, all.get(), new Place.Behind(JobKey.GPU_COUNT.flag()));
    }
    Optional<GpuMatch> gpu = named(there);
    if (gpu.map(match -> match.ofEachNode(there).isPresent()).orElse(count.orElse(1) > 1)) {
      return there;
    }
    JobKey said = count.isPresent() ? JobKey.GPU : JobKey.GPU_COUNT;
    Phrase sentence =
        Phrase.of(
            "GPUs are taken to be in one machine, not in ",
            nodes.get(),
            ", as ",
            said,
            " says how many there are in all; ",
            JobKey.NODES,
            " says in how many machines");
    Notice notice = new Notice(place, sentence.anywhere());
    return flags.with(new JobDocument.Remark(Optional.empty(), notice));
  }

  @Override
  public Optional<Reading> training() {
    boolean alone = as.isEmpty() && texts.size() == 1;
    return texts.isEmpty() || alone && document(texts.get(0)).isPresent()
        ? Optional.empty()
        : Optional.of(reading(JobDocument.empty()));
  }

  @Override
  public Reading reading(JobDocument flags) {
    JobDocument given = heard(flags);
    List<TrainingFile> read =
        texts.stream()
            .map(text -> TrainingText.of(text.content(), text.name()).with(given))
            .toList();
    return TrainingFiles.read(read, as, lookup);
  }

  /** What a reader has to know of the flags. */
  private static JobDocument heard(JobDocument flags) {
    List<JobKey> others = Stream.of(JobKey.values()).filter(key -> !HEARD.contains(key)).toList();
    JobDocument heard = flags.without(others);
    Place place = new Place.Behind(JobKey.GPU.flag());
    OptionalInt count = counted(flags);
    return count.isPresent() ? heard.with(JobKey.GPU_COUNT, count.getAsInt(), place) : heard;
  }

  /** A flag such as {@code --gpu H100:8} or {@code --gpu 8xH100} wins over a count in a file. */
  private static boolean countsGpus(JobDocument flags) {
    return counted(flags).isPresent();
  }

  private static OptionalInt counted(JobDocument flags) {
    if (flags.has(JobKey.GPU_COUNT)) {
      return OptionalInt.empty();
    }
    OptionalInt named = flags.text(JobKey.GPU).map(GpuCatalog::countIn).orElse(OptionalInt.empty());
    return named.isPresent() && flags.has(JobKey.NODES) ? inAll(flags, named.getAsInt()) : named;
  }

  /** Of all nodes together; of each where the name fits several GPUs, as that of a plan may. */
  private static OptionalInt inAll(JobDocument flags, int each) {
    return named(flags)
        .flatMap(gpu -> gpu.counted(flags).value(JobKey.GPU_COUNT, Integer.class))
        .map(OptionalInt::of)
        .orElse(OptionalInt.of(each));
  }

  private static Optional<GpuMatch> named(JobDocument flags) {
    try {
      return flags.text(JobKey.GPU).map(GpuCatalog.embedded()::find);
    } catch (InputException e) {
      return Optional.empty();
    }
  }

  /** A job document; empty when the text is a framework's. */
  private static Optional<JobDocument> document(Text text) {
    TrainingFile content;
    try {
      content = TrainingText.of(text.content(), text.name());
    } catch (InputException e) {
      return Optional.of(unreadable(text, e));
    }
    if (content.form() != Form.TREE || TrainingFiles.formatOf(content).isPresent()) {
      return Optional.empty();
    }
    boolean ours =
        !text.name().endsWith(".toml")
            && !content.has("base_model")
            && isOurs(content.root().fields())
            && !OtherTools.areIn(content)
            && !OwnSettings.areIn(content);
    return ours ? Optional.of(read(text)) : Optional.empty();
  }

  private static JobDocument read(Text text) {
    Optional<InputError> filledIn = TrainingText.filledIn(text.content(), text.name());
    if (filledIn.isPresent()) {
      throw filledIn.get().refusal();
    }
    return new JobDocumentReader().read(text.content(), text.name());
  }

  /**
   * A job document that no framework's file could be. Where one place forbids both, what is said is
   * what is wrong in either, since nobody knows which of them it was to be.
   */
  private static JobDocument unreadable(Text text, InputException either) {
    if (TrainingText.filledIn(text.content(), text.name()).isPresent()
        || PROGRAM.matcher(text.name()).matches()
        || TrainingText.carriesCommands(text.content(), text.name())) {
      throw either;
    }
    try {
      return new JobDocumentReader().read(text.content(), text.name());
    } catch (InputException ours) {
      throw isInOnePlace(ours.error(), either.error()) ? either : ours;
    }
  }

  private static boolean isInOnePlace(InputError ours, InputError either) {
    Optional<Place> place = ours.place();
    return place.equals(either.place())
        && place.filter(it -> it instanceof Place.Line line && line.line() > 0).isPresent();
  }

  /** A key or a section of ours is there, or most keys are near one: any short word may be. */
  private static boolean isOurs(Map<String, Node> fields) {
    long near = fields.entrySet().stream().filter(JobTexts::isNearOurs).count();
    return fields.entrySet().stream().anyMatch(JobTexts::isOneOfOurs) || 2 * near > fields.size();
  }

  private static boolean isOneOfOurs(Map.Entry<String, Node> field) {
    boolean section = field.getValue() instanceof Node.Fields;
    return JobKey.ofPath(field.getKey()).isPresent()
        || section && !JobKey.below(field.getKey()).isEmpty();
  }

  /** Sections are near sections alone. */
  private static boolean isNearOurs(Map.Entry<String, Node> field) {
    String key = field.getKey();
    boolean section = field.getValue() instanceof Node.Fields;
    return !JobKey.below(key).isEmpty()
        || !isInSeveralSections(key)
            && JobKey.near(key).filter(path -> !section || path.indexOf('.') < 0).isPresent();
  }

  /** A bare {@code name} or {@code dtype} is in many files, and tells of none of our sections. */
  private static boolean isInSeveralSections(String key) {
    return Stream.of(JobKey.values()).filter(known -> known.path().endsWith("." + key)).count() > 1;
  }
}
