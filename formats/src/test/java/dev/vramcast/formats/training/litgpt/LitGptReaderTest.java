package dev.vramcast.formats.training.litgpt;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.ofSample;
import static dev.vramcast.formats.training.Readings.value;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LitGptReaderTest {

  private static Reading with(String more) {
    return of("a.yaml", "checkpoint_dir: checkpoints/a/b\ndevices: 2\n" + more.replace("~", "\n"));
  }

  @Test
  void a_qlora_is_read_key_by_key() {
    Reading reading = ofSample("litgpt/qlora.yaml");

    assertThat(reading.format()).isEqualTo(FormatName.LITGPT);
    assertThat(values(reading))
        .containsEntry("model.id", "meta-llama/Llama-3.2-1B")
        .containsEntry("method", "qlora")
        .containsEntry("model.quantization.scheme", "nf4")
        .containsEntry("model.quantization.double_quant", false)
        .containsEntry("lora.rank", 32)
        .containsEntry(
            "lora.targets",
            List.of("q_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"))
        .containsEntry("batch.micro_batch", 2)
        .containsEntry("batch.grad_accum", 4)
        .containsEntry("batch.sequence_length", 512)
        .containsEntry("precision", "bf16")
        .containsEntry("optimizer.name", "paged-adamw")
        .containsEntry("hardware.count", 1);
    assertThat(reading.findings()).noneMatch(finding -> finding.code().isWarning());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "litgpt merge_lora out/final --pretrained_checkpoint_dir checkpoints/a/b",
        "litgpt merge_lora --checkpoint_dir out/final --pretrained_checkpoint_dir=checkpoints/a/b"
      })
  void a_command_that_merges_trains_nothing(String command) {
    assertThat(values(of("run.sh", command + " --precision bf16-true\n")))
        .containsEntry("model.id", "a/b")
        .containsEntry("method", "lora")
        .containsEntry("precision", "bf16")
        .containsEntry("saving.merge", true)
        .containsEntry("saving.alone", true);
    assertThat(of("run.sh", "litgpt merge_lora out\n").unreadable()).containsKey(JobKey.MODEL_ID);
  }

  @ParameterizedTest
  @CsvSource({
    "precision: bf16-true, full, bf16,",
    "precision: bf16-mixed, full, bf16-mixed,",
    "precision: 32-true, full, fp32,",
    "lora_r: 8, lora,,",
    "lora_r: 8~quantize: bnb.nf4-dq, qlora,, nf4",
    "lora_r: 8~quantize: bnb.fp4, qlora,, fp4",
    "lora_r: 8~quantize: bnb.int8-training, lora,, int8",
  })
  void method_precision_and_quantisation_are_read(
      String text, String method, String precision, String scheme) {
    assertThat(value(with(text), JobKey.METHOD)).isEqualTo(method);
    assertThat(value(with(text), JobKey.PRECISION)).isEqualTo(precision);
    assertThat(value(with(text), JobKey.QUANTIZATION_SCHEME)).isEqualTo(scheme);
  }

  @Test
  void accumulation_is_what_the_global_batch_leaves() {
    Reading reading =
        with("num_nodes: 2~train: {global_batch_size: 32, micro_batch_size: 2, epochs: 1}");

    assertThat(value(reading, JobKey.GPU_COUNT)).isEqualTo(4);
    assertThat(value(reading, JobKey.GRAD_ACCUM)).isEqualTo(4);
    assertThat(reading.document().remarksAbout(JobKey.SEQUENCE_LENGTH)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "lora_r: 8~quantize: bnb.nf4, quantize",
    "train: {global_batch_size: 7}, train.global_batch_size",
  })
  void what_litgpt_refuses_is_said(String text, String key) {
    assertThat(keys(with(text), FindingCode.REFUSED)).containsExactly(key);
  }

  @Test
  void a_command_tells_its_method() {
    Reading reading =
        of("run.sh", "litgpt finetune_lora --checkpoint_dir checkpoints/a/b --train.epochs 2\n");

    assertThat(value(reading, JobKey.METHOD)).isEqualTo("lora");
    assertThat(value(reading, JobKey.EPOCHS)).isEqualTo(2L);
  }

  @Test
  void a_program_s_own_sections_of_adapters_are_none_of_its_files() {
    String own =
        """
        model_name: meta-llama/Llama-3.1-8B-Instruct
        train:
          micro_batch_size: 16
          gradient_accumulation: 4
        """;

    assertThat(of("own.yaml", own).format()).isEqualTo(FormatName.LITGPT);
    assertThatThrownBy(() -> of("own.yaml", own + "lora:\n  r: 16\n  alpha: 16\n"))
        .hasMessageContaining("is of no known format")
        .hasMessageContaining("give that program");
  }

  @ParameterizedTest
  @ValueSource(strings = {"evaluation: {interval: 3}", "generate: {max_new_tokens: 10}"})
  void a_section_that_litgpt_has_not_is_an_unknown_key_of_its_file(String section) {
    String own =
        """
        model_name: pythia-14m
        train: {micro_batch_size: 2, global_batch_size: 4, max_seq_length: 512}
        """;

    Reading reading = of("own.yaml", own + section + "\n");

    assertThat(reading.format()).isEqualTo(FormatName.LITGPT);
    assertThat(value(reading, JobKey.SEQUENCE_LENGTH)).isEqualTo(512);
    assertThat(keys(reading, FindingCode.UNKNOWN_KEY))
        .containsExactly(section.substring(0, section.indexOf(':')));
  }

  @Test
  void a_quantiser_s_own_section_is_no_part_of_litgpt_s_or_of_transformers_files() {
    String own =
        """
        model_name: meta-llama/Llama-3.1-8B-Instruct
        train: {micro_batch_size: 16, gradient_accumulation: 4}
        loading: {load_in_4bit: true}
        """;

    assertThatThrownBy(() -> of("own.yaml", own)).hasMessageContaining("is of no known format");
  }
}
