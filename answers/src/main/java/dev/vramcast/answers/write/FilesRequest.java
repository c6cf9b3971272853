package dev.vramcast.answers.write;

import dev.vramcast.answers.memory.EstimateReport;
import dev.vramcast.answers.memory.FileFacts;
import dev.vramcast.answers.request.JobBase;
import dev.vramcast.answers.request.RequestedJob;
import dev.vramcast.catalog.model.ModelCatalog;
import dev.vramcast.catalog.model.UsualSizes;
import dev.vramcast.core.code.WrappedLayers;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.run.MemoryEstimator;
import dev.vramcast.core.time.TimeEstimate;
import dev.vramcast.core.time.TimeEstimator;
import dev.vramcast.core.time.rate.MatmulType;
import dev.vramcast.formats.write.Kept;
import dev.vramcast.formats.write.Launch;
import dev.vramcast.formats.write.Launcher;
import dev.vramcast.formats.write.Place;
import dev.vramcast.formats.write.Place.Rental;
import dev.vramcast.formats.write.Start;
import dev.vramcast.formats.write.TrainingFiles;
import dev.vramcast.formats.write.TrainingJob;
import dev.vramcast.formats.write.TrainingWriter;
import dev.vramcast.formats.write.Written;
import dev.vramcast.formats.write.WrittenFile;
import dev.vramcast.formats.writers.Selection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Files that are to be written from a job.
 *
 * @param kept what the file says beside the job that it was read from
 * @param rental the offer that was chosen for the job; empty when none was
 * @param origin how the files came about, for their comments: the command, and the price with its
 *     date where there is one
 */
public record FilesRequest(
    Selection selection,
    RequestedJob job,
    Kept kept,
    Optional<Rental> rental,
    List<String> origin) {

  /** What the training files of a job say beside it. */
  public static Kept kept(JobBase base) {
    return base.training()
        .map(reading -> new Kept(reading.format().label(), reading.kept()))
        .orElse(Kept.NONE);
  }

  /**
   * Files with their comments.
   *
   * @param texts by the file's name
   * @param warnings what is to be known of it
   */
  public record Files(Map<String, String> texts, List<Notice> warnings) {

    public Files {
      warnings = List.copyOf(warnings);
    }
  }

  /** Writes the texts. */
  public Files files() {
    Map<String, String> texts = new LinkedHashMap<>();
    List<Notice> warnings = new ArrayList<>();
    for (TrainingWriter writer : selection.training()) {
      TrainingFiles files = writer.write(trainingJob());
      List<String> comment = comment(files.effective());
      files.start().ifPresent(start -> comment.addAll(howTo(start)));
      Map<String, String> own = texts(files.files(), comment);
      texts.putAll(own);
      warnings.addAll(files.warnings());
      files
          .start()
          .ifPresent(
              start -> {
                Launch launch = new Launch(name(), start, own, place());
                launch(launch, writer, comment, texts, warnings);
              });
    }
    return new Files(texts, warnings);
  }

  /** A launcher's file goes by its framework's name too where there are others of it. */
  private void launch(
      Launch launch,
      TrainingWriter writer,
      List<String> comment,
      Map<String, String> texts,
      List<Notice> warnings) {
    String before = selection.startsSeveral() ? writer.name() + "-" : "";
    for (Launcher launcher : selection.launchers()) {
      Written written = launcher.write(launch);
      texts(written.files(), comment).forEach((name, text) -> texts.put(before + name, text));
      warnings.addAll(written.warnings());
    }
  }

  private static Map<String, String> texts(List<WrittenFile> files, List<String> comment) {
    Map<String, String> texts = new LinkedHashMap<>();
    files.forEach(file -> texts.put(file.name(), file.text(comment)));
    return texts;
  }

  private TrainingJob trainingJob() {
    return new TrainingJob(model(), job.document(), job.resolution(), kept, layers());
  }

  /** The classes that accelerate's FSDP is told. */
  private Optional<String> layers() {
    List<String> told = WrappedLayers.of(job.resolution().job()).told(job.model().architecture());
    return told.isEmpty() ? Optional.empty() : Optional.of(String.join(",", told));
  }

  /** Frameworks load from the Hub, which does not know the catalogue's names. */
  private String model() {
    String given = job.document().text(JobKey.MODEL_ID).orElse(job.model().id());
    if (UsualSizes.find(given).isPresent()) {
      throw InputError.about(JobKey.MODEL_ID)
          .is(given)
          .allowed("a model's name, since a file loads one")
          .refusal();
    }
    if (given.contains("/") || given.contains("\\")) {
      return given;
    }
    String found = job.model().id();
    ModelCatalog catalog = ModelCatalog.embedded();
    return found.contains("/")
        ? found
        : catalog.find(found).map(entry -> catalog.repository(entry, given)).orElse(given);
  }

  private Place place() {
    Parallelism spread = job.resolution().job().parallelism();
    return new Place(spread.gpus() / spread.nodes(), spread.nodes(), job.gpu(), rental);
  }

  private String name() {
    return Launch.name(job.model().id(), job.resolution().job().method().label());
  }

  private static List<String> howTo(Start start) {
    List<String> lines = new ArrayList<>(List.of("Install: " + start.install()));
    start.command().lines().forEach(line -> lines.add("Start: " + line));
    return lines;
  }

  /** The estimate is that of the job as the framework runs it from the file. */
  private List<String> comment(Resolution effective) {
    List<String> lines = new ArrayList<>(origin);
    Optional<Gpu> gpu = job.gpu();
    EstimateReport report =
        new EstimateReport(
            job.model(),
            gpu,
            effective,
            MemoryEstimator.estimate(job.model().architecture(), effective.job(), gpu),
            Optional.empty(),
            gpu.filter(card -> TimeEstimator.knows(card, effective.job()))
                .map(card -> time(effective, card)),
            Optional.empty(),
            List.of());
    lines.addAll(FileFacts.lines(report));
    return lines;
  }

  private TimeEstimate time(Resolution effective, Gpu gpu) {
    return TimeEstimator.estimate(
        job.model().architecture(), effective.job(), gpu, MatmulType.PRECISION);
  }
}
