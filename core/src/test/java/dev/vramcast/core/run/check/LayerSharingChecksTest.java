package dev.vramcast.core.run.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.trace.Phase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayerSharingChecksTest {

  private static final Map<String, Object> V3 =
      Map.of(
          "hidden_size",
          64,
          "num_hidden_layers",
          3,
          "num_attention_heads",
          4,
          "intermediate_size",
          160,
          "vocab_size",
          1000,
          "relative_attention",
          true,
          "share_att_key",
          true,
          "norm_rel_ebd",
          "layer_norm",
          "pos_att_type",
          List.of("p2c", "c2p"),
          "position_biased_input",
          false);

  private static final String CLASSES =
      "--stage classification --sequence-length 128 --framework transformers ";

  private static Architecture deberta(Map<String, Object> other) {
    Map<String, Object> values = new HashMap<>(V3);
    values.put("architectures", List.of("DebertaV2ForSequenceClassification"));
    values.putAll(other);
    return Estimates.model("deberta-v2", values);
  }

  private static long bytes(String flags) {
    return Estimates.of(deberta(Map.of()), CLASSES + flags).allocatedBytes();
  }

  /** Scores of queries with all rows, and of keys, are saved for the backward pass. */
  @Test
  void rows_for_distances_take_memory_in_every_layer() {
    String job = CLASSES + "--method full --precision bf16 --micro-batch 4 --attention eager";
    long more = Estimates.of(deberta(Map.of("position_buckets", 256)), job).allocatedBytes();
    long fewer = Estimates.of(deberta(Map.of("position_buckets", 128)), job).allocatedBytes();
    long layers = 3;
    long ofQueriesAndKeys = 2 * 4L * 4 * 128 * (512 - 256) * 2;

    assertThat(more - fewer).isGreaterThan(layers * ofQueriesAndKeys);
  }

  @Test
  void layers_that_share_a_norm_are_not_trained_under_reentrant_checkpoints() {
    String checkpoints = " --checkpointing full --checkpointing-reentrant ";

    assertThat(bytes("--method full" + checkpoints + "false")).isPositive();
    assertThat(bytes("--method lora --targets all-linear" + checkpoints + "true")).isPositive();
    assertThatThrownBy(() -> bytes("--method full" + checkpoints + "true"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "checkpointing_reentrant is true, but layers of a deberta-v2 model share a norm in"
                + " front of them, through which autograd goes once, allowed: false");
  }

  @Test
  void checkpoints_around_parts_keep_four_hidden_states_of_each_layer() {
    String job =
        "--framework trl --method full --precision bf16-mixed --micro-batch 1"
            + " --sequence-length 4096 --strategy fsdp2 --count 2 --checkpointing full"
            + " --fsdp-checkpointing true --accelerate ";
    long more = forward(job + "1.14.0", 12) - forward(job + "1.14.0", 6);
    long less = forward(job + "1.15.0", 12) - forward(job + "1.15.0", 6);

    assertThat(more - less).isEqualTo(6 * 3 * 4096L * 1024 * 2);
  }

  /** The most bytes of the forward pass of the layers. */
  private static long forward(String flags, int layers) {
    Architecture llama = Estimates.model("llama", Map.of("num_hidden_layers", layers));
    return Estimates.of(llama, flags).phasePeaks().get(Phase.FORWARD_LAYERS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--checkpointing-layers 2",
        "--checkpointing-group 2",
        "--framework nemo-automodel --checkpointing-every 2",
      })
  void checkpoints_of_some_layers_are_not_modelled_where_no_code_has_them(String flags) {
    Architecture llama = Estimates.model("llama", Map.of("num_hidden_layers", 4));
    String job = "--method full --precision bf16 --sequence-length 64 ";

    assertThat(Estimates.of(llama, job + flags).allocatedBytes()).isPositive();
    assertThatThrownBy(() -> Estimates.of(llama, job + "--checkpointing full " + flags))
        .isInstanceOf(UnsupportedJobException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "full --checkpointing-layers 4 --checkpointing-group 2 | checkpointing_group is 2, but"
            + " checkpointing_layers is set",
        "selective --checkpointing-layers 4 | checkpointing_layers is 4, but checkpointing is"
            + " selective",
      })
  void recomputation_of_some_layers_is_one_way_of_full_recomputation(String flags, String why) {
    Architecture llama = Estimates.model("llama", Map.of("num_hidden_layers", 8));
    String job = "--framework megatron --sequence-length 64 --checkpointing ";

    assertThatThrownBy(() -> Estimates.of(llama, job + flags))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--count 2 --tensor 2", "--count 2 --context 2", "--segments 2"})
  void what_nobody_has_described_is_not_modelled(String flags) {
    assertThatThrownBy(() -> bytes("--method full " + flags))
        .isInstanceOf(UnsupportedJobException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "conv_kernel_size, 3",
    "type_vocab_size, 2",
    "embedding_size, 32",
    "pos_att_type, c2p",
    "norm_rel_ebd, none"
  })
  void other_layouts_are_not_modelled(String key, String value) {
    Object given = value.matches("[0-9]+") ? Integer.valueOf(value) : value;

    assertThatThrownBy(() -> deberta(Map.of(key, given)))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("DeBERTa V3");
  }

  /** MPNetPreTrainedModel says of no layer that it can run again. */
  @Test
  void mpnet_has_no_checkpoints() {
    Map<String, Object> sizes =
        Map.of(
            "hidden_size", 64,
            "num_hidden_layers", 3,
            "num_attention_heads", 4,
            "intermediate_size", 160,
            "vocab_size", 1000,
            "architectures", List.of("MPNetForSequenceClassification"));
    Architecture mpnet = Estimates.model("mpnet", sizes);
    String job = CLASSES + "--method full --checkpointing ";

    assertThat(Estimates.of(mpnet, job + "none").allocatedBytes()).isPositive();
    assertThatThrownBy(() -> Estimates.of(mpnet, job + "full"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "checkpointing is full, which the code of a mpnet model does not support,"
                + " allowed: none");
  }

  /** Transformers AlbertTransformer.forward: one layer is called for each of twelve. */
  @Test
  void albert_holds_one_layer_and_what_twelve_calls_of_it_save() {
    Architecture albert = albert(12);
    Architecture twice = albert(24);
    String job = CLASSES + "--method full --checkpointing none";

    assertThat(Tensors.count(twice)).isEqualTo(Tensors.count(albert));
    assertThat(Estimates.of(twice, job).allocatedBytes())
        .isGreaterThan(Estimates.of(albert, job).allocatedBytes() * 3 / 2);
    assertThatThrownBy(() -> Estimates.of(albert, CLASSES + "--method full --checkpointing full"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("does not support");
    assertThatThrownBy(() -> Estimates.of(albert, job + " --strategy fsdp2 --count 2"))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("fsdp2 of a albert");
  }

  @Test
  void a_type_is_modelled_since_the_release_that_first_has_it() {
    Architecture albert = albert(12).releasedIn(Versions.since(5, 20));
    String job = CLASSES + "--method full --checkpointing none --transformers ";

    assertThat(Estimates.of(albert, job + "5.20.0").allocatedBytes()).isPositive();
    assertThatThrownBy(() -> Estimates.of(albert, job + "5.19.1"))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("modelled: Transformers 5.20 and later");
  }

  private static Architecture albert(int layers) {
    return Estimates.model(
        "albert",
        Map.of(
            "hidden_size", 64,
            "embedding_size", 32,
            "num_hidden_layers", layers,
            "num_attention_heads", 4,
            "intermediate_size", 160,
            "vocab_size", 1000,
            "architectures", List.of("AlbertForSequenceClassification")));
  }

  private static final Map<String, Object> V1 =
      Map.of(
          "hidden_size",
          64,
          "num_hidden_layers",
          3,
          "num_attention_heads",
          4,
          "intermediate_size",
          160,
          "vocab_size",
          1000,
          "relative_attention",
          true,
          "pos_att_type",
          "c2p|p2c",
          "max_position_embeddings",
          512,
          "position_biased_input",
          false,
          "architectures",
          List.of("DebertaForSequenceClassification"));

  private static final Map<String, Object> BLOCKS =
      Map.of(
          "hidden_size",
          64,
          "num_hidden_layers",
          2,
          "num_attention_heads",
          4,
          "intermediate_size",
          160,
          "vocab_size",
          1000,
          "max_position_embeddings",
          4096,
          "architectures",
          List.of("BigBirdForSequenceClassification"));

  /** Two blocks at the ends, three in the window and twice three at random, of 64 tokens each. */
  @Test
  void tokens_look_at_blocks_in_sequences_of_more_than_eleven() {
    Architecture model = Estimates.model("big_bird", BLOCKS);
    String full = "--stage classification --framework transformers --method full ";

    assertThat(Estimates.of(model, full + "--sequence-length 704").allocatedBytes()).isPositive();
    assertThatThrownBy(() -> Estimates.of(model, full + "--sequence-length 705"))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("batch.sequence_length 705 of a big_bird");
  }

  @Test
  void the_first_deberta_trains_in_fp32_alone() {
    Architecture model = Estimates.model("deberta", V1);
    String full = CLASSES + "--method full --precision ";

    assertThat(Estimates.of(model, full + "fp32 --model-dtype fp32").allocatedBytes()).isPositive();
    assertThatThrownBy(() -> Estimates.of(model, full + "bf16-mixed --model-dtype fp32"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("precision is bf16-mixed, but queries of a deberta model are in fp32")
        .hasMessageContaining("allowed: fp32");
    assertThatThrownBy(() -> Estimates.of(model, full + "fp32 --model-dtype bf16"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("model.dtype is bf16");
  }

  /** One matrix of queries, keys and values, two of rows, and biases of two of the three. */
  @Test
  void the_first_deberta_projects_rows_by_matrices_of_their_own() {
    Architecture model = Estimates.model("deberta", V1);
    long layer = 3 * 64 * 64 + 2 * 64 + 64 * 64 + 64 * 65 + 64 * 65 + 2 * 64 * 160 + 224 + 4 * 64;
    long head = 64 * 65 + 2 * 65;
    long tables = (1000 + 2 * 512 + 2) * 64;

    assertThat(Tensors.count(model)).isEqualTo(3 * layer + head + tables);
  }
}
