package dev.vramcast.answers.cost;

import dev.vramcast.answers.prices.Extra;
import dev.vramcast.answers.request.SpotFlags;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.answers.text.Spans;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.cost.SpotRun;
import dev.vramcast.core.cost.SpotTerms;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.Evaluation;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.job.rule.Provenance;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.time.TimeEstimator;
import dev.vramcast.core.time.work.TrainingData;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What costs take for granted. */
public final class CostNotes {

  private static final Notice FILLED =
      Notice.of("Every example is counted as long as a sequence may be; ")
          .and(JobKey.TOKENS_PER_EXAMPLE, " says how long they are, and shorter ones cost less.");

  private static final Notice GENERATED =
      Notice.of("Of an evaluation its forward passes are priced, not what it generates (")
          .and(JobKey.EVALUATION_NEW_TOKENS, ").");

  /** Before the name of a machine that SageMaker runs. */
  private static final String SAGEMAKER = "ml.";

  private CostNotes() {}

  /** That every example is as long as a sequence, where nobody says how long they are. */
  public static Optional<Notice> ofLengths(Resolution resolution) {
    return TrainingData.fillsSequences(resolution) ? Optional.of(FILLED) : Optional.empty();
  }

  /** Whether remarks say so. */
  static boolean sayFilled(List<Notice> notes) {
    return notes.contains(FILLED);
  }

  /** How the tokens of a run are counted, where nobody says it, and which are not. */
  public static List<Notice> ofTokens(JobDocument document, Resolution resolution) {
    List<Notice> notes = new ArrayList<>();
    passes(document).ifPresent(notes::add);
    ofLengths(resolution).ifPresent(notes::add);
    if (resolution.job().evaluation().flatMap(Evaluation::generated).isPresent()
        && !generationIsTimed(document)) {
      notes.add(GENERATED);
    }
    resolution
        .value(JobKey.GROUP_SIZE)
        .filter(group -> group.provenance() == Provenance.FRAMEWORK_DEFAULT)
        .ifPresent(
            group ->
                notes.add(
                    Notice.of("Each prompt has ", group.value())
                        .and(" completions, as its framework has it; ")
                        .and(JobKey.GROUP_SIZE, " says how many.")));
    return notes;
  }

  private static boolean generationIsTimed(JobDocument document) {
    return document
        .model()
        .flatMap(Families::find)
        .filter(TimeEstimator::timesEvaluation)
        .isPresent();
  }

  /** How often examples are seen, where it decides and neither a file nor a flag says it. */
  private static Optional<Notice> passes(JobDocument document) {
    boolean decides =
        document.has(JobKey.EXAMPLES)
            && !document.has(JobKey.TOKENS)
            && !document.has(JobKey.STEPS);
    boolean stated =
        document.place(JobKey.EPOCHS).filter(place -> !(place instanceof Place.Chosen)).isPresent();
    if (!decides || stated) {
      return Optional.empty();
    }
    Notice notice =
        document
            .value(JobKey.EPOCHS, Double.class)
            .map(
                epochs ->
                    Notice.of(
                        "The data are passed over ",
                        Shown.value(epochs),
                        " times, as the framework has it where a file does not say"))
            .orElse(Notice.of("The data are passed over once"));
    return Optional.of(notice.and("; ", JobKey.EPOCHS, " says how often."));
  }

  static List<Notice> ofJob() {
    return List.of(
        Notice.of("Hours are those of ", new Subject.Operation("estimate"))
            .and(
                ", with start and last checkpoint; the range holds nine of ten runs of such a"
                    + " kind."),
        Notice.of(
            "Each GPU has the job's micro-batch, so that more of them make larger batches. Where"
                + " the job does not say how it is spread, it is as its framework or most people"
                + " do if that fits, else sharded (fsdp2)."));
  }

  static List<Notice> ofSpot(SpotTerms terms) {
    return List.of(
        taken(terms),
        Notice.of(
            terms
                    .interval()
                    .map(interval -> "Checkpoints are at most " + Spans.text(interval) + " apart")
                    .orElse("Checkpoints are as far apart as Young and Daly have it")
                + ", at 1 GB a second and "
                + Gib.rounded(SpotRun.SHORTEST_CHECKPOINT.toSeconds(), 0)
                + " s at least. A restart takes "
                + terms.restart().map(Spans::text).orElse("as long as the start")
                + "."),
        Notice.of(
            "Spot costs are the mean and what nine of ten runs stay below, as far as interruptions"
                + " go, at the speed that is estimated; p90 is below the mean where nine of ten are"
                + " never interrupted. Waiting for a machine is not counted."));
  }

  private static Notice taken(SpotTerms terms) {
    Notice taken =
        Notice.of("Spot machines are taken away every ", Spans.text(terms.between()))
            .and(" on average: ");
    return terms.between().equals(SpotTerms.USUAL.between())
        ? taken
            .and("a choice and no measurement, ")
            .and(Subject.option(SpotFlags.INTERRUPTIONS_EVERY), " sets it.")
        : taken.and("as given, no measurement.");
  }

  /** Where a run on spot has no figures. */
  static String ofHopeless() {
    return "hopeless: interrupted so often that less than a tenth of what is paid for would be"
        + " progress, which no spot price makes good.";
  }

  /** What is on offer elsewhere too, where spot alone was asked for. */
  static Notice ofSpotAlone() {
    return Notice.of("Machines of which no list has a spot price are left out (")
        .and(Subject.option("--spot"), ").");
  }

  /** Whose prices machines of SageMaker's have; no list here has SageMaker's own. */
  static List<Notice> ofSageMaker(String gpus) {
    return Stream.of(gpus.split(","))
        .map(String::strip)
        .filter(gpu -> gpu.toLowerCase(Locale.ROOT).startsWith(SAGEMAKER))
        .map(
            gpu ->
                Notice.of("The prices of ", Shown.given(gpu), " are EC2's of ")
                    .and(gpu.toLowerCase(Locale.ROOT).substring(SAGEMAKER.length()))
                    .and("; SageMaker bills its own, which no list here has."))
        .toList();
  }

  static List<Notice> ofPrices(List<Offer> offers) {
    return List.of(
        Notice.of(
            Extra.counted(offers)
                + ", the least time that is billed where a list has it not; a list is no stock."));
  }
}
