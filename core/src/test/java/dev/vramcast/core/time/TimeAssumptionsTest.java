package dev.vramcast.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.Remark;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimeAssumptionsTest {

  private static final Architecture MIXTRAL =
      Times.model("mixtral", Map.of("num_local_experts", 8, "num_experts_per_tok", 2));

  private static final Gpu A100 = Times.card("A100", "8.0", 312, 2039, "NVLink3 + NVSwitch");

  @Test
  void one_gpu_that_is_known_only_assumes_its_software_and_data() {
    assertThat(sentences(A100, "--method lora"))
        .containsExactly(
            "Speed is that of PyTorch modules launched one by one from Python.",
            "Data is taken to be read and tokenised as fast as it is trained on, and the first"
                + " step's warm-up is left out.");
  }

  @Test
  void devices_without_runs_and_fp32_are_said() {
    assertThat(sentences(Times.card(), "--method lora --precision fp32"))
        .contains(
            "No runs on such a GPU are known; it is taken to reach 0.7 of its peak.",
            "Products in fp32 run as TF32, at half of the bf16 rate.");
  }

  @Test
  void links_are_said_with_their_speed() {
    Gpu desktop = Times.desktop("8.9", 165, 1008);

    assertThat(sentences(A100, "--method full --count 16 --strategy fsdp2"))
        .contains(
            "Between GPUs of one machine, 41.0 GB a second are reached in each direction.",
            "2 machines of up to 8 GPUs reach 23 GB a second for each GPU between them, as over"
                + " InfiniBand.");
    assertThat(sentences(desktop, "--method lora --count 2"))
        .contains(
            "Between GPUs of one machine, 3.0 GB a second are reached in each direction.",
            "GPUs reach each other through the host's memory, as such cards do under NCCL, and"
                + " nothing hides these copies.");
  }

  @Test
  void idle_pipelines_padding_and_offloading_are_said() {
    String pipeline =
        "--framework megatron --strategy megatron --count 4 --pipeline 4 --grad-accum 6";

    assertThat(sentences(A100, pipeline))
        .contains(
            "Pipeline stages wait 50 % of their busy time for the first and the last"
                + " micro-batch.");
    assertThat(sentences(A100, "--method full --padding padded --offload optimizer"))
        .contains(
            "Padding is counted as tokens: it takes as long as they do.",
            "The GPU waits while the CPU updates what is offloaded.");
  }

  @Test
  void experts_are_said_with_what_they_lose() {
    assertThat(sentences(MIXTRAL, A100, ""))
        .contains(
            "Routing and uneven experts cost 0.5 times what dense products of their active"
                + " part take.");
    assertThat(sentences(MIXTRAL, A100, "--transformers 4.57.0"))
        .contains("Experts run one by one, which took runs of that kind 9 to 190 times as long.");
  }

  @Test
  void a_router_that_is_said_to_be_uneven_is_said_not_to_be_in_the_time() {
    String flags = "--method full --count 8 --strategy fsdp2 --framework torchtitan --expert ";
    String said = "Time is that of tokens spread evenly over the GPUs' experts";

    assertThat(sentences(MIXTRAL, A100, flags + "8 --expert-imbalance 2"))
        .anySatisfy(sentence -> assertThat(sentence).startsWith(said));
    assertThat(sentences(MIXTRAL, A100, flags + "8"))
        .noneSatisfy(sentence -> assertThat(sentence).startsWith(said));
  }

  private static List<String> sentences(Gpu card, String flags) {
    return sentences(Times.llama(), card, flags);
  }

  private static List<String> sentences(Architecture model, Gpu card, String flags) {
    return Remark.sentences(Times.estimate(model, card, flags).assumptions());
  }
}
