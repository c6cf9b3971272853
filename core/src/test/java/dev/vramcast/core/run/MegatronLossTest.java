package dev.vramcast.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.core.trace.Phase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MegatronLossTest {

  /** Of 512 tokens and a vocabulary of 8192. */
  private static final long LOGITS = 512 * 8192 * 4L;

  /** The loss of each token, which comes when one of both is gone. */
  private static final long LOSSES = 512 * 4L;

  private static long head(String more) {
    return head("megatron", more, Phase.FORWARD_HEAD);
  }

  private static long head(String framework, String more, Phase phase) {
    String flags = "--framework " + framework + " --strategy megatron --method full " + more;
    return Estimates.of(Estimates.llama(false), flags.strip()).phasePeaks().get(phase);
  }

  @Test
  void before_0_8_the_logits_are_there_in_fp32_beside_their_softmax() {
    assertThat(head("--framework-version 0.7") - head("--framework-version 0.8"))
        .isCloseTo(LOGITS, within(LOSSES));
  }

  /** In the backward pass without it, what the head's product needs afterwards is highest. */
  @Test
  void a_compiled_loss_makes_anew_in_both_passes_what_it_changes_in_place() {
    assertThat(compiled("", Phase.FORWARD_HEAD)).isCloseTo(LOGITS, within(LOSSES));
    assertThat(compiled("", Phase.BACKWARD_HEAD)).isCloseTo(LOGITS, within(LOGITS / 10));
    assertThat(compiled("--loss triton", Phase.FORWARD_HEAD)).isZero();
  }

  /** 1.711 GiB where it is 1.330 without, in Megatron-LM's functional tests on an H100. */
  @Test
  void megatron_compiles_its_loss_where_a_job_asks_for_it() {
    assertThat(head("--compile true") - head("")).isCloseTo(LOGITS, within(LOSSES));
    assertThat(head("--compile true --loss triton")).isEqualTo(head("--loss triton"));
  }

  private static long compiled(String more, Phase phase) {
    return head("megatron-swift", more, phase) - head("megatron", more, phase);
  }

  @ParameterizedTest
  @CsvSource({"3.12.0, full", "4.0.3, triton", "4.3.0, triton", "4.4.0, full", "4.6.0, full"})
  void ms_swift_changes_logits_in_place_from_4_0_to_4_3(String version, String loss) {
    String release = "--framework-version " + version + " ";

    assertThat(head("megatron-swift", release, Phase.FORWARD_HEAD))
        .isEqualTo(head("megatron-swift", release + "--loss " + loss, Phase.FORWARD_HEAD));
  }

  @Test
  void a_version_that_nobody_states_is_the_newest() {
    assertThat(head("")).isEqualTo(head("--framework-version 0.16"));
  }
}
