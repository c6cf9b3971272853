package dev.vramcast.formats.writers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.property.JobProperty;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingText;
import dev.vramcast.formats.write.TrainingFiles;
import dev.vramcast.formats.write.TrainingJob;
import dev.vramcast.formats.write.TrainingWriter;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a writer wrote, its reader reads back to the job that the framework runs. */
class RoundTripTest {

  private static final int JOBS = 60;

  /** A launcher's facts, which no training file holds. */
  private static final String START = "start";

  /** The formats that are written and read. */
  static List<String> formats() {
    List<String> read =
        dev.vramcast.formats.training.registry.TrainingFiles.readers().stream()
            .map(reader -> reader.name())
            .filter(name -> !name.isCompanion())
            .map(FormatName::label)
            .toList();
    return Selection.trainingNames().stream().filter(read::contains).toList();
  }

  /** The formats that have words for another stage than the supervised one. */
  static List<String> staged() {
    return formats().stream().filter(format -> !format.equals("litgpt")).toList();
  }

  @ParameterizedTest
  @MethodSource("formats")
  void a_written_file_is_read_back_to_the_same_job(String format) {
    check(format, Jobs::random);
  }

  @ParameterizedTest
  @MethodSource("staged")
  void a_written_file_of_a_stage_is_read_back_to_the_same_job(String format) {
    check(format, Jobs::ofAStage);
  }

  /** LLaMA-Factory trains a head of its own for scores, PEFT another in full. */
  @ParameterizedTest
  @ValueSource(strings = {"trl", "ms-swift"})
  void what_a_framework_trains_beside_adapters_by_itself_is_part_of_the_written_job(String format) {
    Place here = Place.of("a test");
    JobDocument scores =
        JobDocument.empty()
            .with(JobKey.MODEL_ID, "m", here)
            .with(JobKey.FRAMEWORK_NAME, "llama-factory", here)
            .with(JobKey.STAGE, Stage.REWARD, here);

    check(format, random -> scores);
  }

  private static void check(String format, Function<Random, JobDocument> jobs) {
    JobProperty.forAll(jobs)
        .assuming(document -> files(format, document).isPresent())
        .jobs(JOBS)
        .check(
            document -> {
              TrainingFiles files = files(format, document).orElseThrow();
              ResolvedJob meant = files.effective().job();
              assertThat(read(format, files, meant))
                  .as("%s", files.files())
                  .usingRecursiveComparison()
                  .withEqualsForFields(RoundTripTest::isSameOrUnlikeInName, "method")
                  // A file says who loads and has layers looked up, which a job leaves open.
                  .ignoringFields(
                      "machine.firstRankLoads",
                      "parallelism.layerClasses",
                      "parallelism.checkpointsParts")
                  .isEqualTo(meant);
            });
  }

  /** Empty where the job contradicts itself or the format has no words for it. */
  private static Optional<TrainingFiles> files(String format, JobDocument document) {
    return document.has(JobKey.MODEL_ID)
        ? Jobs.job(document).flatMap(job -> written(format, job))
        : Optional.empty();
  }

  /** On a quantised base readers say qlora; the variants scale and begin in another way alone. */
  private static boolean isSameOrUnlikeInName(Object read, Object meant) {
    Set<?> alike = EnumSet.of(Method.LORA, Method.QLORA, Method.RSLORA, Method.PISSA);
    return read == meant || alike.containsAll(List.of(read, meant));
  }

  private static Optional<TrainingFiles> written(String format, TrainingJob job) {
    TrainingWriter writer =
        Selection.of(format, new Subject.Flag("--to"), Optional.empty()).training().get(0);
    try {
      return Optional.of(writer.write(job));
    } catch (InputException e) {
      return Optional.empty();
    }
  }

  private static ResolvedJob read(String format, TrainingFiles files, ResolvedJob meant) {
    Parallelism spread = meant.parallelism();
    JobDocument given = given(format, meant);
    Map<String, TrainingFile> texts = new LinkedHashMap<>();
    files
        .files()
        .forEach(
            file ->
                texts.put(
                    file.name(),
                    TrainingText.of(file.text(List.of("by a test")), file.name()).with(given)));
    Reading reading =
        dev.vramcast.formats.training.registry.TrainingFiles.read(
            List.copyOf(texts.values()),
            Optional.of(FormatName.of(format)),
            path -> Optional.ofNullable(texts.get(path)));
    JobDocument flags =
        given
            .with(JobKey.GPU_COUNT, spread.gpus(), Place.of(START))
            .with(JobKey.NODES, spread.nodes(), Place.of(START));
    return JobResolver.resolve(reading.under(flags)).job();
  }

  /** What a file cannot say: of Axolotl's, how long a prompt and its completion are together. */
  private static JobDocument given(String format, ResolvedJob meant) {
    boolean unsaid = format.equals("axolotl") && meant.objective().stage() == Stage.GRPO;
    int length = meant.batch().sequenceLength();
    return unsaid
        ? JobDocument.empty().with(JobKey.SEQUENCE_LENGTH, length, Place.of("a flag"))
        : JobDocument.empty();
  }
}
