package dev.vramcast.core.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.TraceReading;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Losses over vectors of sentences. */
class EmbeddingWriterTest {

  private static final long ELEMENT = 4;
  private static final String STAGE =
      "--framework sentence-transformers --stage embedding --method full --precision fp32"
          + " --model-dtype fp32 --padding packed ";

  private final Architecture bert =
      Families.embedding(
          new ModelConfig(
              "config.json",
              new HashMap<>(
                  Map.of(
                      "model_type", "bert",
                      "vocab_size", 1000,
                      "hidden_size", 64,
                      "intermediate_size", 256,
                      "num_hidden_layers", 3,
                      "num_attention_heads", 4))));

  private AllocationTrace trace(String flags) {
    ResolvedJob job = JobResolver.resolve(Jobs.of(STAGE + flags)).job();
    return write(bert, job);
  }

  private static AllocationTrace write(Architecture model, ResolvedJob job) {
    return Steps.write(model, job, false).device();
  }

  private long peak(String flags) {
    return TraceReading.of(trace(flags)).peakBytes();
  }

  private long phase(Phase phase, String flags) {
    return TraceReading.of(trace(flags)).phasePeaks().get(phase);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--texts 4",
        "--texts 4 --framework-version 5.1",
        "--texts 3 --grad-accum 2",
        "--texts 3 --checkpointing full",
        "--matryoshka 64,32,16",
        "--matryoshka 64,32,16 --precision bf16-mixed --grad-accum 3",
        "--loss-type CachedMultipleNegativesRankingLoss --embedding-mini-batch 4",
        "--loss-type MultipleNegativesSymmetricRankingLoss",
        "--loss-type CosineSimilarityLoss",
        "--pooling last",
        "--pooling cls --strategy ddp --count 2",
        "--framework ms-swift --loss-type infonce --method lora --targets all-linear"
      })
  void a_step_frees_nothing_twice(String flags) {
    ResolvedJob job =
        JobResolver.resolve(Jobs.of(STAGE + "--micro-batch 8 --sequence-length 32 " + flags)).job();

    WellFormed.check(write(Families.embedding(new ModelConfig("config.json", llama())), job));
  }

  @Test
  void a_cached_loss_needs_no_more_layers_for_a_larger_batch() {
    String flags = "--sequence-length 64 --embedding-mini-batch 4 --micro-batch ";
    long small = peak(flags + 16);
    long large = peak(flags + 256);
    long vectors = 240L * 2 * 64 * ELEMENT;
    long ids = 240L * 2 * 64 * 2 * 8;

    assertThat(large - small).isLessThan(ids + 8 * vectors);
    assertThat(peak("--sequence-length 64 --micro-batch 256")).isGreaterThan(8 * large);
  }

  @Test
  void gathered_states_wait_for_the_backward_pass_of_their_text() {
    String flags = "--micro-batch 8 --sequence-length 32 --pooling cls --framework-version ";
    long states = 8 * 32 * 64 * ELEMENT;

    assertThat(phase(Phase.BACKWARD_LAYERS, flags + "6.2"))
        .isEqualTo(phase(Phase.BACKWARD_LAYERS, flags + "5.1") + states);
  }

  @Test
  void last_states_are_gathered_from_a_copy_under_a_mask_that_is_as_large() {
    String flags = "--micro-batch 8 --sequence-length 32 --pooling ";
    long states = 8 * 32 * 64 * ELEMENT;
    long mask = 8 * 32 * ELEMENT;
    long places = 512;

    assertThat(phase(Phase.BACKWARD_LAYERS, flags + "last"))
        .isEqualTo(phase(Phase.BACKWARD_LAYERS, flags + "mean") + 2 * states + places - mask);
  }

  @Test
  void all_texts_of_a_step_are_there_when_it_begins() {
    String flags = "--micro-batch 8 --sequence-length 64 --grad-accum ";
    long idsAndMask = 2 * 8 * 64 * 8;

    assertThat(peak(flags + 3) - peak(flags + 2)).isEqualTo(2 * idsAndMask);
  }

  @Test
  void gradients_of_several_passes_are_one_gradient_in_the_end() {
    TraceReading two = TraceReading.of(trace("--micro-batch 2 --sequence-length 16"));
    TraceReading four =
        TraceReading.of(
            trace("--micro-batch 2 --sequence-length 16 --texts 4 --framework-version 5.1"));

    assertThat(four.phasePeaks().get(Phase.STEP) - two.phasePeaks().get(Phase.STEP))
        .isLessThan(64 << 10);
  }

  @Test
  void gradients_of_earlier_micro_batches_are_beside_those_that_wait_for_the_other_pass() {
    long once = peak("--micro-batch 1 --sequence-length 2");
    long again = peak("--micro-batch 1 --sequence-length 2 --grad-accum 2");

    assertThat(again).isGreaterThan(once);
  }

  @Test
  void encoders_keep_a_pooler_of_which_nothing_is_trained() {
    assertThat(bert.head().kind()).isEqualTo(Head.Kind.HIDDEN_STATES);
    assertThat(bert.head().linears()).hasSize(1);
    assertThat(Families.embedding(new ModelConfig("config.json", llama())).head().linears())
        .isEmpty();
  }

  private static Map<String, Object> llama() {
    return new HashMap<>(
        Map.of(
            "model_type", "llama",
            "vocab_size", 1000,
            "hidden_size", 64,
            "intermediate_size", 256,
            "num_hidden_layers", 2,
            "num_attention_heads", 4));
  }
}
