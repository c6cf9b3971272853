package dev.vramcast.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.trace.Phase;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/**
 * Methods, optimizers and losses against the real code of Transformers, PEFT, bitsandbytes, Liger
 * and TRL on fake tensors, which counted every live storage: a Llama of six layers, hidden size
 * 1024 and a vocabulary of 32,000, two sequences of 512 tokens.
 */
class TracedMethodsTest {

  private static final String USUAL =
      "--framework peft --transformers 5.1.0 --torch 2.13.0 --bitsandbytes 0.49.0 --precision"
          + " bf16-mixed --model-dtype bf16 --method lora --rank 16 --targets q_proj,v_proj"
          + " --lora-dtype fp32 --optimizer-implementation foreach --micro-batch 2"
          + " --sequence-length 512 --padding packed --checkpointing none --attention sdpa"
          + " --checkpointing-reentrant false ";

  /** Percent: scalars, and buffers of rotary frequencies. */
  private static final double TOLERANCE = 0.03;

  @ParameterizedTest(name = "{4} tied {0}")
  @CsvFileSource(resources = "traced-methods.tsv", numLinesToSkip = 1, delimiter = '\t')
  void every_phase_peaks_as_it_was_traced(
      boolean tied, long forward, long backward, long step, String flags) {
    Architecture llama =
        Estimates.model(
            "llama",
            Map.of("vocab_size", 32000, "num_hidden_layers", 6, "tie_word_embeddings", tied));

    Map<Phase, Long> peaks = Estimates.of(llama, USUAL + flags).phasePeaks();

    assertThat(larger(peaks, Phase.FORWARD_LAYERS, Phase.FORWARD_HEAD))
        .as("forward")
        .isCloseTo(forward, withinPercentage(TOLERANCE));
    assertThat(larger(peaks, Phase.BACKWARD_LAYERS, Phase.BACKWARD_HEAD))
        .as("backward")
        .isCloseTo(backward, withinPercentage(TOLERANCE));
    assertThat(peaks.get(Phase.STEP)).as("step").isCloseTo(step, withinPercentage(TOLERANCE));
  }

  private static long larger(Map<Phase, Long> peaks, Phase one, Phase other) {
    return Math.max(peaks.get(one), peaks.get(other));
  }
}
