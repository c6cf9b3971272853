package dev.vramcast.core.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.run.Estimates;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One rank of a model with 8 heads, 2 of keys and values, 2816 features and 8192 words. */
class ModelSliceTest {

  private static Parallelism degrees(String flags) {
    return Jobs.resolve("--sequence-length 8 --strategy fsdp2 " + flags).job().parallelism();
  }

  private static DecoderLayer layer(Architecture model) {
    return model.layers().get(0).period().get(0);
  }

  @Test
  void one_rank_of_one_is_the_model_itself() {
    Architecture llama = Estimates.llama(false);

    assertThat(ModelSlice.of(llama, degrees("--count 4 --shard 4"), false)).isSameAs(llama);
  }

  @Test
  void heads_are_divided_and_with_them_projections() {
    Architecture slice =
        ModelSlice.of(Estimates.llama(false), degrees("--count 2 --shard 1 --tensor 2"), false);

    Attention attention = (Attention) layer(slice).mixer();
    assertThat(attention.heads()).isEqualTo(4);
    assertThat(attention.kvHeads()).isEqualTo(1);
    assertThat(attention.headSize()).isEqualTo(128);
    assertThat(attention.qkv()).extracting(Linear::in).containsOnly(1024L);
    assertThat(attention.qkv()).extracting(Linear::out).containsExactly(512L, 128L, 128L);
    assertThat(attention.output().in()).isEqualTo(512);
    assertThat(attention.output().out()).isEqualTo(1024);
  }

  @Test
  void features_of_an_mlp_are_divided_first_by_columns_and_then_by_rows() {
    Architecture slice =
        ModelSlice.of(Estimates.llama(false), degrees("--count 2 --shard 1 --tensor 2"), false);

    GatedMlp mlp = (GatedMlp) layer(slice).mlp();
    assertThat(mlp.gateUp()).extracting(Linear::out).containsOnly(1408L);
    assertThat(mlp.down().in()).isEqualTo(1408);
    assertThat(mlp.down().out()).isEqualTo(1024);
  }

  @Test
  void a_vocabulary_is_divided_by_rows_and_padded() {
    Architecture odd = Estimates.model("llama", Map.of("vocab_size", 8191));

    Architecture slice = ModelSlice.of(odd, degrees("--count 2 --shard 1 --tensor 2"), false);

    assertThat(slice.vocabularySize()).isEqualTo(4096);
    assertThat(slice.embeddings().token().rows()).isEqualTo(4096);
    assertThat(slice.head().linears()).extracting(Linear::out).containsExactly(4096L);
  }

  @Test
  void an_embedding_that_is_not_the_heads_table_can_stay_whole() {
    Parallelism two = degrees("--count 2 --shard 1 --tensor 2");

    Architecture apart = ModelSlice.of(Estimates.llama(false), two, true);
    Architecture tied = ModelSlice.of(Estimates.llama(true), two, true);

    assertThat(apart.embeddings().token().rows()).isEqualTo(8192);
    assertThat(apart.head().linears()).extracting(Linear::out).containsExactly(4096L);
    assertThat(tied.embeddings().token().rows()).isEqualTo(4096);
  }

  @Test
  void experts_go_to_ranks_whole_and_the_router_stays() {
    Architecture mixtral =
        Estimates.model("mixtral", Map.of("num_local_experts", 8, "num_experts_per_tok", 2));

    Architecture slice = ModelSlice.of(mixtral, degrees("--count 4 --shard 4 --expert 4"), false);

    MixtureOfExperts experts = (MixtureOfExperts) layer(slice).mlp();
    assertThat(experts.experts()).isEqualTo(2);
    assertThat(experts.topK()).isEqualTo(2);
    assertThat(experts.intermediateSize()).isEqualTo(2816);
    assertThat(experts.router()).isEqualTo(((MixtureOfExperts) layer(mixtral).mlp()).router());
    assertThat(slice.vocabularySize()).isEqualTo(8192);
  }

  @Test
  void heads_that_ranks_do_not_divide_are_refused() {
    assertThatThrownBy(
            () ->
                ModelSlice.of(
                    Estimates.llama(false), degrees("--count 4 --shard 1 --tensor 4"), false))
        .hasMessage(
            "parallelism.tensor is 4, which does not divide the model's 2 key and value heads,"
                + " allowed: 1, 2");
  }

  @Test
  void layers_that_do_not_attend_are_not_divided() {
    Architecture convolutions =
        Estimates.model("lfm2", Map.of("layer_types", List.of("conv", "full_attention")));

    assertThatThrownBy(
            () -> ModelSlice.of(convolutions, degrees("--count 2 --shard 1 --tensor 2"), false))
        .hasMessageContaining("parallelism.tensor 2 of layers that do not attend");
  }
}
