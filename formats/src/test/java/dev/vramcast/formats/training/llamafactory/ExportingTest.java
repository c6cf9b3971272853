package dev.vramcast.formats.training.llamafactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Finding;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Readings;
import dev.vramcast.formats.training.registry.TrainingFiles;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingText;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of {@code llamafactory-cli export}. */
class ExportingTest {

  private static final String EXPORT =
      "model_name_or_path: a/b\nadapter_name_or_path: saves/lora\ntemplate: llama3\n"
          + "finetuning_type: lora\nexport_dir: merged\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llamafactory-cli export --model_name_or_path a/b --adapter_name_or_path saves/lora"
            + " --export_dir merged",
        EXPORT
      })
  void what_merges_trains_nothing(String text) {
    Reading reading = Readings.of(text.equals(EXPORT) ? "export.yaml" : "run.sh", text);

    JobDocument job = reading.under(JobDocument.empty());
    assertThat(job.text(JobKey.MODEL_ID)).contains("a/b");
    assertThat(job.value(JobKey.MERGE, Boolean.class)).contains(true);
    assertThat(job.value(JobKey.WEIGHTS_ALONE, Boolean.class)).contains(true);
    assertThat(job.has(JobKey.MERGE_DEVICE)).isFalse();
    assertThat(reading.findings()).extracting(Finding::key).containsOnly("export_dir");
    assertThat(reading.findings())
        .extracting(finding -> finding.notice().toString())
        .satisfiesExactly(
            said -> assertThat(said).contains("without CUDA LLaMA-Factory merges in fp32"),
            said -> assertThat(said).contains("this trains nothing"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"do_train: true\n", "export_dir: null\n"})
  void what_trains_or_writes_nothing_is_no_merge(String more) {
    Reading reading = Readings.of("e.yaml", EXPORT.replace("export_dir: merged\n", "") + more);

    assertThat(Readings.value(reading, JobKey.WEIGHTS_ALONE)).isNull();
  }

  @Test
  void weights_that_are_quantised_on_the_way_are_refused_as_before() {
    Reading reading = Readings.of("export.yaml", EXPORT + "export_quantization_bit: 4\n");

    assertThatThrownBy(() -> reading.under(JobDocument.empty()))
        .hasMessageContaining("export_dir is there and do_train is not on");
  }

  @Test
  void adapters_are_not_merged_into_a_quantised_base() {
    Reading reading = Readings.of("export.yaml", EXPORT + "quantization_bit: 4\n");

    assertThatThrownBy(() -> reading.under(JobDocument.empty()))
        .hasMessageContaining("adapters are not merged into a quantised model");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Qwen/Qwen2.5-7B-Instruct-AWQ", "unsloth/llama-3-8b-bnb-4bit"})
  void nor_into_one_that_is_known_by_its_name_to_be_quantised(String name) {
    Reading reading = Readings.of("export.yaml", EXPORT.replace("a/b", name));

    assertThatThrownBy(() -> reading.under(JobDocument.empty()))
        .hasMessageContaining("adapters are not merged into a quantised model");
  }

  @Test
  void weights_are_in_the_dtype_that_it_is_told() {
    Reading told = Readings.of("export.yaml", EXPORT + "infer_dtype: float32\n");
    Reading untold = Readings.of("export.yaml", EXPORT);
    Reading onCard = Readings.of("export.yaml", EXPORT + "export_device: auto\n");

    assertThat(Readings.value(told, JobKey.MODEL_DTYPE)).hasToString("fp32");
    assertThat(messages(told)).doesNotContain("without CUDA");
    assertThat(Readings.value(untold, JobKey.MODEL_DTYPE)).isNull();
    assertThat(messages(untold)).contains("on a machine without CUDA");
    assertThat(messages(onCard)).doesNotContain("without CUDA");
  }

  private static String messages(Reading reading) {
    return reading.findings().stream().map(each -> each.message().toString()).toList().toString();
  }

  @Test
  void it_merges_where_its_device_says() {
    Reading reading = Readings.of("export.yaml", EXPORT + "export_device: auto\n");

    assertThat(Readings.value(reading, JobKey.MERGE_DEVICE)).isEqualTo("gpu");
  }

  @ParameterizedTest
  @CsvSource({"auto, gpu", "cpu, cpu"})
  void its_device_is_where_the_training_merges_that_ends_with_it(String told, String device) {
    Reading reading = ending(EXPORT + "export_device: " + told + "\n");

    assertThat(Readings.value(reading, JobKey.MERGE_DEVICE)).isEqualTo(device);
    assertThat(Readings.value(Readings.of("e.yaml", EXPORT), JobKey.MERGE_DEVICE)).isNull();
  }

  @Test
  void a_device_that_it_has_not_is_said_with_those_it_has() {
    Reading reading = ending(EXPORT + "export_device: tpu\n");

    assertThat(reading.findings())
        .anyMatch(finding -> finding.message().toString().contains("cpu, auto"));
  }

  private static Reading ending(String text) {
    TrainingFile file = TrainingText.of(text, "export.yaml");
    JobDocument merged = JobDocument.empty().withFlag(JobKey.MERGE, "true");
    TrainingFile given =
        new TrainingFile(
            file.name(),
            file.form(),
            file.root(),
            file.command(),
            file.repeats(),
            file.header(),
            merged);
    return TrainingFiles.read(List.of(given), Optional.empty(), path -> Optional.empty());
  }
}
