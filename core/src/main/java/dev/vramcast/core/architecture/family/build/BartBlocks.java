package dev.vramcast.core.architecture.family.build;

import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.CrossAttention;
import dev.vramcast.core.architecture.mixer.CrossBlock;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Attention of BART and of what was made from its code, as Whisper was (transformers
 * BartAttention).
 *
 * @param size features of hidden states
 * @param keyBias the projection of keys has a bias
 */
public record BartBlocks(ModelConfig config, long size, boolean keyBias) {

  /** The config of the decoder, by the keys that those of one stack have. */
  public ModelConfig decoder(int heads, long layers) {
    return config.with(
        Map.of(
            "hidden_size", size,
            "num_attention_heads", heads,
            "num_key_value_heads", heads,
            "num_hidden_layers", layers));
  }

  /** Attention of a layer to its own stack's states. */
  public Attention attention(int heads) {
    String path = "self_attn.";
    return Attention.builder()
        .heads(heads)
        .kvHeads(heads)
        .headSize(headSize(heads))
        .qkv(List.of(projection(path, "q_proj"), keys(path), projection(path, "v_proj")))
        .output(projection(path, "out_proj"))
        .rotary(Rotary.NONE)
        .dropout(dropout())
        .build();
  }

  /** Attention of a decoder's layer to the encoder's states, with the norm that belongs to it. */
  public CrossBlock cross(int heads) {
    String path = "encoder_attn.";
    return new CrossBlock(
        norm("encoder_attn_layer_norm"),
        new CrossAttention(
            heads,
            heads,
            headSize(heads),
            new CrossAttention.Projections(
                projection(path, "q_proj"),
                keys(path),
                projection(path, "v_proj"),
                projection(path, "out_proj")),
            Optional.empty(),
            Optional.empty(),
            dropout(),
            CrossAttention.Bias.NONE));
  }

  public Norm norm(String name) {
    return new Norm(name, Norm.Type.LAYER, size, true, true);
  }

  private Linear projection(String path, String name) {
    return new Linear(path + name, size, size, true);
  }

  private Linear keys(String path) {
    return new Linear(path + "k_proj", size, size, keyBias);
  }

  private double dropout() {
    return config.number("attention_dropout", 0);
  }

  private int headSize(int heads) {
    Shape.divides(config, heads, "attention heads", size, "model size");
    return Math.toIntExact(size / heads);
  }
}
