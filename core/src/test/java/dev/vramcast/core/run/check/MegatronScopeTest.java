package dev.vramcast.core.run.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Configs;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Remark;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.MemoryEstimate;
import dev.vramcast.core.run.MemoryEstimator;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.Phase;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MegatronScopeTest {

  private static final String MEGATRON = "--framework megatron ";

  private static final Architecture MIXTURE =
      Estimates.model(
          "qwen3_moe",
          Map.of(
              "head_dim", 128,
              "num_experts", 8,
              "num_experts_per_tok", 2,
              "moe_intermediate_size", 256));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --method qlora | method qlora under parallelism.strategy megatron is not modelled yet, \
          modelled: method full, lora, rslora, without quantisation
          --optimizer lion | optimizer.name lion under parallelism.strategy megatron is not \
          modelled yet, modelled: optimizer.name adamw, sgd
          --loss liger | loss liger under parallelism.strategy megatron is not modelled yet, \
          modelled: loss full (vocabulary-parallel), triton (TransformerEngine's)
          --attention eager | attention eager under parallelism.strategy megatron is not modelled \
          yet, modelled: attention flash, sdpa, flex
          --checkpointing offloaded | checkpointing offloaded under parallelism.strategy megatron \
          is not modelled yet, modelled: checkpointing none, full, selective
          --offload parameters | parallelism.offload parameters under parallelism.strategy \
          megatron is not modelled yet, modelled: parallelism.offload optimizer
          --offload activations | parallelism.offload activations under parallelism.strategy \
          megatron is not modelled yet, modelled: parallelism.offload optimizer
          --method lora --modules-to-save lm_head | lora.modules_to_save on embedding and head \
          under parallelism.strategy megatron is not modelled yet, modelled: lora.targets inside \
          the layers
          --method lora --targets q_proj,lm_head | lora.targets on embedding and head under \
          parallelism.strategy megatron is not modelled yet, modelled: lora.targets inside the \
          layers
          """)
  void settings_that_are_not_modelled_are_named_with_what_is(String flags, String message) {
    assertThatThrownBy(() -> Estimates.of(Estimates.llama(false), MEGATRON + flags))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessage(message);
  }

  @Test
  void images_are_refused_where_it_is_not_known_whose_encoder_runs() {
    Architecture model = Estimates.model("qwen2_5_vl", Configs.TOWER);
    String images = " --images 1 --image-size 448,448 --sequence-length 512";

    assertThatThrownBy(() -> Estimates.of(model, MEGATRON + images))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessage(
            "batch.images 1 under parallelism.strategy megatron (whether the framework runs the"
                + " encoder of Transformers or one of its own) is not modelled yet, modelled:"
                + " framework.name megatron-swift, mcore-adapter");
    assertThat(Estimates.of(model, "--framework megatron-swift" + images)).isNotNull();
  }

  /** LLaVA 1.5 is registered by neither. */
  @Test
  void images_are_refused_of_models_that_the_framework_has_no_encoder_for() {
    Architecture llava = Configs.read("llava text_config={small model_type=llama}");
    String images = " --images 1 --image-size 448,448 --sequence-length 1024";

    for (String framework : List.of("megatron-swift", "mcore-adapter")) {
      assertThatThrownBy(() -> Estimates.of(llava, "--framework " + framework + images))
          .isInstanceOf(UnsupportedJobException.class)
          .hasMessage(
              "batch.images 1 of a llava under parallelism.strategy megatron (an encoder for it in"
                  + " the framework's code) is not modelled yet");
    }
    assertThat(Estimates.of(llava, images)).isNotNull();
  }

  @Test
  void images_that_see_each_other_are_refused() {
    Architecture model = Estimates.model("gemma3", Map.of());
    String images = "--framework megatron-swift --images 1 --sequence-length 512";

    assertThatThrownBy(() -> Estimates.of(model, images))
        .isInstanceOf(UnsupportedJobException.class);
  }

  @Test
  void adapters_on_experts_whose_features_are_divided_are_refused() {
    String flags = MEGATRON + "--method lora --count 2 --tensor 2 --sequence-parallel true ";

    assertThatThrownBy(() -> Estimates.of(MIXTURE, flags))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessage(
            "parallelism.expert_tensor 2 under parallelism.strategy megatron (adapters of experts"
                + " whose features are divided) is not modelled yet, modelled:"
                + " parallelism.expert_tensor 1");
    assertThat(Estimates.of(MIXTURE, flags + "--expert-tensor 1")).isNotNull();
  }

  @Test
  void layers_of_another_build_are_refused() {
    assertThatThrownBy(
            () -> Estimates.of(Estimates.model("gemma2", Map.of("head_dim", 64)), MEGATRON))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessage(
            "a gemma2 under parallelism.strategy megatron (layers that are not attention and MLP"
                + " with one norm before each) is not modelled yet");
  }

  @Test
  void the_stage_that_needs_most_decides() {
    MemoryEstimate estimate =
        MemoryEstimator.estimate(
            Estimates.llama(false),
            Estimates.job(MEGATRON + "--count 4 --pipeline 2 --grad-accum 8"),
            Optional.empty());

    assertThat(estimate.ranks())
        .extracting(RankEstimate::name)
        .containsExactly("pipeline stage 1 of 2", "pipeline stage 2 of 2");
    assertThat(estimate.ranks()).extracting(RankEstimate::count).containsExactly(2, 2);
    assertThat(estimate.worst().allocatedBytes())
        .isEqualTo(
            estimate.ranks().stream().mapToLong(RankEstimate::allocatedBytes).max().getAsLong());
  }

  @Test
  void the_code_and_the_spread_of_tokens_are_taken_for_granted() {
    String flags = MEGATRON + "--count 4 --expert 4 --state-dtype bf16 --expert-imbalance ";

    assertThat(Remark.sentences(Estimates.whole(MIXTURE, flags + "1").assumptions()))
        .contains(
            "The code is that of Megatron-Core 0.16 and TransformerEngine 2, with fused kernels,"
                + " fused gradient accumulation and the distributed optimizer.",
            "Tokens are spread evenly over the ranks of the experts.",
            "Main parameters are kept in fp32, as in Megatron-Bridge's recipes, not as 16-bit"
                + " remainders.")
        .noneMatch(sentence -> sentence.contains("Transformers"));
    assertThat(Remark.sentences(Estimates.whole(MIXTURE, flags + "2").assumptions()))
        .contains("The fullest rank of experts gets 2.0 times the mean of the tokens.");
  }

  @Test
  void sizes_beyond_all_numbers_are_refused() {
    Architecture wide = Estimates.model("llama", Map.of("intermediate_size", Integer.MAX_VALUE));

    assertThatThrownBy(
            () -> Estimates.of(wide, MEGATRON + "--micro-batch 1000000 --sequence-length 1024"))
        .isInstanceOf(InputException.class)
        .hasMessage("the llama model and its batch are too large for any memory");
  }

  @ParameterizedTest
  @CsvSource({
    "--quantized-training fp8 --sequence-length 1002, 'over 1 ranks of tokens is no multiple of 8'",
    "--quantized-training fp8 --count 2 --tensor 2 --sequence-parallel true --sequence-length 1000,"
        + " 'over 2 ranks of tokens is no multiple of 8'",
    "--quantized-training mxfp8 --sequence-length 1000, 'is no multiple of 32'",
    "--quantized-training nvfp4 --sequence-length 1000, 'is no multiple of 16'"
  })
  void few_bits_take_what_their_products_take(String flags, String message) {
    assertThatThrownBy(
            () -> Estimates.of(Estimates.llama(false), MEGATRON + flags + " --method full"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  /** 2816 inputs of down_proj are 88 blocks of 32: 11 for each of eight ranks, 5.5 of sixteen. */
  @Test
  void few_bits_take_what_each_rank_has_of_the_side_that_is_divided() {
    String narrow = MEGATRON + "--method full --quantized-training mxfp8 --sequence-length 1024 ";
    Architecture heads =
        Estimates.model("llama", Map.of("num_attention_heads", 16, "num_key_value_heads", 16));

    assertThat(Estimates.of(heads, narrow + "--count 8 --tensor 8").allocatedBytes()).isPositive();
    assertThatThrownBy(() -> Estimates.of(heads, narrow + "--count 16 --tensor 16"))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(
            "down_proj of a llama has 2816 features to divide over parallelism.tensor 16",
            "multiples of 32 alone");
  }

  @Test
  void blocks_of_128_are_exchanged_where_they_divide_a_ranks_tokens() {
    String shared =
        MEGATRON
            + "--method full --count 2 --tensor 2 --sequence-parallel true"
            + " --quantized-training fp8 --quantized-training-recipe blockwise --sequence-length ";

    assertThat(Estimates.of(Estimates.llama(false), shared + "1024").allocatedBytes()).isPositive();
    assertThatThrownBy(() -> Estimates.of(Estimates.llama(false), shared + "1040"))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContainingAll("520 tokens of 1024 features", "gathered in 16 bits");
  }

  @Test
  void experts_in_few_bits_say_what_would_have_to_be_known() {
    assertThatThrownBy(
            () -> Estimates.of(MIXTURE, MEGATRON + "--method full --quantized-training fp8"))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("how many rows each expert or recurrent product is padded to");
  }

  /** Inputs of products alone are narrow, and copies of weights are there beside them. */
  @Test
  void few_bits_keep_two_copies_of_weights_and_half_of_inputs() {
    String full = MEGATRON + "--method full --sequence-length 512 ";
    long weights = 2 * 1024L * (1024 + 2 * 256 + 1024 + 3 * 2816);
    RankEstimate wide = Estimates.of(Estimates.llama(false), full);
    RankEstimate narrow = Estimates.of(Estimates.llama(false), full + "--quantized-training fp8");

    assertThat(
            narrow.phasePeaks().get(Phase.BACKWARD_HEAD)
                - wide.phasePeaks().get(Phase.BACKWARD_HEAD))
        .isBetween(weights, 2 * weights);
  }
}
