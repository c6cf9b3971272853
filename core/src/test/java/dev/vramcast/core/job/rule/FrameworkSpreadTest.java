package dev.vramcast.core.job.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Jobs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What frameworks do on several GPUs where nobody says. */
class FrameworkSpreadTest {

  private static String resolved(String flags, String path) {
    return JobResolver.resolve(Jobs.of(flags))
        .value(JobKey.ofPath(path).orElseThrow())
        .orElseThrow()
        .text();
  }

  /** Columns: framework and stage, then strategy, dtype of the weights, precision, engine. */
  @ParameterizedTest
  @CsvSource({
    "trl --stage sft, zero3, bf16, bf16, none",
    "trl --stage grpo, zero3, bf16, bf16, vllm-colocate",
    "unsloth --stage sft, ddp, bf16, bf16-mixed, none",
    "verl --stage grpo, fsdp1, fp32, bf16-mixed, vllm-colocate",
    "nemo-rl --stage grpo, fsdp2, fp32, bf16-mixed, vllm-colocate",
    "openrlhf --stage grpo, zero3, bf16, bf16, vllm-server",
    "prime-rl --stage sft, fsdp2, fp32, bf16-mixed, none",
  })
  void most_people_leave_to_a_framework_what_it_alone_does(
      String framework, String strategy, String dtype, String precision, String engine) {
    String flags = " --sequence-length 9 --method full --profile recommended --count 8";
    ResolvedJob job = JobResolver.resolve(Jobs.of("--framework " + framework + flags)).job();
    assertThat(job.parallelism().strategy().label()).isEqualTo(strategy);
    assertThat(job.weightDtype().label()).isEqualTo(dtype);
    assertThat(job.precision().label()).isEqualTo(precision);
    assertThat(job.objective().generated().map(each -> each.engine().label()).orElse("none"))
        .isEqualTo(engine);
  }

  @Test
  void accelerate_shards_fp32_parameters_under_fsdp_with_autocast() {
    String flags = "--framework transformers --sequence-length 9 --method full --strategy fsdp2";
    assertThat(resolved(flags + " --precision bf16-mixed", "model.dtype")).isEqualTo("fp32");
    assertThat(resolved(flags + " --precision bf16", "model.dtype")).isEqualTo("bf16");
  }

  /** Adapters over a bf16 base are fp32, and so are their gradients. */
  @ParameterizedTest
  @CsvSource({
    "full, bf16-mixed, bf16",
    "full, bf16, bf16",
    "lora, bf16-mixed, bf16",
    "lora, bf16, fp32",
    "lora, fp32, fp32",
  })
  void without_mixed_precision_gradients_are_reduced_in_their_own_dtype(
      String method, String precision, String dtype) {
    String flags =
        "--framework transformers --sequence-length 9 --strategy fsdp2 --model-dtype bf16";
    assertThat(
            resolved(
                flags + " --method " + method + " --precision " + precision,
                "parallelism.reduce_dtype"))
        .isEqualTo(dtype);
  }

  @ParameterizedTest
  @CsvSource({
    "transformers, split",
    "torchtitan, split",
    "torchtune, plain_raf",
    "litgpt, plain",
  })
  void the_root_group_is_the_wrappers(String framework, String group) {
    String flags = "--sequence-length 9 --count 2 --framework " + framework;
    assertThat(resolved(flags, "parallelism.root_group")).isEqualTo(group);
  }

  @Test
  void torchtitan_had_one_root_group_until_0_2() {
    String flags = "--sequence-length 9 --count 2 --framework torchtitan --torch ";
    assertThat(resolved(flags + "2.8.0", "parallelism.root_group")).isEqualTo("plain_raf");
    assertThat(resolved(flags + "2.9.0", "parallelism.root_group")).isEqualTo("split");
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 16", "2, 4, 2", "3, 1, 6", "8, 8, 1"})
  void ms_swift_accumulates_to_sixteen_sequences(int microBatch, int gpus, String accumulation) {
    String flags = "--sequence-length 9 --framework ms-swift --micro-batch " + microBatch;
    assertThat(resolved(flags + " --count " + gpus, "batch.grad_accum")).isEqualTo(accumulation);
  }
}
