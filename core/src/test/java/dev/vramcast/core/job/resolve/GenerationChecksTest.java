package dev.vramcast.core.job.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationChecksTest {

  private static final String GRPO = "--framework trl --stage grpo --sequence-length 512 ";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--group-size 5 --micro-batch 4 --grad-accum 2"
            + "|generation.group_size is 5|batch.micro_batch 4 x 1 GPUs"
            + "|is 8",
        "--group-size 8 --micro-batch 4 --count 3 --steps-per-generation 1"
            + "|generation.group_size is 8|x 3"
            + "|is 12",
        "--engine-sleep 1|generation.sleep is 1|generation.engine transformers|does not sleep",
        "--engine-ahead true|generation.ahead is true|generation.engine transformers"
            + "|no GPUs of its own",
        "--engine vllm-colocate --max-model-length 512 --engine-ahead true|generation.ahead is true"
            + "|generation.engine vllm-colocate|allowed: false",
        "--engine vllm-colocate --max-model-length 256|generation.max_model_length is 256"
            + "|batch.sequence_length is 512|at least",
        "--framework unsloth --engine shared --engine-sleep 2|generation.sleep is 2"
            + "|generation.engine shared|allowed: 0, 1",
        "--engine vllm-colocate --max-model-length 512 --engine-tensor 3 --count 8 --group-size 2"
            + "|generation.tensor is 3|hardware.count is 8|divides it",
        "--engine vllm-colocate --max-model-length 512 --engine-tensor 16 --count 8 --group-size 2"
            + "|generation.tensor is 16|hardware.count is 8|divides it",
        "--prompt-length 512|objective.prompt_length is 512|batch.sequence_length 512"
            + "|is of a prompt with its answer",
        "--engine vllm-server --engine-tensor 2 --model unsloth/a-bnb-4bit"
            + "|generation.tensor is 2|model.id|bitsandbytes' blocks",
        "--engine vllm-server --engine-tensor 2 --model unsloth/Qwen3-8B-bnb-8bit"
            + "|generation.tensor is 2|model.id|bitsandbytes' blocks",
        "--reference precomputed|objective.reference is precomputed|objective.stage grpo"
            + "|generates its completions while it trains",
      })
  void what_contradicts_the_engine_is_refused_with_both_keys(
      String flags, String first, String second, String third) {
    assertThatThrownBy(() -> Jobs.resolve(GRPO + flags))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(first, second, third);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ppo", "rloo", "distillation --teacher a"})
  void a_prompt_that_fills_the_length_leaves_no_completion(String stage) {
    String job = "--framework trl --framework-version 1.12.0 --sequence-length 3000 --stage ";

    assertThatThrownBy(() -> Jobs.resolve(job + stage + " --prompt-length 4000"))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(
            "objective.prompt_length is 4000", "batch.sequence_length 3000", "less than that");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--engine-tensor 2 --model unsloth/a",
        "--engine-tensor 1 --model unsloth/a-bnb-4bit",
        "--engine-tensor 2 --model unsloth/a-AWQ-4bit",
        "--engine-tensor 2 --model mlx-community/a-4bit",
      })
  void weights_that_are_quantised_when_loaded_or_not_divided_are_served(String flags) {
    assertThatCode(() -> Jobs.resolve(GRPO + "--engine vllm-server --engine-gpus 2 " + flags))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"--engine-memory-fraction 1.5", "--engine-sleep 3"})
  void what_no_engine_has_is_refused(String flags) {
    assertThatThrownBy(() -> Jobs.resolve(GRPO + flags)).isInstanceOf(InputException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "--framework trl --stage grpo --sequence-length 512 --engine sglang-colocate",
    "--framework ms-swift --stage grpo --sequence-length 512 --engine sglang-server",
    "--framework axolotl --stage ppo --sequence-length 512",
    "--framework axolotl --stage rloo --sequence-length 512",
  })
  void what_a_framework_does_not_have_is_not_modelled(String flags) {
    assertThat(Jobs.resolve(flags).job().notModelled()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-factory", "ms-swift", "openrlhf", "torchtune"})
  void who_scores_references_in_every_step_has_none_precomputed(String framework) {
    String flags =
        "--stage dpo --sequence-length 512 --reference precomputed --framework " + framework;

    assertThatThrownBy(() -> Jobs.resolve(flags))
        .hasMessageContainingAll("framework.name " + framework, "scores it in every step");
  }

  @ParameterizedTest
  @CsvSource({
    "'', 1024",
    "--completion-length 2048, 2560",
    "--prompt-length 100, 612",
    "--prompt-length 100 --completion-length 200, 300"
  })
  void prompt_and_completion_are_the_length_of_what_trl_generates(String flags, int length) {
    assertThat(Jobs.resolve("--framework trl --stage grpo " + flags).job().batch().sequenceLength())
        .isEqualTo(length);
  }

  @Test
  void axolotl_gives_an_engine_nine_tenths_of_the_card() {
    String flags = " --stage grpo --sequence-length 512 --engine vllm-colocate";

    assertThat(fraction("--framework axolotl" + flags)).contains(0.9);
    assertThat(fraction("--framework trl" + flags)).isEmpty();
    assertThat(fraction("--framework trl --engine-memory-fraction 0.5" + flags)).contains(0.5);
  }

  private static Optional<Double> fraction(String flags) {
    return Jobs.resolve(flags)
        .job()
        .objective()
        .generated()
        .orElseThrow()
        .resident()
        .memoryFraction();
  }

  @Test
  void a_group_that_divides_the_batch_is_taken() {
    assertThat(Jobs.resolve(GRPO + "--group-size 8 --micro-batch 4 --grad-accum 2").job())
        .isNotNull();
  }

  @Test
  void a_packed_row_may_be_longer_than_any_sequence_of_the_engine() {
    String flags =
        "--framework nemo-rl --stage grpo --engine vllm-colocate --engine-tensor 1"
            + " --max-model-length 256 --sequence-length 512 --padding ";

    assertThatCode(() -> Jobs.resolve(flags + "packed")).doesNotThrowAnyException();
    assertThatThrownBy(() -> Jobs.resolve(flags + "padded")).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> Jobs.resolve(flags + "packed --prompt-length 100"))
        .isInstanceOf(InputException.class);
  }
}
