package dev.vramcast.formats.write.train;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.rule.ResolvedValue;
import dev.vramcast.formats.training.Table;
import dev.vramcast.formats.write.Kept;
import dev.vramcast.formats.write.TrainingJob;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a user's file says beside the job, in the words of the framework that a file is written for:
 * the very keys for the same framework, else those that {@code carried.tsv} has on both sides. What
 * has no key there is named, and what is a part of the job too is said by it where both agree.
 */
public final class Carried {

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d{1,18}(\\.\\d{0,18})?|\\.\\d{1,18})([eE][+-]?\\d{1,3})?");

  private static final int MOST_NAMED = 12;
  private static final String NONE = "-";
  private static final String DATA = "data set";
  private static final String RATE = "learning rate";
  private static final String JOB = "job";
  private static final String SHARE = "validation share";

  /** The format that is written as a program. */
  private static final String PROGRAM = "unsloth";

  private static final String TEMPLATE = "chat template";

  /** Axolotl's word for the template that the tokenizer has. */
  private static final String OWN_TEMPLATE = "tokenizer_default";

  /** Sections that hold a data set, of frameworks that call it by a class. */
  private static final Set<String> DATA_CLASSES = Set.of("dataset._component_", "data.class_path");

  private static final Map<String, List<String>> TABLE = Table.rows(Carried.class, "carried.tsv");

  private static final Map<String, List<String>> TEMPLATES =
      Table.rows(Carried.class, "templates.tsv");

  /** Formats whose keys are those of another one's column. */
  private static final Map<String, String> COLUMNS =
      Map.of("transformers", "trl", "alignment-handbook", "trl", "unsloth", "trl");

  private final TrainingJob wanted;
  private final Kept kept;
  private final String format;
  private final String target;
  private final Map<String, Object> values = new LinkedHashMap<>();
  private final List<String> lost = new ArrayList<>();
  private final List<String> withoutRows = new ArrayList<>();
  private final Set<JobKey> said = EnumSet.noneOf(JobKey.class);
  private boolean losesData;
  private Optional<Object> validation = Optional.empty();

  private Carried(TrainingJob wanted, String target) {
    this.wanted = wanted;
    this.kept = wanted.kept();
    this.format = target;
    this.target = column(target);
    if (kept.format().isEmpty()) {
      return;
    }
    Map<String, String> names = names();
    if (kept.format().equals(target)) {
      kept.settings().forEach((key, value) -> keep(key, names.get(key), plain(value)));
    } else {
      kept.settings().forEach((key, value) -> translate(key, names.get(key), value));
    }
    if (this.target.equals("trl")) {
      evaluation();
    }
    if (CarriedEvaluation.isAsked(this.target, values)) {
      // How many batches there are is what the data make of it.
      said.add(JobKey.EVALUATION_BATCHES);
      evaluationBatch();
    }
  }

  /**
   * TRL's scripts evaluate on the data set's split test, which another framework's file does not
   * name; a program that is written splits rows off.
   */
  private void evaluation() {
    String source = column(kept.format());
    boolean program = format.equals(PROGRAM);
    String key = cell(SHARE, source);
    Optional<Object> share = Optional.ofNullable(kept.settings().get(key)).map(Carried::plain);
    if (program && CarriedEvaluation.isStrategy(values) && CarriedEvaluation.isSome(share)) {
      validation = share;
      lost.remove(key);
    } else if (program || !source.equals(target)) {
      withoutRows.addAll(CarriedEvaluation.withoutRows(values));
    }
  }

  /** Each framework has a batch of its own for it, so that of the job is said. */
  private void evaluationBatch() {
    String word = cell("evaluation batch", target);
    Optional<ResolvedValue> batch = wanted.resolution().value(JobKey.EVALUATION_BATCH);
    if (!column(kept.format()).equals(target) && !word.equals(NONE)) {
      batch
          .filter(value -> !value.isLeftOpen())
          .ifPresent(value -> values.putIfAbsent(word, value.value()));
      said.add(JobKey.EVALUATION_BATCH);
    }
  }

  /** How much of the data set is to be split off for evaluation, a share or a number of rows. */
  public static Optional<Object> validation(JobCoverage coverage) {
    return coverage.carried().validation;
  }

  /** What the table calls the settings of the format that was read. */
  private Map<String, String> names() {
    String source = column(kept.format());
    Map<String, String> names = new HashMap<>();
    TABLE.keySet().stream().skip(1).forEach(name -> names.put(cell(name, source), name));
    names.remove(NONE);
    if (source.equals("trl")) {
      names.put(DataSets.MIXTURE, DATA);
    }
    return names;
  }

  /**
   * Takes a value of the file under a key of the framework. Where the job states another, as flags
   * stand over a file, it is the job's; where both agree, the job's key is said.
   */
  private void put(String word, @Nullable String name, Object value) {
    Optional<JobKey> key =
        Optional.ofNullable(name).flatMap(known -> JobKey.ofPath(cell(known, JOB)));
    Optional<Object> here = key.flatMap(known -> known.kind().read(value));
    Optional<Object> stated =
        key.flatMap(wanted.document()::entry)
            .map(JobDocument.Entry::value)
            .filter(other -> !here.equals(Optional.of(other)));
    if (stated.isPresent()) {
      JobKey known = key.orElseThrow();
      values.put(word, known.kind().plain(stated.get()));
      said.add(known);
    } else {
      values.put(word, value);
      key.filter(known -> here.isPresent() && here.equals(resolved(known))).ifPresent(said::add);
    }
  }

  /** Takes a value under the key where it stood. */
  private void keep(String word, @Nullable String name, Object value) {
    put(word, name, value);
    PerEpoch.says(word, value)
        .filter(key -> resolved(key).equals(key.kind().read("epoch")))
        .ifPresent(said::add);
  }

  private Optional<Object> resolved(JobKey key) {
    return wanted.resolution().value(key).map(ResolvedValue::value);
  }

  static Carried of(TrainingJob wanted, String target) {
    return new Carried(wanted, target);
  }

  /** Puts the values over those that stand there as examples. */
  public static void into(JobCoverage coverage, OutputKeys output) {
    coverage.carried().values.forEach(output::put);
    coverage.says(coverage.carried().said.toArray(JobKey[]::new));
    coverage.carried().lostLine().ifPresent(coverage::warn);
    coverage.carried().withoutRowsLine().ifPresent(coverage::warn);
  }

  /** What {@code load_dataset} reads a data set with that is a file; empty for one of the Hub. */
  public static Optional<String> reader(String data) {
    return DataSets.reader(data);
  }

  /** The data set on the Hub or its file, where the file names one and a key takes it. */
  public static Optional<String> data(JobCoverage coverage) {
    Carried carried = coverage.carried();
    return Optional.ofNullable(carried.values.get(cell(DATA, carried.target)))
        .filter(String.class::isInstance)
        .map(String.class::cast);
  }

  boolean hasLearningRate() {
    return has(RATE);
  }

  boolean hasData() {
    return has(DATA) || isMixture();
  }

  /** The data set as the file names it, where it is one of the very framework. */
  public static Optional<Object> ownData(JobCoverage coverage) {
    Carried carried = coverage.carried();
    return Optional.ofNullable(carried.values.get(cell(DATA, carried.target)))
        .filter(data -> carried.kept.format().equals(carried.format));
  }

  /** Whether the file names data sets that TRL takes as a list. */
  public static boolean isMixture(JobCoverage coverage) {
    return coverage.carried().isMixture();
  }

  private boolean isMixture() {
    return values.containsKey(DataSets.MIXTURE) && target.equals("trl");
  }

  /** Whether the file names a data set that the framework cannot be told. */
  boolean losesData() {
    return losesData;
  }

  private boolean has(String name) {
    return values.containsKey(cell(name, target));
  }

  /** What is left out since nothing would be evaluated; one line. */
  private Optional<String> withoutRowsLine() {
    return withoutRows.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "is not told " + String.join(", ", withoutRows) + ": no rows to evaluate on are named");
  }

  /** What the file says that the framework has no key for; one line. */
  private Optional<String> lostLine() {
    if (lost.isEmpty()) {
      return Optional.empty();
    }
    int rest = lost.size() - MOST_NAMED;
    return Optional.of(
        "has no key, or none that is known, for what the file says of "
            + String.join(", ", lost.subList(0, Math.min(MOST_NAMED, lost.size())))
            + (rest > 0 ? " and " + rest + " more" : ""));
  }

  private void translate(String key, @Nullable String name, Object value) {
    String word = name == null ? NONE : cell(name, target);
    if (TEMPLATE.equals(name)) {
      template(key, value);
    } else if (DATA.equals(name) && !word.equals(NONE)) {
      data(key, word, value);
    } else if (!word.equals(NONE) && !isFilledIn(plain(value))) {
      put(word, name, plain(value));
    } else if (!otherwise(key, value)) {
      lost.add(key);
      reports(key);
      losesData |= DATA.equals(name) || DATA_CLASSES.contains(key);
    }
  }

  /** Whether other keys of the framework say the same; they are put then. */
  private boolean otherwise(String key, Object value) {
    Map<String, Object> same = new LinkedHashMap<>();
    same.putAll(PerEpoch.of(key, value, target, wanted.document()));
    same.putAll(AdamBetas.of(key, value, target, kept.settings()));
    same.forEach((word, known) -> put(word, nameOf(word), known));
    return !same.isEmpty();
  }

  private @Nullable String nameOf(String word) {
    return TABLE.keySet().stream()
        .skip(1)
        .filter(name -> cell(name, target).equals(word))
        .findFirst()
        .orElse(null);
  }

  /** The tokenizer's own template is what is taken where no key says another. */
  private void template(String key, Object value) {
    String source = column(kept.format());
    Optional<String> same = NONE.equals(value) ? Optional.empty() : sameTemplate(source, value);
    String word = cell(TEMPLATE, target);
    if (same.isPresent() && !word.equals(NONE)) {
      put(word, TEMPLATE, same.get());
    } else if (!OWN_TEMPLATE.equals(value)) {
      lost.add(key);
    }
  }

  private Optional<String> sameTemplate(String source, Object value) {
    return TEMPLATES.keySet().stream()
        .skip(1)
        .filter(name -> template(name, source).equals(value))
        .map(name -> template(name, target))
        .filter(word -> !word.equals(NONE))
        .findFirst();
  }

  private void data(String key, String word, Object value) {
    Optional<DataSets> sets = DataSets.of(plain(value));
    Stage stage = wanted.resolution().job().objective().stage();
    Map<String, Object> keys =
        sets.map(named -> named.under(word, format, stage)).orElseGet(Map::of);
    keys.forEach((under, named) -> put(under, under.equals(word) ? DATA : null, named));
    if (keys.isEmpty()) {
      lost.add(key);
      losesData = true;
    } else {
      sets.orElseThrow().lost(format).forEach(part -> lost.add(key + "." + part));
    }
  }

  /** A project of Weights and Biases is told to it, if under a name that it makes. */
  private void reports(String key) {
    String reports = cell("reports", target);
    if (key.equals("wandb_project") && !reports.equals(NONE)) {
      values.put(reports, "wandb");
    }
  }

  private static boolean isFilledIn(Object value) {
    return value instanceof String text && text.contains("${");
  }

  /** Text that reads as a number or a truth value, as behind an option, is one. */
  static Object plain(Object value) {
    if (!(value instanceof String text)) {
      return value;
    }
    String word = text.strip().toLowerCase(Locale.ROOT);
    if (Set.of("true", "false").contains(word)) {
      return Boolean.valueOf(word);
    }
    if (!NUMBER.matcher(word).matches()) {
      return text;
    }
    BigDecimal exact = new BigDecimal(word).stripTrailingZeros();
    return exact.scale() < 0 ? exact.setScale(0) : exact;
  }

  private static String column(String format) {
    return COLUMNS.getOrDefault(format, format);
  }

  private static String cell(String name, String column) {
    return cell(TABLE, name, column);
  }

  private static String template(String name, String column) {
    return cell(TEMPLATES, name, column);
  }

  private static String cell(Map<String, List<String>> table, String name, String column) {
    int at = table.getOrDefault("name", List.of()).indexOf(column);
    List<String> row = table.getOrDefault(name, List.of());
    return at > 0 && at < row.size() ? row.get(at) : NONE;
  }
}
