package dev.vramcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an answer says and takes that nobody asked for. */
class WithoutBeingAskedTest {

  private static final String MIXTRAL =
      "--model mixtral-8x7b --method full --framework transformers --transformers 5.24.0"
          + " --micro-batch 1 --grad-accum 1 ";

  private static CliRun estimate(String options) {
    List<String> args = new ArrayList<>(List.of("estimate", "--offline"));
    args.addAll(List.of(options.split(" +")));
    return CliRun.of(args);
  }

  @ParameterizedTest
  @ValueSource(strings = {"t4", "l4", "t4 --method qlora", "t4 --method full"})
  void a_model_that_writes_a_text_after_another_needs_no_more_than_its_name(String card) {
    CliRun run = estimate("--model flan-t5-base --gpu " + card);

    assertThat(run.code()).isZero();
    assertThat(run.err()).contains("--completion-length is missing: the model is taken to write");
  }

  @Test
  void a_length_that_is_given_is_taken_and_pytorch_has_none() {
    CliRun given = estimate("--model flan-t5-base --gpu l4 --completion-length 64");
    assertThat(given.err()).doesNotContain("completion-length");

    CliRun bare = estimate("--model flan-t5-base --gpu l4 --profile bare");
    assertThat(bare.code()).isEqualTo(2);
    assertThat(bare.err()).contains("allowed: 1 or more, such as 128 for a summary");
  }

  @ParameterizedTest
  @CsvSource({"16, 2, fsdp2", "64, 8, fsdp2"})
  void more_gpus_than_experts_under_fsdp2_are_warned_of(int gpus, int nodes, String strategy) {
    CliRun run =
        estimate(MIXTRAL + "--gpu h200:" + gpus + " --nodes " + nodes + " --strategy " + strategy);

    assertThat(run.err())
        .contains("fsdp2 divides the 8 experts of a layer among " + gpus + " GPUs with padding");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--gpu h200:8 --strategy fsdp2",
        "--gpu h200:64 --nodes 8 --strategy fsdp2 --shard 8 --replicate 8",
        "--gpu h200:16 --nodes 2 --strategy zero3"
      })
  void those_that_divide_experts_evenly_or_flat_are_not(String spread) {
    assertThat(estimate(MIXTRAL + spread).err()).doesNotContain("experts of a layer");
  }
}
