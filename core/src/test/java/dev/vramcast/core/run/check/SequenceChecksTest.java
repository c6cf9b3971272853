package dev.vramcast.core.run.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.run.Estimates;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SequenceChecksTest {

  private static final String SHARED =
      " --count 4 --strategy fsdp2 --context 2 --sequence-length 512 --micro-batch 4"
          + " --engine vllm-server --engine-gpus 1";

  private static long peak(String flags) {
    boolean online = flags.contains("grpo") || flags.contains("rloo");
    String shared = online ? SHARED : SHARED.replaceAll(" --engine.*", "");
    return Estimates.of(Estimates.llama(false), flags + shared).allocatedBytes();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--stage grpo --framework trl",
        "--stage grpo --framework trl --framework-version 1.4.0",
        "--stage rloo --framework trl",
        "--stage kto --framework ms-swift",
        "--stage orpo --framework ms-swift",
        "--stage reward --framework llama-factory"
      })
  void trainers_that_keep_sequences_whole_refuse_a_context_degree(String flags) {
    String stage = flags.split(" ")[1];

    assertThatThrownBy(() -> peak(flags))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "parallelism.context is 2, but objective.stage "
                + stage
                + " of what runs the job by framework.name keeps sequences whole, allowed: 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--stage grpo --framework trl --framework-version 1.3.0",
        "--stage dpo --framework trl",
        "--stage grpo --framework axolotl",
        "--stage dpo --framework axolotl",
        "--stage dpo --framework llama-factory"
      })
  void a_part_of_a_sequence_is_not_modelled_where_the_loss_of_one_is_not_known(String flags) {
    assertThatThrownBy(() -> peak(flags))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("objective.stage " + flags.split(" ")[1])
        .hasMessageContaining("under parallelism.context 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--stage sft --framework trl",
        "--stage sft --framework axolotl",
        "--stage dpo --framework ms-swift",
        "--stage grpo --framework ms-swift",
        "--stage grpo --framework verl",
        "--stage dpo --framework openrlhf"
      })
  void trainers_that_divide_sequences_are_answered(String flags) {
    assertThat(peak(flags)).isPositive();
  }
}
