package dev.vramcast.core.architecture.family.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Configs;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.units.Version;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class Gemma3nTest {

  private static final String SMALL = "gemma3n_text small vocab_size_per_layer_input=100 ";

  private static List<DecoderLayer> layers(String keys) {
    return Configs.read(SMALL + keys).layers().stream()
        .flatMap(run -> IntStream.range(0, run.times()).boxed().flatMap(i -> run.period().stream()))
        .toList();
  }

  private static List<Integer> sparse(String keys) {
    List<DecoderLayer> layers = layers(keys);
    return IntStream.range(0, layers.size())
        .filter(i -> ((GatedMlp) layers.get(i).mlp()).sparse())
        .boxed()
        .toList();
  }

  private static List<Integer> projections(String keys, Version release) {
    return layers(keys).stream()
        .map(layer -> ((Attention) layer.mixer()).in(release).qkv().size())
        .toList();
  }

  @Test
  void gates_are_sparse_in_layers_whose_share_is_above_zero() {
    assertThat(sparse("num_hidden_layers=4 activation_sparsity_pattern=[ 0.95 0.0 0.5 0.0 ]"))
        .containsExactly(0, 2);
  }

  @Test
  void where_no_share_is_said_the_first_ten_layers_of_more_are_sparse() {
    assertThat(sparse("num_hidden_layers=12")).hasSize(10).doesNotContain(10, 11);
    assertThat(sparse("num_hidden_layers=10")).isEmpty();
  }

  @Test
  void layers_that_read_the_keys_of_earlier_ones_have_none_of_their_own_since_5_6() {
    String keys = "num_hidden_layers=4 num_kv_shared_layers=2";

    assertThat(projections(keys, Version.of(5, 6))).containsExactly(3, 3, 1, 1);
    assertThat(projections(keys, Version.of(5, 5))).containsExactly(3, 3, 3, 3);
  }

  @Test
  void no_layer_hands_keys_on_where_none_reads_them() {
    assertThat(handingOn("num_kv_shared_layers=0")).isEmpty();
    assertThat(handingOn("num_kv_shared_layers=1")).containsExactly(2);
  }

  private static List<Integer> handingOn(String keys) {
    String all = "num_hidden_layers=4 layer_types=[ a a a a ] ".replace(" a", " full_attention");
    List<DecoderLayer> layers = layers(all + keys);
    return IntStream.range(0, layers.size())
        .filter(i -> ((Attention) layers.get(i).mixer()).handsOn().contains(Version.of(5, 24)))
        .boxed()
        .toList();
  }

  @Test
  void a_release_without_their_keys_has_no_norm_of_them() {
    Attention last =
        (Attention) layers("num_hidden_layers=4 num_kv_shared_layers=1").get(3).mixer();

    assertThat(last.keyNorm()).isPresent();
    assertThat(last.in(Version.of(5, 24)).keyNorm()).isEmpty();
    assertThat(last.in(Version.of(5, 24)).queryNorm()).isPresent();
  }
}
