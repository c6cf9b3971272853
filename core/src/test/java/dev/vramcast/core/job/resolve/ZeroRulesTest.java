package dev.vramcast.core.job.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.SpreadCode.LoadPlace;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.units.DataType;
import org.junit.jupiter.api.Test;

class ZeroRulesTest {

  private static ResolvedJob job(String flags) {
    return Jobs.resolve("--sequence-length 512 " + flags).job();
  }

  @Test
  void deepspeed_casts_the_model_and_its_adapters_and_needs_no_autocast() {
    ResolvedJob job =
        job(
            "--strategy zero2 --method lora --precision bf16-mixed"
                + " --model-dtype fp32 --lora-dtype fp32");

    assertThat(job.precision()).isEqualTo(Precision.BF16);
    assertThat(job.autocast()).isFalse();
    assertThat(job.weightDtype()).isEqualTo(DataType.BF16);
    assertThat(job.adapter().orElseThrow().dtype()).isEqualTo(DataType.BF16);
  }

  @Test
  void what_kbit_preparation_made_fp32_is_cast_back() {
    ResolvedJob job = job("--strategy zero3 --method qlora --precision bf16 --kbit-prepare true");

    assertThat(job.adapter().orElseThrow().kbitPrepare()).isFalse();
  }

  @Test
  void one_rank_alone_loads_no_model_that_every_rank_makes_whole() {
    String flags = "--strategy zero3 --count 4 --method full --first-rank-loads true";

    assertThatThrownBy(() -> job(flags + " --zero-init false"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "--first-rank-loads: parallelism.first_rank_loads is true, but under zero3 every rank"
                + " loads a model of its own where parallelism.zero_init is false, allowed: false,"
                + " or parallelism.zero_init true");
    assertThat(job(flags).loadPlace()).isEqualTo(LoadPlace.FIRST_RANK);
    assertThat(job(flags.replace("true", "false --zero-init false")).loadPlace())
        .isEqualTo(LoadPlace.HOST);
  }

  @Test
  void fp32_stays_fp32() {
    ResolvedJob job = job("--strategy zero3 --method lora --precision fp32 --model-dtype fp32");

    assertThat(job.precision()).isEqualTo(Precision.FP32);
    assertThat(job.weightDtype()).isEqualTo(DataType.FP32);
  }

  @Test
  void other_strategies_leave_mixed_precision_to_autocast() {
    ResolvedJob job = job("--strategy ddp --count 2 --method lora --precision bf16-mixed");

    assertThat(job.autocast()).isTrue();
    assertThat(job.adapter().orElseThrow().dtype()).isEqualTo(DataType.FP32);
  }
}
