package dev.vramcast.core.job.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.job.resolve.Resolution;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a framework's release, a library's version or a month decides. */
class FrameworkVersionsTest {

  private static String resolved(String flags, String path) {
    Resolution resolution = JobResolver.resolve(Jobs.of(flags));
    return resolution.value(JobKey.ofPath(path).orElseThrow()).orElseThrow().text();
  }

  @ParameterizedTest
  @CsvSource({
    "--framework trl --framework-version 1.6, full, full",
    "--framework trl --framework-version 0.21, none, full",
    "--framework trl --framework-version 23e00ed, full, chunked",
    "--framework trl --transformers 4.45.2, none, full",
    "--framework litgpt --count 2, full, chunked",
  })
  void older_versions_keep_their_own_defaults(String flags, String checkpointing, String loss) {
    assertThat(resolved("--sequence-length 9 " + flags, "checkpointing")).isEqualTo(checkpointing);
    assertThat(resolved("--sequence-length 9 " + flags, "loss")).isEqualTo(loss);
  }

  @ParameterizedTest
  @CsvSource({
    "--framework trl --date 2025-10, 2.9, 4.57, 0.17, 0.48",
    "--framework trl --date 2025-10 --transformers 4.50, 2.9, 4.50, 0.17, 0.48",
    "--framework trl --transformers 4.50, 2.6, 4.50, 0.20, 0.50",
    "--framework transformers --date 2021-01, 1.13, 4.22, 0.1, 0.34",
    "--framework torchtitan --date 2024-10, 2.6, 5.7, 0.13, 0.44",
    "--framework trl --framework-version 0.25, 2.9, 4.57, 0.18, 0.48",
    "--framework trl --framework-version 0.25 --date 2026-02, 2.10, 5.2, 0.18, 0.49",
    "--framework unsloth --framework-version 2024.9, 2.4, 4.45, 0.13, 0.44",
    "--framework unsloth --framework-version 2024.5.1 --transformers 4.44, 2.4, 4.44, 0.11, 0.43",
    "--framework surogate --framework-version 1.0, 2.13, 5.7, 0.20, 0.50",
  })
  void a_month_or_a_release_of_the_framework_gives_the_versions_that_are_left_out(
      String flags, String torch, String transformers, String peft, String bitsandbytes) {
    String job = "--sequence-length 9 " + flags;
    assertThat(
            Stream.of("torch", "transformers", "peft", "bitsandbytes")
                .map(library -> resolved(job, "framework." + library)))
        .containsExactly(torch, transformers, peft, bitsandbytes);
  }

  @ParameterizedTest
  @CsvSource({
    "transformers --accelerate 1.12, fp32",
    "transformers --accelerate 1.13, bf16",
    "transformers --date 2026-02, fp32",
    "transformers --date 2026-03, bf16",
    "transformers, bf16",
    "trl --framework-version 0.26 --accelerate 1.12, fp32",
    "axolotl --accelerate 1.12, bf16",
    "llama-factory, fp32",
  })
  void accelerate_widened_frozen_weights_under_fsdp2_once(String framework, String dtype) {
    String job =
        "--sequence-length 9 --method lora --count 2 --strategy fsdp2 --precision bf16-mixed"
            + " --framework ";
    assertThat(resolved(job + framework, "model.dtype")).isEqualTo(dtype);
  }

  /** Sharded 4-bit weights are not on the GPU yet when the trainer would prepare them. */
  @ParameterizedTest
  @CsvSource({
    "0.7 --count 2 --strategy fsdp1, true",
    "0.12 --count 2 --strategy fsdp1, false",
    "0.12 --count 2 --strategy zero3, false",
    "0.12 --count 2 --strategy ddp, true",
    "0.27 --count 2 --strategy ddp, false",
  })
  void trl_prepares_no_sharded_base(String flags, String prepares) {
    String job = "--framework trl --method qlora --framework-version " + flags;
    assertThat(resolved(job, "lora.kbit_prepare")).isEqualTo(prepares);
  }

  @ParameterizedTest
  @CsvSource({"2024-06, triton", "2024-12, cce", "2025-08, chunked", "2026-11, chunked"})
  void unsloth_had_a_loss_of_its_own_in_each_year(String month, String loss) {
    assertThat(resolved("--framework unsloth --date " + month, "loss")).isEqualTo(loss);
  }

  @ParameterizedTest
  @CsvSource({
    "--date 2025-07, none, full, true",
    "--date 2025-11, full, full, true",
    "--date 2026-06, full, chunked, false",
    "--date 2026-06 --framework-version 0.24, full, full, true",
    "--date 2022-01, none, full, true",
  })
  void a_month_says_which_version_of_the_framework_ran(
      String flags, String checkpointing, String loss, String prepares) {
    String job = "--sequence-length 9 --framework trl --method qlora " + flags;
    assertThat(
            Stream.of("checkpointing", "loss", "lora.kbit_prepare").map(key -> resolved(job, key)))
        .containsExactly(checkpointing, loss, prepares);
  }

  @ParameterizedTest
  @CsvSource({
    "--framework-version 0.4, full, false",
    "--framework-version 0.5, full, true",
    "--framework-version 0.8, chunked, true",
    "--torch 2.9, full, false",
    "--stage grpo --framework-version 0.4, full, true",
  })
  void prime_rl_grew_segments_in_supervised_runs_since_0_5_and_tiles_the_loss_since_0_8(
      String flags, String loss, String grows) {
    String job = "--framework prime-rl " + flags;
    assertThat(Stream.of("loss", "allocator.expandable_segments").map(key -> resolved(job, key)))
        .containsExactly(loss, grows);
  }

  @ParameterizedTest
  @CsvSource({"0.20, bf16, fp32", "0.11, bf16, bf16", "0.11, fp16, fp16"})
  void peft_casts_adapters_since_0_12(String peft, String weights, String adapters) {
    String flags = "--sequence-length 9 --framework peft --peft " + peft;
    assertThat(resolved(flags + " --model-dtype " + weights, "lora.dtype")).isEqualTo(adapters);
  }
}
