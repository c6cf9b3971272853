package dev.vramcast.core.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.run.Estimates;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpertHostTest {

  private static final String LORA =
      "--framework llama-factory --transformers 5.6.0 --rank 8 --sequence-length 64"
          + " --micro-batch 1";

  private static final String KEPT = LORA + " --offload experts";

  /** Of two layers with 8 experts of 3 x 512 x 1024. */
  private static final Architecture MODEL =
      Estimates.model(
          "qwen3_moe",
          Map.of(
              "num_experts", 8,
              "num_experts_per_tok", 2,
              "moe_intermediate_size", 512,
              "head_dim", 64,
              "hidden_act", "silu"));

  /**
   * By kt-kernel's sizes: of each layer weights 25,165,824, adapters with gradients and states
   * 2,359,296, turned round 262,144 and packed 4,718,592; once 3,346,944 forward, 1,581,056 cached,
   * 7,107,584 backward, 25,165,824 for the weights of one layer turned round, 5,234,688 of the
   * kernels' own and 526,336 to copy through.
   */
  @Test
  void experts_of_the_host_take_what_its_kernels_allocate() {
    assertThat(ExpertHost.bytes(MODEL, Estimates.job(KEPT)))
        .isEqualTo(
            2L * (25_165_824 + 2_359_296 + 262_144 + 4_718_592)
                + 3_346_944
                + 1_581_056
                + 7_107_584
                + 25_165_824
                + 5_234_688
                + 526_336);
    assertThat(ExpertHost.bytes(MODEL, Estimates.job(LORA))).isZero();
  }

  @Test
  void what_no_machine_holds_does_not_fit() {
    MachineNeeds few = needs(MODEL);
    MachineNeeds many =
        needs(
            Estimates.model(
                "qwen3_moe",
                Map.of(
                    "num_experts", 65_536,
                    "num_experts_per_tok", 2,
                    "moe_intermediate_size", 8192,
                    "head_dim", 64,
                    "hidden_act", "silu")));

    assertThat(few.host().orElseThrow().hostBytes())
        .isGreaterThan(ExpertHost.bytes(MODEL, Estimates.job(KEPT)));
    assertThat(few.shortage()).isEmpty();
    assertThat(many.shortage().orElseThrow().resource()).isEqualTo(Life.Resource.HOST);
    assertThat(many.shortage().orElseThrow().availableBytes()).isEqualTo(MachineNeeds.LARGEST_HOST);
  }

  private static MachineNeeds needs(Architecture model) {
    Resolution resolution = JobResolver.resolve(Jobs.with(JobDocument.empty(), KEPT));
    return MachineNeeds.of(model, resolution, Estimates.whole(model, KEPT), 24L << 30);
  }

  @Test
  void weights_in_int8_take_half_with_a_scale_a_row() {
    long wide = ExpertHost.bytes(MODEL, Estimates.job(KEPT));
    long narrow = ExpertHost.bytes(MODEL, Estimates.job(LORA + " --offload experts-int8"));
    long weights = 3 * 25_165_824L;
    long scales = 3 * 8 * 4 * (2 * 512 + 1024L);

    assertThat(wide - narrow).isCloseTo(weights / 2 - scales, within(3_000_000L));
  }

  @Test
  void the_gpu_has_none_of_their_weights() {
    long own = Estimates.of(MODEL, LORA).allocatedBytes();
    long others = Estimates.of(MODEL, KEPT).allocatedBytes();

    assertThat(own - others).isEqualTo(2 * 25_165_824L);
  }

  @ParameterizedTest
  @CsvSource({
    "--framework trl, code has of them",
    "--method dora, with method dora",
    "--count 2 --strategy ddp, on more than one GPU",
    "--optimizer sgd, with an optimizer other than adamw",
    "'--method qlora --quantization nf4', of a quantised model",
  })
  void what_is_not_described_of_them_is_said(String flags, String gap) {
    assertThatThrownBy(() -> Estimates.of(MODEL, KEPT + " " + flags))
        .hasMessageContaining("parallelism.offload experts")
        .hasMessageContaining(gap)
        .hasMessageContaining("not modelled");
  }

  @Test
  void what_has_no_experts_or_no_room_is_refused() {
    assertThatThrownBy(() -> Estimates.of(Estimates.llama(false), KEPT))
        .hasMessageContaining("but the llama model has no experts");
    assertThatThrownBy(() -> Estimates.of(MODEL, KEPT + " --micro-batch 2"))
        .hasMessage(
            "batch.micro_batch is 2, but parallelism.offload is experts, which has room for one"
                + " sequence, allowed: 1");
  }
}
