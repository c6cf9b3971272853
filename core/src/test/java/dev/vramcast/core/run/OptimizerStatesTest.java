package dev.vramcast.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** States of a Llama of two layers: 39,326,720 parameters in 16 matrices and five norms. */
class OptimizerStatesTest {

  private static long states(String flags) {
    return Estimates.of(
            Estimates.llama(false), "--method full --precision bf16 --sequence-length 16 " + flags)
        .breakdown()
        .get(Category.OPTIMIZER);
  }

  @ParameterizedTest
  @CsvSource({
    "--optimizer adamw --optimizer-implementation fused, 157317632",
    "--optimizer adamw --optimizer-implementation foreach, 157306880",
    "--optimizer adamw --optimizer-implementation bitsandbytes, 314613760",
    "--optimizer adamw-8bit --optimizer-implementation torchao, 79925248",
    "--optimizer adamw-4bit --optimizer-implementation torchao, 41816064",
    "--optimizer adamw-8bit, 129984512",
    "--optimizer adamw-8bit --bitsandbytes 0.43.3, 129138688",
    "--optimizer lion, 157306880",
    "--optimizer lion-8bit, 64993280",
    "--optimizer paged-lion, 20480",
    "--optimizer paged-lion-8bit, 505856",
    "--optimizer ademamix, 471920640",
    "--optimizer ademamix-8bit, 194975744",
    "--optimizer paged-ademamix, 61440",
    "--optimizer paged-ademamix-8bit, 1513472",
    "--optimizer rmsprop, 78653440",
    "--optimizer rmsprop --optimizer-implementation bitsandbytes, 157306880",
    "--optimizer rmsprop-8bit, 64993280",
    "--optimizer adagrad, 78653440",
    "--optimizer adagrad --optimizer-implementation bitsandbytes, 157306880",
    "--optimizer stable-adamw, 235981824",
    "--optimizer adalomo, 239616",
    "--optimizer adafactor, 250368",
    "--optimizer muon, 112218112",
    "--optimizer apollo, 82865152",
    "--optimizer schedule-free-adamw, 157306880",
    "--optimizer schedule-free-radam, 157306880",
    "--optimizer schedule-free-sgd, 78653440",
    "--optimizer adam-mini, 78722560",
    "--optimizer flash-adamw, 122900480",
    "--optimizer flash-adamw --master-weights true, 162227200"
  })
  void states_are_as_large_as_the_code_makes_them(String flags, long bytes) {
    assertThat(states(flags)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"2.0, 157306880", "2.1, 78653440"})
  void foreach_adds_epsilon_in_place_since_pytorch_2_1(String torch, long bytes) {
    assertThat(
            Estimates.of(
                    Estimates.llama(false),
                    "--method full --precision bf16 --sequence-length 16 --optimizer adamw"
                        + " --optimizer-implementation foreach --torch "
                        + torch)
                .breakdown()
                .get(Category.TEMPORARIES))
        .isEqualTo(bytes);
  }

  /** Transformers' trainer_optimizer.py projects gradients of linears. */
  @ParameterizedTest
  @CsvSource({"apollo", "galore"})
  void a_stack_of_experts_is_projected_by_none(String optimizer) {
    long experts = 2 * 3L * 1024 * 512 * 2;
    long both = states(optimizer, 4) - states(optimizer, 2);

    assertThat(both).isBetween(2 * 2 * experts, 2 * 2 * experts + (1 << 20));
  }

  private static long states(String optimizer, int experts) {
    Map<String, Object> keys =
        Map.of("num_local_experts", experts, "num_experts_per_tok", 1, "intermediate_size", 512);
    String flags =
        "--method full --precision bf16 --model-dtype bf16 --sequence-length 16 --transformers"
            + " 5.24.0 --optimizer ";
    return Estimates.of(Estimates.model("mixtral", keys), flags + optimizer)
        .breakdown()
        .get(Category.OPTIMIZER);
  }

  /** Two more experts in gpt-oss: stacks, biases, and a router whose weight and bias are bare. */
  @ParameterizedTest
  @CsvSource({"apollo, 2", "muon, 1"})
  void parameters_of_experts_and_their_router_are_matrices_to_muon_alone(
      String optimizer, int moments) {
    long stacks = 2 * 3L * 1024 * 512;
    long matrices = 2 * (1024 + 1024) + 2 * 1024;
    long bytes = 2 * 2 * (2 * stacks + moments * matrices);
    String flags =
        "--method full --precision bf16 --model-dtype bf16 --sequence-length 16 --transformers"
            + " 5.24.0 --optimizer "
            + optimizer;

    assertThat(states("gpt_oss", expertKeys(4), flags) - states("gpt_oss", expertKeys(2), flags))
        .isBetween(bytes, bytes + 4096);
  }

  /** Kernels of a convolution have three dimensions, and are no linear. */
  @ParameterizedTest
  @CsvSource({"apollo", "galore", "muon"})
  void kernels_of_a_convolution_are_stepped_on_by_adamw(String optimizer) {
    String flags =
        "--method full --precision bf16 --model-dtype bf16 --sequence-length 16 --optimizer "
            + optimizer;
    Map<String, Object> usual = Map.of("intermediate_size", 2048, "conv_kernel", 4);
    Map<String, Object> wide = Map.of("intermediate_size", 2048, "conv_kernel", 8);

    assertThat(states("mamba", wide, flags) - states("mamba", usual, flags))
        .isEqualTo(2 * 2 * 2 * 4 * 2048);
  }

  private static Map<String, Object> expertKeys(int experts) {
    return Map.of("num_local_experts", experts, "num_experts_per_tok", 1, "intermediate_size", 512);
  }

  private static long states(String type, Map<String, Object> keys, String flags) {
    return Estimates.of(Estimates.model(type, keys), flags).breakdown().get(Category.OPTIMIZER);
  }

  /**
   * Adafactor's update of the head, which has four tensors as large in fp32, finds that of the
   * matrix before: the last experts' down projections, whose biases are with those that decay not.
   */
  @Test
  void adafactor_updates_biases_of_experts_with_all_biases() {
    Map<String, Object> keys =
        Map.of("num_local_experts", 2, "num_experts_per_tok", 1, "intermediate_size", 512);
    String flags =
        "--method full --precision bf16 --model-dtype bf16 --sequence-length 16"
            + " --optimizer adafactor";
    long elements = 4L * 8192 * 1024 + 2L * 512 * 1024;
    assertThat(
            Estimates.of(Estimates.model("gpt_oss", keys), flags)
                .breakdown()
                .get(Category.TEMPORARIES))
        .isEqualTo(elements * Float.BYTES);
  }

  /** torch/distributed/fsdp/_flat_param.py: what a rank has of a matrix has no rows to average. */
  @Test
  void adafactor_has_a_state_an_element_where_parameters_lie_flat() {
    String flags = "--optimizer adafactor --count 2 --strategy ";

    assertThat(states(flags + "fsdp1")).isGreaterThan(300 * states(flags + "ddp"));
  }

  /** FSDP1 of one rank, or of one that divides nothing, has matrices (NO_SHARD). */
  @ParameterizedTest
  @CsvSource({"--count 1", "--count 2 --shard 1 --replicate 2"})
  void optimizers_find_matrices_under_fsdp1_where_nothing_is_divided(String ranks) {
    for (String optimizer : new String[] {"adafactor", "galore"}) {
      String flags = "--optimizer " + optimizer + " " + ranks + " --strategy ";

      assertThat(states(flags + "fsdp1"))
          .isEqualTo(states("--optimizer " + optimizer + " --strategy none --count 1"));
    }
  }

  /** deepspeed/runtime/zero/linear.py makes it as it lies, so that the table's is added to it. */
  @Test
  void a_tied_head_keeps_one_gradient_under_zero_3() {
    String flags = "--method full --sequence-length 16 --count 2 --strategy zero3";
    long more =
        Estimates.of(Estimates.llama(true), flags).phasePeaks().get(Phase.BACKWARD_LAYERS)
            - Estimates.of(Estimates.llama(false), flags).phasePeaks().get(Phase.BACKWARD_LAYERS);

    assertThat(more).isLessThan(2 * 8192 * 1024L);
  }
}
