package dev.vramcast.core.life;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.job.option.SavedState;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.life.Life.DiskShare;
import dev.vramcast.core.life.Life.EpisodeNeed;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.MemoryEstimator;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What it takes to put ranks' shards together, by whose program does it. */
class ConsolidationTest {

  private static final String SHARDS =
      "--method full --count 4 --saved-state sharded --consolidate true ";

  private final Architecture model =
      Estimates.model(
          "llama", Map.of("hidden_size", 1024, "intermediate_size", 2816, "vocab_size", 8192));
  private final long parameters = Tensors.count(model);

  @ParameterizedTest
  @CsvSource({
    "--framework trl --strategy fsdp2 --model-dtype fp32, 4, 4",
    "--framework trl --strategy fsdp2 --model-dtype bf16 --precision bf16, 2, 2",
    "--framework axolotl --strategy fsdp2 --model-dtype fp32, 4, 2",
    "--framework verl-sft --strategy fsdp1 --model-dtype fp32, 5, 2",
    "--framework trl --strategy zero3 --model-dtype bf16 --precision bf16, 4, 4",
    "--framework trl --strategy zero2 --model-dtype bf16 --precision bf16, 4, 4",
    "--framework trl --strategy zero2 --model-dtype bf16 --precision bf16"
        + " --deepspeed-version 0.15.4, 12, 4",
    "--framework trl --strategy zero3 --model-dtype bf16 --precision bf16"
        + " --deepspeed-version 0.15.4, 8, 4"
  })
  void the_host_and_the_disk_hold_so_many_bytes_of_every_parameter(
      String flags, int host, int disk) {
    Life life = life(SHARDS + flags);
    EpisodeNeed need = consolidate(life).orElseThrow();
    long largest = 8192L * 1024 * 4;

    assertThat(need.gpuBytes()).isZero();
    assertThat(need.hostBytes() - HostMemory.LIBRARIES)
        .isBetween(host * parameters, host * parameters + largest);
    assertThat(written(life)).isBetween(disk * parameters, disk * parameters + 100_000);
  }

  @Test
  void shards_stay_as_they_are_where_nobody_asks_which_is_said() {
    Life life =
        life("--method full --count 4 --saved-state sharded --framework trl --strategy fsdp2");

    assertThat(consolidate(life)).isEmpty();
    assertThat(written(life)).isZero();
    assertThat(life.assumptions())
        .anyMatch(remark -> remark.sentence().startsWith("The shards of its last weights"));
  }

  @Test
  void weights_that_are_whole_need_no_program() {
    Resolution resolution =
        Jobs.resolve(
            "--method full --count 4 --framework trl --strategy fsdp2 --saved-state full"
                + " --consolidate true");

    assertThat(resolution.job().saving().consolidator()).isEmpty();
    assertThat(resolution.warnings()).anyMatch(each -> each.toString().contains("is ignored"));
  }

  @Test
  void what_zero_to_fp32_needs_is_left_out_by_save_only_model_which_is_said() {
    Resolution resolution =
        Jobs.resolve(
            "--method full --count 4 --framework trl --strategy zero3 --consolidate true"
                + " --save-only-model true");

    assertThat(resolution.job().saving().consolidator()).isEmpty();
    assertThat(resolution.warnings())
        .anyMatch(each -> each.toString().endsWith("is ignored: saving.only_model is true"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deepspeed",
        "prime-rl",
        "openrlhf",
        "open-instruct",
        "colossalai",
        "pytorch",
        "unsloth",
        "llama-recipes",
        "fsdp_qlora",
        "lightning"
      })
  void a_program_that_nobody_has_described_is_not_modelled(String framework) {
    String job =
        "--method full --count 4 --sequence-length 512 --saved-state sharded --strategy fsdp2"
            + " --framework "
            + framework;

    assertThat(Jobs.resolve(job + " --consolidate true").job().notModelled())
        .anyMatch(gap -> gap.toString().startsWith("saving.consolidate true"));
    assertThat(life(job).assumptions())
        .anyMatch(
            remark ->
                remark.sentence().startsWith("The shards of its last weights")
                    && remark.sentence().endsWith("is not modelled."));
  }

  @ParameterizedTest
  @CsvSource({
    "--framework transformers --strategy fsdp2, accelerate merge-weights",
    "--framework llama-factory --strategy fsdp1, accelerate merge-weights",
    "--framework ms-swift --strategy fsdp2, accelerate merge-weights",
    "--framework axolotl --strategy fsdp2, axolotl merge-sharded-fsdp-weights",
    "--framework axolotl --strategy zero3, zero_to_fp32.py",
    "--framework verl-sft --strategy fsdp2, verl.model_merger",
    "--framework openrlhf --strategy zero2, zero_to_fp32.py"
  })
  void the_program_that_is_counted_is_said(String flags, String program) {
    assertThat(life(SHARDS + "--sequence-length 512 " + flags).assumptions())
        .anyMatch(
            remark ->
                remark
                    .sentence()
                    .equals("Shards are put together by " + program + " when training is over."));
  }

  @ParameterizedTest
  @CsvSource({"verl-sft, fsdp1", "verl-sft, fsdp2", "easyr1, fsdp2", "nemo-rl, fsdp2"})
  void what_torchs_checkpoints_hold_is_in_shards_under_either_fsdp(String name, String strategy) {
    Resolution resolution =
        Jobs.resolve(
            "--method full --count 4 --framework "
                + name
                + " --strategy "
                + strategy
                + " --stage sft --sequence-length 512");

    assertThat(resolution.job().saving().state()).isEqualTo(SavedState.SHARDED);
  }

  private static Optional<EpisodeNeed> consolidate(Life life) {
    return life.episodes().stream().filter(each -> each.name().equals("consolidate")).findFirst();
  }

  private static long written(Life life) {
    return life.disk().stream()
        .filter(share -> share.what().equals("consolidated weights"))
        .mapToLong(DiskShare::bytes)
        .sum();
  }

  private Life life(String flags) {
    Resolution resolution = Jobs.resolve(flags);
    return LifeEstimator.estimate(
        model, resolution, MemoryEstimator.estimate(model, resolution.job(), Optional.empty()));
  }
}
