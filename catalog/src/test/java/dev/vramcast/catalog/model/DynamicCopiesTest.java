package dev.vramcast.catalog.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.catalog.Resources;
import dev.vramcast.catalog.model.DynamicCopy.Basis;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.run.MemoryEstimator;
import dev.vramcast.core.trace.Category;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DynamicCopiesTest {

  private final DynamicCopies copies = DynamicCopies.embedded();

  @ParameterizedTest
  @CsvSource({
    "unsloth/Phi-4, phi-4",
    "microsoft/phi-4, phi-4",
    "Qwen/Qwen3-14B, Qwen3-14B",
    "unsloth/meta-llama-3.1-8b-instruct, Meta-Llama-3.1-8B-Instruct",
    "google/gemma-3-27b-it, gemma-3-27b-it",
    "qwen3-14b, Qwen3-14B",
  })
  void aModelIsReplacedUnderTheNamesThatTheMapperHas(String text, String copy) {
    assertThat(copies.of(text).map(DynamicCopy::name))
        .contains("unsloth/" + copy + "-unsloth-bnb-4bit");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unsloth/Qwen3-14B-bnb-4bit",
        "somebody/Qwen3-14B",
        "Qwen/Qwen3-32B",
        "unsloth/Qwen3-30B-A3B",
        "unsloth/Qwen3-14B-unsloth-bnb-4bit",
        "unsloth/mistral-7b-v0.3",
        "gpt2",
        "no-such-model"
      })
  void noOtherNameIs(String text) {
    assertThat(copies.of(text)).isEmpty();
  }

  @Test
  void aNameOfTheCatalogueMeansTheRepositoryOfWhichMoreIsKnown() {
    assertThat(copies.of("meta-llama/Llama-3.1-8B").map(DynamicCopy::basis))
        .contains(Basis.UNKNOWN);
    assertThat(copies.of("llama-3.1-8b").map(DynamicCopy::kept))
        .contains(List.of("model.layers.1.mlp"));
  }

  @ParameterizedTest
  @CsvSource({
    "unsloth, qlora, , true",
    "unsloth, qlora, 2025.2.12, true",
    "unsloth, qlora, 2024.12, false",
    "unsloth, lora, , false",
    "transformers, qlora, , false",
  })
  void itIsLoadedInFourBitsByTheReleasesThatKnowIt(
      String framework, String method, String version, boolean loaded) {
    DynamicCopy copy = copies.of("unsloth/Meta-Llama-3.1-8B-Instruct").orElseThrow();
    assertThat(copy.isLoadedBy(job(framework, method, Optional.ofNullable(version))))
        .isEqualTo(loaded);
  }

  static List<String> sized() {
    return Resources.lines("models/dynamic.tsv").stream()
        .skip(1)
        .map(line -> line.split("\t", -1))
        .filter(cells -> !cells[5].isEmpty())
        .map(cells -> cells[0] + " " + cells[5])
        .toList();
  }

  /** Within the last digit that is known, and where modules are not named within half an MLP. */
  @ParameterizedTest
  @MethodSource("sized")
  void whatIsKeptMakesUpTheSizeOfTheFiles(String row) {
    String[] cells = row.split(" ");
    DynamicCopy copy = copies.of("unsloth/" + cells[0]).orElseThrow();
    ModelEntry entry =
        ModelCatalog.embedded()
            .find(copy.model())
            .or(() -> ModelCatalog.embedded().findCopy(copy.model()).map(CatalogMatch::entry))
            .orElseThrow();
    Architecture model = Families.read(copy.in(entry.config()));
    long weights =
        MemoryEstimator.estimate(model, job("unsloth", "qlora", Optional.empty()), Optional.empty())
            .worst()
            .breakdown()
            .get(Category.WEIGHTS);
    double digit = cells[1].contains(".") ? 0.01 : 1;
    double half = copy.basis() == Basis.SIZED ? 0.03 : 0.01;
    assertThat(weights / 1e9)
        .isCloseTo(Double.parseDouble(cells[1]), within(Math.max(half, digit / 2)));
  }

  @Test
  void everyRowSaysWhereItsModulesAreFrom() {
    List<String> lines = Resources.lines("models/dynamic.tsv");
    assertThat(lines.subList(1, lines.size()))
        .allSatisfy(
            line -> {
              String[] cells = line.split("\t", -1);
              assertThat(cells).hasSize(7);
              assertThat(cells[6].isEmpty()).isEqualTo(cells[3].isEmpty());
              assertThat(cells[3].isEmpty()).isEqualTo(cells[4].equals("unknown"));
            });
  }

  private static ResolvedJob job(String framework, String method, Optional<String> version) {
    JobDocument document =
        JobDocument.empty()
            .withFlag(JobKey.FRAMEWORK_NAME, framework)
            .withFlag(JobKey.METHOD, method)
            .withFlag(JobKey.SEQUENCE_LENGTH, "64")
            .withFlag(JobKey.MICRO_BATCH, "1");
    JobDocument told =
        version.map(text -> document.withFlag(JobKey.FRAMEWORK_VERSION, text)).orElse(document);
    return JobResolver.resolve(told).job();
  }
}
