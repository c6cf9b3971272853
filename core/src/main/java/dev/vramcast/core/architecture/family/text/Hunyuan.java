package dev.vramcast.core.architecture.family.text;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;

/** Hunyuan 3: experts behind attention with norms over each head. */
public final class Hunyuan {

  private static final ModelTraits TRAITS =
      DeepSeek.traits().classes("HYV3").mixtureClass("MoE").classHeads(Versions.NONE).build();

  private Hunyuan() {}

  public static Architecture v3(ModelConfig config) {
    Shape shape = Shape.of(config, 128);
    return new DecoderBuilder(config, shape)
        .mixer(() -> Qwen.attention(config, shape).build())
        .mlp(Exaone.sparse(config, shape, 1536, config.flag("mlp_bias", false), 1))
        .traits(TRAITS)
        .build();
  }
}
