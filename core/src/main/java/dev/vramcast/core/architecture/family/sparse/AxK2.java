package dev.vramcast.core.architecture.family.sparse;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.LayerExtras;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.text.DeepSeek;
import dev.vramcast.core.architecture.mixer.LatentAttention;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts.Scoring;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.RotaryCode;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * A.X K2: DeepSeek V3.2's layers, whose norms before attention and experts have gates, as has what
 * was attended (transformers axk2/modeling_axk2.py and configuration_axk2.py).
 */
public final class AxK2 {

  private static final Map<String, Object> DEFAULTS =
      Map.ofEntries(
          Map.entry("q_lora_rank", 384),
          Map.entry("kv_lora_rank", 128),
          Map.entry("qk_nope_head_dim", 64),
          Map.entry("qk_rope_head_dim", 32),
          Map.entry("v_head_dim", 64),
          Map.entry("index_n_heads", 16),
          Map.entry("gated_norm_rank", 16));

  /**
   * PEFT leaves targets of MLPs alone, which experts have none of. Up to 5.16 a mask was made in
   * each layer where there was none (5.16 and 5.19 as read).
   */
  private static final ModelTraits TRAITS =
      DeepSeek.traits()
          .rotary(RotaryCode.DEINTERLEAVED)
          .alwaysMasks(Versions.ALL)
          .routerBehindExperts(Versions.ALL)
          .described(Versions.since(5, 19))
          .mixtureClass("MoE")
          .classes("AXK2")
          .build();

  private AxK2() {}

  public static Architecture axk2(ModelConfig given) {
    ModelConfig config = Keys.withDefaults(given, DEFAULTS);
    Shape shape = DeepSeek.latentShape(config);
    IntPredicate isSparse = DeepSeek.isSparse(config, shape.layers(), 1);
    LayerExtras.Gate first = gate(config, "input_layernorm");
    LayerExtras.Gate second = gate(config, "post_attention_layernorm");
    LayerExtras both = gates(first, Optional.of(second));
    LayerExtras one = gates(first, Optional.empty());
    LatentAttention attention = attention(config, shape);
    return new DecoderBuilder(config, shape)
        .preNorms(
            layer -> "input_layernorm.norm",
            layer -> "post_attention_layernorm" + (isSparse.test(layer) ? ".norm" : ""))
        .mixer(layer -> attention)
        .mlp(DeepSeek.sparse(config, shape, Scoring.SIGMOID, 1))
        .layerExtras(layer -> isSparse.test(layer) ? both : one)
        .traits(TRAITS)
        .build();
  }

  private static LayerExtras gates(LayerExtras.Gate mixer, Optional<LayerExtras.Gate> mlp) {
    return LayerExtras.NONE.gated(new LayerExtras.InputGates(Optional.of(mixer), mlp));
  }

  private static LayerExtras.Gate gate(ModelConfig config, String norm) {
    long hidden = config.size("hidden_size");
    long rank = config.size("gated_norm_rank");
    return new LayerExtras.Gate(
        new Linear(norm + ".mlp.fc1", hidden, rank, false),
        new Linear(norm + ".mlp.fc2", rank, hidden, false));
  }

  private static LatentAttention attention(ModelConfig config, Shape shape) {
    LatentAttention plain = DeepSeek.attention(config, shape);
    long rank = config.size("q_lora_rank");
    long features = plain.nopeSize() + plain.ropeSize() + (long) plain.valueSize();
    Linear gated = new Linear("self_attn.q_gate_proj", 2 * rank, plain.heads() * features, false);
    return plain.toBuilder()
        .query(List.of(plain.query().get(0), gated))
        .gatedQuery(true)
        .choice(Optional.of(DeepSeek.choice(config, false)))
        .build();
  }
}
