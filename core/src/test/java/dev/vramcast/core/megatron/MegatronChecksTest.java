package dev.vramcast.core.megatron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.input.InputException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MegatronChecksTest {

  private static void assertRefused(Architecture model, String flags, String message) {
    assertThatThrownBy(() -> Stages.ranks(model, flags))
        .isInstanceOf(InputException.class)
        .hasMessage(message);
  }

  @Test
  void every_stage_is_a_kind_of_ranks() {
    assertThat(Stages.ranks(Stages.llama(8), "--count 16 --pipeline 4"))
        .extracting(rank -> rank.name() + ": " + rank.count())
        .containsExactly(
            "pipeline stage 1 of 4: 4",
            "pipeline stage 2 of 4: 4",
            "pipeline stage 3 of 4: 4",
            "pipeline stage 4 of 4: 4");
    assertThat(Stages.ranks(Stages.llama(8), "--count 16"))
        .extracting(rank -> rank.name() + ": " + rank.count())
        .containsExactly("every rank: 16");
  }

  @Test
  void layers_of_which_a_stage_or_a_virtual_one_has_none_are_refused() {
    assertRefused(
        Stages.llama(5),
        "--count 4 --pipeline 4",
        "parallelism.pipeline is 4, allowed: stages that all have some of the 5 layers");
    assertRefused(
        Stages.llama(8),
        "--count 2 --pipeline 2 --virtual-pipeline 3 --grad-accum 4",
        "parallelism.virtual_pipeline is 3, which does not divide the model's 4 layers of a"
            + " pipeline stage, allowed: 1, 2, 4");
  }

  @Test
  void more_stages_than_any_cluster_has_are_refused() {
    assertRefused(
        Stages.llama(2048),
        "--count 2048 --pipeline 2048",
        "parallelism.pipeline is 2048, allowed: up to 1024 stages");
  }

  @Test
  void interleaved_stages_take_micro_batches_in_groups() {
    assertRefused(
        Stages.llama(8),
        "--count 4 --pipeline 4 --virtual-pipeline 2 --grad-accum 6",
        "batch.grad_accum is 6, but interleaved pipeline stages take micro-batches in groups of"
            + " parallelism.pipeline 4, allowed: multiples of 4");
  }

  @Test
  void heads_that_tensor_ranks_do_not_divide_are_refused() {
    assertRefused(
        Stages.llama(2),
        "--count 16 --tensor 16",
        "parallelism.tensor is 16, which does not divide the model's 8 attention heads,"
            + " allowed: 1, 2, 4, 8");
    assertRefused(
        Stages.model("llama", Map.of("num_attention_heads", 12, "num_key_value_heads", 4)),
        "--count 6 --tensor 6",
        "parallelism.tensor is 6, but the model has 4 key and value heads,"
            + " allowed: divisors and multiples of 4");
  }

  @Test
  void features_that_tensor_ranks_do_not_divide_are_refused() {
    assertRefused(
        Stages.model("llama", Map.of("intermediate_size", 2817)),
        "--count 2 --tensor 2",
        "parallelism.tensor is 2, which does not divide the model's 2817 intermediate features,"
            + " allowed: 1, 3, 9");
  }

  @Test
  void tokens_that_tensor_ranks_do_not_divide_are_refused_under_sequence_parallelism() {
    assertRefused(
        Stages.llama(2),
        "--count 2 --tensor 2 --sequence-parallel true --sequence-length 511",
        "parallelism.tensor is 2 with parallelism.sequence_parallel, but a rank has 511 tokens of"
            + " a sequence, allowed: lengths divisible by 2");
  }

  @Test
  void experts_that_their_ranks_do_not_divide_are_refused() {
    assertRefused(
        Stages.mixture(),
        "--count 16 --shard 16 --expert 16",
        "parallelism.expert is 16, which does not divide the model's 8 experts,"
            + " allowed: 1, 2, 4, 8");
    assertRefused(
        Stages.mixture(),
        "--count 4 --shard 2 --pipeline 2 --expert 4 --sequence-parallel true",
        "parallelism.expert is 4, which does not divide the model's 2 GPUs of a pipeline stage,"
            + " allowed: 1, 2");
  }

  @Test
  void experts_under_tensor_parallelism_need_sequence_parallelism() {
    assertRefused(
        Stages.mixture(),
        "--count 2 --tensor 2",
        "parallelism.tensor is 2, with which Megatron trains experts under sequence parallelism"
            + " alone (moe_layer.py), allowed: parallelism.sequence_parallel true, or"
            + " parallelism.tensor"
            + " 1");
  }
}
