package dev.vramcast.formats.training;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Phrase;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobDocument.Remark;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.units.Version;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Collects what a reader takes from a file. */
public final class JobBuilder {

  /** How long a run is, and when it saves or evaluates, which no step needs. */
  private static final List<String> BESIDE =
      List.of("saving", "evaluation", "data.epochs", "data.examples", "data.steps");

  private static final int MOST_FINDINGS = 200;

  private final TrainingFile file;
  private final KeyTable table;
  private final List<Finding> findings = new ArrayList<>();
  private final List<Notice> lacking = new ArrayList<>();
  private final Map<String, Object> kept = new LinkedHashMap<>();
  private final Map<JobKey, InputError> unreadable = new EnumMap<>(JobKey.class);
  private JobDocument document = JobDocument.empty();
  private Optional<Gap> notModelled = Optional.empty();
  private boolean keepsOptimizer;

  /** Starts with what the table alone says about the file. */
  public JobBuilder(TrainingFile file, KeyTable table) {
    this.file = Choices.taken(file, table, (at, choice) -> Choices.say(this, at, choice));
    this.table = table;
    new KeyCheck(table, this).section("", this.file.root());
    file.repeats().forEach(repeat -> add(Finding.of(file.name(), repeat)));
  }

  /** The name of the file. */
  public String file() {
    return file.name();
  }

  /** The first of several keys that has a value. */
  public Optional<Setting> any(String... paths) {
    return Stream.of(paths).flatMap(path -> get(path).stream()).findFirst();
  }

  /** A key that has a value, under its own name or an older one. */
  public Optional<Setting> get(String path) {
    for (String name : table.names(path)) {
      Optional<Setting> found = in(file, name);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** An option of the launcher in front of a command. */
  public Optional<Setting> launcher(String name) {
    return file.command()
        .map(command -> command.launcher().get(name))
        .map(node -> new Setting(file.name(), name, node))
        .filter(setting -> !setting.isNothing());
  }

  /** All options of the launcher in front of a command, as one section. */
  public Optional<Setting> launcher() {
    return file.command()
        .map(command -> new Node.Fields(command.launcher(), file.root().mark()))
        .map(options -> new Setting(file.name(), "launcher", options));
  }

  /** A key of any file that has a value. */
  public static Optional<Setting> in(TrainingFile file, String path) {
    return file.node(path)
        .map(node -> new Setting(file.name(), path, node))
        .filter(setting -> !setting.isNothing());
  }

  /** Whether a key is there and true. */
  public boolean isOn(String path) {
    return get(path).filter(Setting::bool).isPresent();
  }

  /** Whether a key is there and false. */
  public boolean isOff(String path) {
    return get(path).filter(setting -> !setting.bool()).isPresent();
  }

  /** Whether a key is there without a value. */
  public boolean isNull(String path) {
    return file.has(path) && get(path).isEmpty();
  }

  /** Whether a key of the job was read, or is given beside the file. */
  public boolean has(JobKey key) {
    return document.has(key) || file.given().has(key);
  }

  /** What the user says of a key beside the file, or else what was read. */
  public <T> Optional<T> told(JobKey key, Class<T> type) {
    return (file.given().has(key) ? file.given() : document).value(key, type);
  }

  /** Whether the job's framework is known to be an older release than one. */
  public boolean isBefore(int major, int minor) {
    return isBefore(Version.of(major, minor));
  }

  /** The same of a release with a third number. */
  public boolean isBefore(Version release) {
    return told(JobKey.FRAMEWORK_VERSION, String.class)
        .filter(text -> text.matches("v?\\d+\\.\\d.*"))
        .filter(text -> Version.parse(text.replaceFirst("^v", "")).compareTo(release) < 0)
        .isPresent();
  }

  /** Whether a degree is more than 1. */
  public boolean divides(JobKey degree) {
    return whole(degree).orElse(1) > 1;
  }

  /** Whether a key of the job was read as a value, in the words of the job document. */
  public boolean is(JobKey key, Object value) {
    return plain(key).filter(value::equals).isPresent();
  }

  /** What the code of the job's framework does, as far as the file has been read. */
  public FrameworkCode code() {
    return JobResolver.code(document);
  }

  /** Whether something was read as kept in the host's memory. */
  public boolean isOffloaded(String what) {
    return plain(JobKey.OFFLOAD).filter(all -> ((List<?>) all).contains(what)).isPresent();
  }

  /** The value of a key of the job that was read, in the words of the job document. */
  private Optional<Object> plain(JobKey key) {
    return document.entry(key).map(entry -> key.kind().plain(entry.value()));
  }

  /** Text that was read. */
  public Optional<String> text(JobKey key) {
    return document.text(key);
  }

  /** A whole number that was read, or the one that is given in its place. */
  public Optional<Integer> whole(JobKey key) {
    return given(key).or(() -> document.value(key, Integer.class));
  }

  /** A whole number that is given in place of the one under a path; 1 where there is neither. */
  public int whole(JobKey key, String path) {
    return given(key).or(() -> get(path).map(Setting::whole)).orElse(1);
  }

  /** A whole number that the user gives in place of the file's. */
  public Optional<Integer> given(JobKey key) {
    return file.given().value(key, Integer.class);
  }

  /** The product of degrees that were read, of which others are 1; at most a million. */
  public long product(Collection<JobKey> degrees) {
    return degrees.stream()
        .mapToLong(degree -> whole(degree).orElse(1))
        .reduce(1, (all, degree) -> Math.min(1_000_000, all * degree));
  }

  /** Takes the value of a key as it stands, if it is there. */
  public void take(String path, JobKey key) {
    get(path).ifPresent(setting -> reads(List.of(key), () -> put(key, setting)));
  }

  /** Takes a degree of parallelism where it divides: 1 does not, and -1 takes what is left. */
  public void takeWay(String path, JobKey key) {
    get(path).filter(setting -> setting.whole() > 1).ifPresent(setting -> put(key, setting));
  }

  /** Takes a value as it stands. */
  public void put(JobKey key, Setting from) {
    put(key, from.about(key), from);
  }

  /** Sets a key to a value that follows from a setting; the value is checked. */
  public void put(JobKey key, Object value, Setting from) {
    put(key, value, from.place());
  }

  /** Sets a key to a value that follows from another key. */
  public void put(JobKey key, Object value, JobKey because) {
    put(key, value, document.place(because).orElseGet(() -> Place.of(file.name())));
  }

  /** Sets a key to a value that follows from the format alone. */
  public void put(JobKey key, Object value) {
    put(key, value, Place.of(file.name()));
  }

  /** Sets a key to a value, and says where that comes from. */
  public void put(JobKey key, Object value, Place place) {
    document = document.with(key, value, place);
  }

  /** Reads keys of the job; what cannot be read is a finding, and refused when the job needs it. */
  public void reads(List<JobKey> keys, Runnable reading) {
    try {
      reading.run();
    } catch (InputException e) {
      keys.stream()
          .filter(key -> BESIDE.stream().noneMatch(key.path()::startsWith))
          .forEach(key -> unreadable.putIfAbsent(key, e.error()));
      Place.Line place =
          e.error().place().orElse(Place.of(file.name())) instanceof Place.Line line
              ? line
              : Place.of(file.name());
      String of = place.key().isEmpty() ? "" : place.key() + ": ";
      Phrase message = Phrase.of(of).and(e.error().sentence());
      String key = keys.get(0).path();
      Mark mark = new Mark((int) place.line(), place.column());
      boolean needed = unreadable.containsKey(keys.get(0));
      FindingCode code = needed ? FindingCode.UNREADABLE_VALUE : FindingCode.NOT_COUNTED;
      add(new Finding(code, place.source(), mark, key, "", message));
    }
  }

  /** Keeps a value that decides nothing here, for the file that is written from this one. */
  void keep(Setting setting) {
    boolean isValue = file.form() != TrainingFile.Form.PROGRAM || isLiteral(setting);
    if (isValue && setting.node().value() != null) {
      kept.put(setting.key(), setting.node().value());
    }
  }

  /** Whether an argument of a trainer stands in a program as it is, and not as an expression. */
  private static boolean isLiteral(Setting setting) {
    Object value = setting.node().value();
    boolean plain = value instanceof Number || value instanceof Boolean;
    return setting.key().indexOf('.') < 0
        && (plain || value instanceof String text && !text.startsWith("<"));
  }

  /** A finding about a key; the pieces of its message bring their blanks. */
  public void say(FindingCode code, Setting at, Object... message) {
    add(Finding.of(code, at, message));
  }

  /** Says, in the first lines of an answer too, that its figures lack something. */
  public void lacks(Setting at, Object... message) {
    Finding finding = Finding.of(FindingCode.NOT_COUNTED, at, message);
    add(finding);
    lacking.add(Remarks.anywhere(finding));
  }

  /** A finding about a key that is missing, or about the whole file. */
  public void say(FindingCode code, String key, Object... message) {
    add(new Finding(code, file.name(), Mark.NONE, key, "", Finding.message(message)));
  }

  /** Says that something was assumed for a key of the job, unless the user gives it. */
  public void assume(JobKey key, Object... message) {
    say(FindingCode.ASSUMED, key.path(), message);
    Notice notice =
        new Notice(Optional.of(Place.of(file.name())), Finding.message(message).anywhere());
    document = document.with(new Remark(Optional.of(key), notice));
  }

  /** Takes back what was assumed for a key, where more of the file tells it. */
  public void unassume(JobKey key) {
    findings.removeIf(of -> of.code() == FindingCode.ASSUMED && of.key().equals(key.path()));
    document = document.without(List.of(key));
  }

  /** Says what was assumed because of a key, to who only wants an estimate too. */
  public void assume(Setting because, Object... message) {
    Finding finding = Finding.of(FindingCode.ASSUMED, because, message);
    add(finding);
    document = document.with(new Remark(Optional.empty(), Remarks.anywhere(finding)));
  }

  /**
   * Says that one GPU is assumed, where nothing has told how many there are; degrees ask for as
   * many as their product is.
   */
  public void assumeOneGpu() {
    if (has(JobKey.GPU_COUNT) || divides(JobKey.TENSOR) || divides(JobKey.CONTEXT)) {
      return;
    }
    assume(
        JobKey.GPU_COUNT,
        "how many GPUs there are is not said, so one is assumed; ",
        JobKey.GPU_COUNT,
        " says how many");
  }

  /** Says that nothing limits the length of a sequence, unless the user does. */
  public void openLength(String why) {
    assume(
        JobKey.SEQUENCE_LENGTH,
        why,
        "; ",
        JobKey.SEQUENCE_LENGTH,
        " or ",
        JobKey.LENGTHS,
        " says how long they are");
  }

  /** Says at what the framework's own code stops, unless the user gives a key in its place. */
  public void stops(JobKey key, Setting at, String why) {
    unreadable.putIfAbsent(key, at.stops(why));
    say(FindingCode.REFUSED, at, at.key(), " is ", at.shown(), ", but ", why, "; leave it out");
  }

  /** Says that the file asks for something else than training, unless the user says what of. */
  public void trainsNothing(Setting at, String why) {
    unreadable.putIfAbsent(
        JobKey.METHOD,
        InputError.of("trains nothing: ", why)
            .kind(ErrorKind.NO_TRAINING)
            .at(at.place())
            .hint("there is nothing to estimate, unless ", JobKey.METHOD, " says how it trains"));
  }

  /** That an optimizer stays the one that is named when its states are offloaded. */
  public void keepOptimizer() {
    keepsOptimizer = true;
  }

  /** Whether accelerate leaves an optimizer as it is when its states are offloaded. */
  public boolean keepsOptimizer() {
    return keepsOptimizer;
  }

  /** Says that the file asks for something that is not modelled, unless the user gives a key. */
  public void notModelled(JobKey key, Gap gap) {
    notModelled =
        notModelled.or(() -> Optional.of(gap.concerning(key).at(document.place(JobKey.MODEL_ID))));
  }

  /** The same at the setting that asks for it. */
  public void notModelled(JobKey key, Setting at, Gap gap) {
    notModelled =
        notModelled.or(() -> Optional.of(gap.concerning(key).at(Optional.of(at.place()))));
  }

  /** Says that the file asks for a stage that no job document has, unless the user gives one. */
  public void unnamedStage(Optional<Setting> at, String stage) {
    notModelled =
        Optional.of(
            Gap.of("stage ", Shown.oneLine(stage))
                .concerning(JobKey.STAGE)
                .at(Optional.of(at.map(Setting::place).orElseGet(() -> Place.of(file.name()))))
                .needs("which passes its trainer runs, and what they keep")
                .modelled("what ", JobKey.STAGE, " says that it is like"));
  }

  /** What was read. */
  public Reading done(FormatName format) {
    findings.sort(Comparator.comparing(Finding::line));
    JobDocument remarked = document;
    for (Notice notice : Remarks.of(findings, file.name())) {
      Notice told = lacking.contains(notice) ? notice.leading() : notice;
      remarked = remarked.with(new Remark(Optional.empty(), told));
    }
    List<Setting> settings =
        file.root().fields().entrySet().stream()
            .map(entry -> new Setting(file.name(), entry.getKey(), entry.getValue()))
            .toList();
    return new Reading(
        format, file.name(), remarked, findings, settings, kept, unreadable, notModelled);
  }

  private void add(Finding finding) {
    if (findings.size() < MOST_FINDINGS) {
      findings.add(finding);
    }
  }
}
