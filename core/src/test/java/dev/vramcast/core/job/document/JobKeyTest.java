package dev.vramcast.core.job.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.option.LigerKernel;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.units.DataType;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobKeyTest {

  @Test
  void flags_give_typed_values() {
    assertThat(JobKey.LORA_RANK.parse("64")).isEqualTo(64);
    assertThat(JobKey.LORA_DROPOUT.parse("0.05")).isEqualTo(0.05);
    assertThat(JobKey.TOKENS.parse("1e9")).isEqualTo(1e9);
    assertThat(JobKey.TOKENS.parse("1000000000000000000")).isEqualTo(1e18);
    assertThat(JobKey.COMPILE.parse("true")).isEqualTo(true);
    assertThat(JobKey.METHOD.parse("qlora")).isEqualTo(Method.QLORA);
    assertThat(JobKey.MODEL_DTYPE.parse("fp16")).isEqualTo(DataType.FP16);
    assertThat(JobKey.LIGER_KERNELS.parse("rope, swiglu,rope"))
        .isEqualTo(List.of(LigerKernel.ROPE, LigerKernel.SWIGLU));
    assertThat(JobKey.OFFLOAD.parse("")).isEqualTo(List.of());
    assertThat(JobKey.LORA_TARGETS.parse("q_proj,v_proj")).isEqualTo(List.of("q_proj", "v_proj"));
    assertThat(JobKey.TORCH_VERSION.parse("2.6.0+cu124")).isEqualTo("2.6.0+cu124");
    assertThat(JobKey.MODEL_CONFIG.parse("model/config.json")).isEqualTo("model/config.json");
  }

  @Test
  void words_are_taken_in_any_case_and_dtypes_by_their_name_in_pytorch() {
    assertThat(JobKey.METHOD.parse("QLoRA")).isEqualTo(Method.QLORA);
    assertThat(JobKey.METHOD.read("QLoRA", Place.of("a"))).isEqualTo(Method.QLORA);
    assertThat(JobKey.MODEL_DTYPE.parse("BF16")).isEqualTo(DataType.BF16);
    assertThat(JobKey.MODEL_DTYPE.parse("bfloat16")).isEqualTo(DataType.BF16);
    assertThat(JobKey.PRECISION.parse("BF16")).isEqualTo(JobKey.PRECISION.parse("bf16"));
    assertThat(JobKey.OPTIMIZER_NAME.parse("AdamW"))
        .isEqualTo(JobKey.OPTIMIZER_NAME.parse("adamw"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "x", "0", "-1", "65537", "4k", "1.5", "1e3", "0x10", "99999999999999999999"})
  void a_rank_out_of_range_names_flag_key_value_and_range(String text) {
    assertThatThrownBy(() -> JobKey.LORA_RANK.parse(text))
        .isInstanceOf(InputException.class)
        .hasMessage("--rank: lora.rank is '" + text + "', allowed: a whole number from 1 to 65536");
  }

  @ParameterizedTest
  @CsvSource({
    "METHOD, sft, objective.stage sft",
    "METHOD, DPO, objective.stage DPO",
    "STAGE, qlora, method qlora",
    "PRECISION, fp8, quantized_training.scheme fp8",
    "PRECISION, int8, model.quantization.scheme int8",
    "CONTEXT, 8k, batch.sequence_length 8k",
  })
  void a_value_of_another_key_is_said_to_be_one(JobKey key, String value, String meant) {
    assertThatThrownBy(() -> key.read(value, new Place.Behind(key.flag())))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith(" " + meant)
        .hasMessageNotContaining("Did you mean");
  }

  @Test
  void a_value_of_another_key_in_a_file_is_led_to_that_key_as_files_call_it() {
    assertThatThrownBy(() -> JobKey.METHOD.read("sft", new Place.Line("a.yaml", 2, 1, "method")))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("to give that: objective.stage: sft");
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "Infinity", "-0.1", "1.1", "1e999", "1e9999", ""})
  void a_dropout_that_is_no_share_is_refused(String text) {
    assertThatThrownBy(() -> JobKey.LORA_DROPOUT.parse(text))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith(", allowed: a number from 0 to 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0,125", "1,234", "16,0"})
  void a_comma_in_what_may_be_a_fraction_is_no_thousands(String text) {
    assertThatThrownBy(() -> JobKey.LORA_ALPHA.parse(text))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("; write a point for the comma");
  }

  @Test
  void digits_of_whole_numbers_and_counts_stand_in_groups_that_no_zero_begins() {
    assertThat(JobKey.SEQUENCE_LENGTH.parse("4,096")).isEqualTo(4096);
    assertThat(JobKey.SEQUENCE_LENGTH.parse("4_096")).isEqualTo(4096);
    assertThat(JobKey.EXAMPLES.parse("50,000")).isEqualTo(50_000.0);
    assertThat(JobKey.LORA_ALPHA.parse("1_024")).isEqualTo(1024.0);
    assertThatThrownBy(() -> JobKey.SEQUENCE_LENGTH.parse("0,125"))
        .isInstanceOf(InputException.class);
    assertThatThrownBy(() -> JobKey.EXAMPLES.parse("0,125")).isInstanceOf(InputException.class);
  }

  @Test
  void an_unknown_word_names_the_words_and_the_nearest() {
    assertThatThrownBy(() -> JobKey.PADDING.parse("packd"))
        .hasMessage(
            "--padding: batch.padding is 'packd', allowed: packed, padded, longest."
                + " Did you mean 'packed'?");
    assertThatThrownBy(() -> JobKey.LIGER_KERNELS.parse("rope,rmsnorm"))
        .hasMessage(
            "--liger-kernels: liger_kernels is 'rmsnorm', allowed: a list of rms_norm, swiglu,"
                + " rope. Did you mean 'rms_norm'?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "STRATEGY | fsdp | which may be any of 'fsdp1', 'fsdp2'; say which",
        "ENGINE | vllm | which may be any of 'vllm-colocate', 'vllm-server'; say which",
        "OPTIMIZER_NAME | adam | Did you mean 'adamw'?",
        "CHECKPOINTING | offload | Did you mean 'offloaded'?",
        "METHOD | finetune | which may be any of 'full', 'lora', 'qlora'; say which",
      })
  void the_beginning_of_a_word_is_a_question_which_is_meant(JobKey key, String word, String end) {
    assertThatThrownBy(() -> JobDocument.empty().withFlag(key, word))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is '" + word + "'")
        .hasMessageEndingWith(end);
  }

  @Test
  void a_message_stays_one_short_line_whatever_the_value() {
    String hostile = "a\nb\u2028c\u001b[31m\u202e" + "x".repeat(5_000);
    for (JobKey key : List.of(JobKey.METHOD, JobKey.GPU, JobKey.LORA_TARGETS, JobKey.COMPILE)) {
      assertThatThrownBy(() -> key.parse(hostile))
          .isInstanceOf(InputException.class)
          .satisfies(
              e ->
                  assertThat(e.getMessage())
                      .hasSizeLessThan(400)
                      .doesNotContainPattern("[\\p{Cntrl}\u2028\u2029\u202e]"));
    }
  }

  @Test
  void numbers_are_checked_exactly_and_never_overflow() {
    assertThat(JobKey.MICRO_BATCH.read(1_000_000L, Place.of("here"))).isEqualTo(1_000_000);
    assertThat(JobKey.MICRO_BATCH.read(2.0, Place.of("here"))).isEqualTo(2);
    assertThat(JobKey.MICRO_BATCH.read(new BigDecimal("1e6"), Place.of("here")))
        .isEqualTo(1_000_000);
    for (Object raw :
        List.of(
            4_294_967_297L, new BigDecimal("1e999999999"), new BigDecimal("1.0000001"), 2.5, "4")) {
      assertThatThrownBy(() -> JobKey.MICRO_BATCH.read(raw, Place.of("here")))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith("here: batch.micro_batch is ");
    }
    assertThatThrownBy(() -> JobKey.EPOCHS.read(Double.NaN, Place.of("here")))
        .isInstanceOf(InputException.class);
  }

  @Test
  void a_version_written_as_a_number_keeps_its_last_zero() {
    assertThat(JobKey.TORCH_VERSION.read(new BigDecimal("2.10"), Place.of("here")))
        .isEqualTo("2.10");
    assertThatThrownBy(() -> JobKey.TORCH_VERSION.read(2.1, Place.of("here")))
        .isInstanceOf(InputException.class);
  }

  @Test
  void a_single_word_is_a_list_of_one() {
    assertThat(JobKey.LORA_TARGETS.read("all-linear", Place.of("here")))
        .isEqualTo(List.of("all-linear"));
    assertThat(JobKey.LIGER_KERNELS.read("rope", Place.of("here")))
        .isEqualTo(List.of(LigerKernel.ROPE));
    assertThat(JobKey.LORA_TARGETS.read(List.of(), Place.of("here"))).isEqualTo(List.of());
    assertThatThrownBy(() -> JobKey.LORA_TARGETS.read(List.of("q_proj", 7), Place.of("here")))
        .hasMessage("here: lora.targets is 7, allowed: a name or a list of names");
  }

  @Test
  void a_model_configuration_is_copied_and_may_hold_nulls() {
    Map<String, Object> config = new HashMap<>();
    config.put("hidden_size", 64);
    config.put("rope_scaling", null);
    config.put("layer_types", Arrays.asList("full", null));
    Object read = JobKey.MODEL_CONFIG.read(config, Place.of("here"));
    assertThat(read).isEqualTo(config);
    config.put("hidden_size", 128);
    assertThat(((Map<?, ?>) read).get("hidden_size")).isEqualTo(64);
  }

  @Test
  void unknown_paths_get_a_hint_by_path_or_by_last_part() {
    assertThat(JobKey.near("batch.micro_bach")).hasValue("batch.micro_batch");
    assertThat(JobKey.near("rank")).hasValue("lora.rank");
    assertThat(JobKey.near("training.sequence_lenght")).hasValue("batch.sequence_length");
    assertThat(JobKey.near("zzzzzzzzzzzzzzzzzzzzzz")).isEmpty();
  }

  @Test
  void what_is_out_of_range_is_told_the_range() {
    assertThat(refused(JobKey.IMAGE_SIZE, List.of(640, 0)))
        .isEqualTo("batch.image_size has 0, allowed: a list of 2 whole numbers from 1 to 1000000");
    assertThat(refused(JobKey.IMAGE_SIZE, List.of(640)))
        .isEqualTo(
            "batch.image_size is a list of 1, allowed: a list of 2 whole numbers from 1 to"
                + " 1000000");
    assertThat(refused(JobKey.LOSS_WEIGHTS, List.of()))
        .isEqualTo(
            "objective.loss_weights is a list of 0, allowed: a list of 1 to 100 numbers from 0 to"
                + " 1000000");
  }

  @Test
  void what_is_too_long_is_told_the_limit() {
    assertThat(refused(JobKey.LORA_TARGETS, Collections.nCopies(60_000, "q_proj")))
        .isEqualTo("lora.targets is a list of 60000, allowed: a list of at most 1000 names");
    assertThat(refused(JobKey.LORA_TARGETS, List.of("q_proj", "q".repeat(300))))
        .endsWith("...', allowed: a name or a list of names of at most 200 characters");
    assertThat(refused(JobKey.MODEL_ID, "b".repeat(5000)))
        .endsWith("...', allowed: a line of text of at most 1000 characters");
    assertThat(refused(JobKey.MODEL_ID, "b\nb")).endsWith("allowed: a line of text");
  }

  private static String refused(JobKey key, Object raw) {
    return catchThrowable(() -> key.read(raw, Place.of("here")))
        .getMessage()
        .replaceFirst("^here: ", "");
  }
}
