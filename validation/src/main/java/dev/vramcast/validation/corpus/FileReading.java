package dev.vramcast.validation.corpus;

import dev.vramcast.answers.estimate.EstimateRequest;
import dev.vramcast.answers.memory.EstimateReport;
import dev.vramcast.answers.request.JobFile;
import dev.vramcast.answers.request.JobTexts;
import dev.vramcast.answers.request.ProfileChoice;
import dev.vramcast.answers.request.Sources;
import dev.vramcast.answers.words.ProgramWords;
import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.time.RunExtras;
import dev.vramcast.formats.training.Finding;
import dev.vramcast.formats.training.Reading;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One training file, asked about as {@code vramcast estimate FILE --gpu h100 --offline} asks.
 *
 * @param reason why there is no estimate; empty where there is one
 * @param took reading alone, without the estimate
 * @param reading what the readers found; empty where none could read it
 */
record FileReading(
    Path file, FileOutcome outcome, String reason, Duration took, Optional<Reading> reading) {

  private static final String CARD = "h100";

  /**
   * Asks about a file.
   *
   * @param folder where the files lie that it names
   */
  static FileReading of(Path file, Path folder) {
    long start = System.nanoTime();
    Optional<Reading> reading = Optional.empty();
    Duration took = Duration.ZERO;
    FileOutcome outcome = FileOutcome.ANSWERED;
    String reason = "";
    try {
      JobTexts job = new JobFile(List.of(file), Optional.empty()).textsIn(folder);
      reading = job.training();
      took = Duration.ofNanos(System.nanoTime() - start);
      estimate(folder, ProfileChoice.of(job, JobDocument.empty()));
    } catch (InputException e) {
      outcome = FileOutcome.REFUSED;
      reason = e.error().line(ProgramWords.ALL);
    } catch (UnsupportedJobException e) {
      outcome = FileOutcome.NOT_MODELLED;
      reason = e.notice().sentence(ProgramWords.ALL);
    } catch (RuntimeException | StackOverflowError e) {
      outcome = FileOutcome.CRASHED;
      reason = crash(e);
    }
    return new FileReading(file, outcome, reason, took, reading);
  }

  private static String crash(Throwable e) {
    return e + " at " + e.getStackTrace()[0];
  }

  private static EstimateReport estimate(Path folder, JobDocument job) {
    JobDocument asked = job.with(JobKey.GPU, CARD, new Place.Chosen("the card of every file"));
    Sources sources = new Sources.Files(Optional.of(folder), Optional.empty(), Network.FORBIDDEN);
    return new EstimateRequest(asked, sources, GpuCatalog.embedded()).report(RunExtras.USUAL);
  }

  /** As JSON has it. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("file", file.toString());
    fields.put("outcome", outcome.label());
    fields.put("reason", reason);
    fields.put("read_ms", took.toNanos() / 1e6);
    fields.put("format", reading.map(read -> read.format().label()).orElse(""));
    Map<String, Object> job = new LinkedHashMap<>();
    reading.ifPresent(
        read ->
            read.document()
                .entries()
                .forEach((key, entry) -> job.put(key.path(), key.kind().plain(entry.value()))));
    fields.put("job", job);
    fields.put(
        "findings",
        reading.map(Reading::findings).orElse(List.of()).stream().map(FileReading::line).toList());
    return fields;
  }

  private static Map<String, Object> line(Finding finding) {
    return Map.of(
        "code", finding.code().label(),
        "line", finding.line(),
        "key", finding.key(),
        "message", finding.notice().sentence(ProgramWords.ALL));
  }
}
