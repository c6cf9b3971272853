package dev.vramcast.core.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.TraceReading;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Peaks on one of several ranks against the real sharding code of PyTorch 2.13 around Transformers
 * and PEFT, on fake tensors and a fake process group, which counted every live storage: a Llama of
 * four layers and hidden size 1024, two sequences of 64 tokens, so that parameters outweigh
 * activations. Columns are flags, forward, backward and optimizer step.
 */
class TracedShardsTest {

  private static final String FULL = " --method full --precision bf16 --sequence-length 64 ";
  private static final String LORA =
      " --method lora --rank 16 --targets all-linear --precision bf16 --lora-dtype bf16"
          + " --sequence-length 64 ";
  private static final String FSDP1 = " --strategy fsdp1 --reduce-dtype fp32 ";
  private static final String FSDP2 = " --strategy fsdp2 --root-group plain --reduce-dtype fp32 ";

  /** Percent: FSDP1 has optimizer states for those parameters alone that a slice touches. */
  private static final double TOLERANCE = 0.05;

  /** Counters of random numbers, and buffers of rotary frequencies. */
  private static final long FEW_BYTES = 2048;

  private static void assertPeaks(String flags, boolean tied, long[] traced) {
    Architecture llama = Steps.model("llama", Map.of("tie_word_embeddings", tied));
    TraceReading reading = Steps.read(llama, flags);

    Map<Phase, Long> peaks = reading.phasePeaks();
    assertThat(larger(peaks, Phase.FORWARD_LAYERS, Phase.FORWARD_HEAD))
        .as("forward")
        .isCloseTo(traced[0], withinPercentage(TOLERANCE));
    assertThat(larger(peaks, Phase.BACKWARD_HEAD, Phase.BACKWARD_LAYERS))
        .as("backward")
        .isCloseTo(traced[1], withinPercentage(TOLERANCE));
    assertThat(peaks.get(Phase.STEP))
        .as("step")
        .isCloseTo(traced[2], within(Math.max(FEW_BYTES, traced[2] / 1000)));
  }

  private static long larger(Map<Phase, Long> peaks, Phase one, Phase other) {
    return Math.max(peaks.get(one), peaks.get(other));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "--count 8 --reduce-dtype fp32, 165116928, 227049984, 61906944",
    "--count 8 --reduce-dtype bf16, 165116928, 204501504, 61906944",
    "--count 2 --reduce-dtype fp32, 304329216, 380346880, 247525376",
    "--count 8 --reduce-dtype fp32 --reshard-after-forward false, 232762368, 249598464, 61906944",
    "--count 8 --reduce-dtype fp32 --grad-accum 4, 412617728, 432280576, 61906944",
    "--count 8 --reduce-dtype bf16 --grad-accum 4, 288867328, 278190080, 61906944",
    "--count 8 --root-group split, 131560448, 178811904, 61906944",
    "--count 8 --root-group plain_raf, 165116928, 227049984, 61906944",
  })
  void fsdp2_trains_all_weights_as_it_was_traced(
      String flags, long forward, long backward, long step) {
    assertPeaks(FULL + FSDP2 + flags, false, new long[] {forward, backward, step});
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "--checkpointing-reentrant false, 158926848, 219102720, 61906944",
    "--checkpointing-reentrant true, 158943744, 219627008, 61923840",
  })
  void fsdp2_gathers_again_for_checkpointed_layers(
      String flags, long forward, long backward, long step) {
    String checkpointing = " --count 8 --checkpointing full ";
    assertPeaks(FULL + FSDP2 + checkpointing + flags, false, new long[] {forward, backward, step});
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"true, 142047744, 203980800, 53517824"})
  void fsdp2_gathers_tied_embeddings_once(boolean tied, long forward, long backward, long step) {
    assertPeaks(FULL + FSDP2 + "--count 8", tied, new long[] {forward, backward, step});
  }

  /**
   * Counted around Transformers' Trainer 5.24, accelerate 1.15 and PyTorch 2.15, which releases the
   * buffer of an all-gather earlier in the forward pass than 2.13. Columns are flags, the peaks of
   * the backward pass through the head and through the layers.
   */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "full --model-dtype bf16, 122264064, 181436928",
    "full --model-dtype bf16 --reshard-after-forward false, 189909504, 206813184",
    "lora --rank 16 --targets all-linear --lora-dtype bf16, 77170688, 99239424",
  })
  void accelerate_gathers_tied_embeddings_with_the_head_and_before_the_layers(
      String method, long head, long layers) {
    String flags =
        " --framework transformers --precision bf16 --sequence-length 64 --strategy fsdp2"
            + " --count 8 --padding packed --optimizer-implementation fused --method "
            + method;

    Map<Phase, Long> peaks =
        Steps.read(Steps.model("llama", Map.of("tie_word_embeddings", true)), flags).phasePeaks();

    assertThat(peaks.get(Phase.BACKWARD_HEAD)).isCloseTo(head, withinPercentage(TOLERANCE));
    assertThat(peaks.get(Phase.BACKWARD_LAYERS)).isCloseTo(layers, withinPercentage(TOLERANCE));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"fp32, 211516416, 276268032, 123774976"})
  void fsdp2_casts_shards_before_it_gathers_them(
      String dtype, long forward, long backward, long step) {
    String flags = "--count 8 --param-dtype bf16 --model-dtype " + dtype;
    assertPeaks(FULL + FSDP2 + flags, false, new long[] {forward, backward, step});
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "--reduce-dtype fp32, 211516416, 298808320, 123774976",
    "--model-dtype fp32 --param-dtype bf16 --reduce-dtype bf16, 304329216, 369072640, 247525376",
  })
  void replicas_of_shards_keep_what_they_reduce_until_the_backward_pass_ends(
      String flags, long forward, long backward, long step) {
    String degrees = "--count 8 --shard 4 --replicate 2 ";
    assertPeaks(FULL + FSDP2 + degrees + flags, false, new long[] {forward, backward, step});
  }

  @ParameterizedTest(name = "{0} ranks")
  @CsvSource({"3, 242696192, 311250944, 165210112"})
  void fsdp2_pads_what_does_not_divide_evenly(int ranks, long forward, long backward, long step) {
    assertPeaks(FULL + FSDP2 + "--count " + ranks, false, new long[] {forward, backward, step});
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"freeze, 139252224, 177189888, 32400384"})
  void fsdp2_reduces_gradients_of_trained_layers_alone(
      String method, long forward, long backward, long step) {
    String flags = " --method " + method + " --precision bf16 --sequence-length 64 --count 8";
    assertPeaks(FSDP2 + flags, false, new long[] {forward, backward, step});
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "--count 8, 134789120, 118107136, 16667648",
    "--count 7, 137902080, 121048064, 19334144",
    "--count 8 --root-group split, 101232640, 84550656, 16667648",
    "--count 8 --grad-accum 4, 139442176, 122760192, 16667648",
    "--count 8 --checkpointing full --checkpointing-reentrant false,"
        + " 130028544, 105205760, 16667136",
  })
  void fsdp2_trains_adapters_as_it_was_traced(
      String flags, long forward, long backward, long step) {
    assertPeaks(LORA + FSDP2 + flags, false, new long[] {forward, backward, step});
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "--count 8, 126432256, 212618752, 61887488",
    "--count 8 --grad-accum 4, 250182656, 336369152, 61887488",
    "--count 8 --checkpointing full --checkpointing-reentrant false,"
        + " 106275840, 201582592, 61887488",
    "--count 8 --model-dtype fp32 --param-dtype bf16, 172837888, 256205824, 123761664",
  })
  void fsdp1_trains_all_weights_as_it_was_traced(
      String flags, long forward, long backward, long step) {
    assertPeaks(FULL + FSDP1 + flags, false, new long[] {forward, backward, step});
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"--count 8, 94142976, 16665088"})
  void fsdp1_gathers_adapters_one_by_one(String flags, long forward, long step) {
    Map<Phase, Long> peaks =
        Steps.read(Steps.model("llama", Map.of()), LORA + FSDP1 + flags).phasePeaks();

    assertThat(larger(peaks, Phase.FORWARD_LAYERS, Phase.FORWARD_HEAD))
        .isCloseTo(forward, withinPercentage(TOLERANCE));
    assertThat(peaks.get(Phase.STEP)).isCloseTo(step, withinPercentage(0.5));
  }

  @ParameterizedTest(name = "{0} ranks")
  @CsvSource({"7, 109100544, 196496384, 61146112"})
  void fsdp1_pads_a_flat_parameter(int ranks, long forward, long backward, long step) {
    assertPeaks(FULL + FSDP1 + "--count " + ranks, true, new long[] {forward, backward, step});
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "--strategy none, 405411840, 495288832, 495026176",
    "--strategy ddp --count 8, 529162240, 619039232, 618776576",
  })
  void ddp_keeps_every_gradient_twice(String flags, long forward, long backward, long step) {
    assertPeaks(FULL + flags, false, new long[] {forward, backward, step});
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "--strategy none, 162129920, 163961856, 133089792",
    "--strategy ddp --count 8, 164456448, 166288384, 135416320",
  })
  void ddp_copies_gradients_of_adapters_alone(
      String flags, long forward, long backward, long step) {
    assertPeaks(LORA + flags, false, new long[] {forward, backward, step});
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "--model-dtype bf16, 118683648, 177798144, 4608, 61875356",
    "--model-dtype fp32 --param-dtype bf16, 118683648, 177798144, 4608, 123750556",
  })
  void fsdp2_offloads_shards_gradients_and_states(
      String flags, long forward, long backward, long step, long host) {
    String job = FULL + FSDP2 + "--count 8 --offload parameters " + flags;
    assertPeaks(job, false, new long[] {forward, backward, step});
    assertThat(Steps.readHost(Steps.model("llama", Map.of()), job).peakBytes())
        .isCloseTo(host, withinPercentage(TOLERANCE));
  }

  /** TRL's OffloadActivations on one GPU; the host's figure is without weights, which it skips. */
  @ParameterizedTest(name = "{0} tokens")
  @CsvSource({"256, 414285824, 496088576, 495034880, 163229696"})
  void activations_wait_on_the_host(
      int sequence, long forward, long backward, long step, long host) {
    String job =
        " --method full --precision bf16 --strategy none --offload activations --sequence-length "
            + sequence;
    assertPeaks(job, false, new long[] {forward, backward, step});
    assertThat(Steps.readHost(Steps.model("llama", Map.of()), job).peakBytes())
        .isCloseTo(host, withinPercentage(TOLERANCE));
  }
}
