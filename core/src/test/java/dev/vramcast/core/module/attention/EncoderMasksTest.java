package dev.vramcast.core.module.attention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.trace.Phase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Masks of attention that is written out, where tokens look at all others. */
class EncoderMasksTest {

  /** A row of two bytes for each token of each of two sequences. */
  private static final long PAIRS = 2L * 512 * 512 * 2;

  private static long peak(String transformers, String padding) {
    Architecture bert =
        Estimates.model(
            "bert",
            Map.of(
                "hidden_size", 64,
                "num_hidden_layers", 3,
                "num_attention_heads", 4,
                "intermediate_size", 160,
                "vocab_size", 1000,
                "architectures", List.of("BertForSequenceClassification")));
    String job =
        "--stage classification --labels 2 --framework transformers --transformers %s"
            + " --method full --model-dtype bf16 --precision bf16 --attention eager"
            + " --micro-batch 2 --sequence-length 512 --checkpointing none --padding %s";
    return Estimates.of(bert, job.formatted(transformers, padding))
        .phasePeaks()
        .get(Phase.FORWARD_LAYERS);
  }

  @Test
  void since_five_there_is_one_where_a_token_is_padding() {
    assertThat(peak("5.24.0", "padded") - peak("5.24.0", "packed")).isEqualTo(PAIRS);
  }

  @Test
  void before_it_has_one_row_for_all_tokens_that_look() {
    assertThat(peak("4.57.6", "padded")).isEqualTo(peak("4.57.6", "packed"));
  }
}
