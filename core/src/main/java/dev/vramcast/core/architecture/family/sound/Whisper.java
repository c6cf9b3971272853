package dev.vramcast.core.architecture.family.sound;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.LayerExtras;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.ModelingFile;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.family.build.BartBlocks;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.vision.TowerBuilder;
import dev.vramcast.core.architecture.family.vision.VisionEncoders;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.traits.AttentionTraits.Softmax;
import dev.vramcast.core.architecture.traits.AttentionTraits.Weights;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.architecture.vision.Projector;
import java.util.List;
import java.util.Map;

/**
 * Whisper: an encoder over thirty seconds of sound, shorter ones of which are filled up with
 * silence, and a decoder of their text that looks at its states (transformers
 * WhisperForConditionalGeneration).
 */
public final class Whisper {

  private static final String ENCODER = "model.encoder";
  private static final String DECODER = "model.decoder.";

  /** What models made after its encoder may leave out, and it does not. */
  private static final List<String> REQUIRED =
      List.of("encoder_attention_heads", "encoder_ffn_dim", "encoder_layers");

  /** Logits go to the loss as they are, and the labels are not shifted there. */
  private static final ModelTraits TRAITS =
      ModelTraits.builder()
          .lossInOwnDtype(Versions.ALL)
          .unusualLoss(Versions.ALL)
          .laysByHeads()
          .weights(Weights.USUAL.softmax(Softmax.OWN))
          .callsDropout()
          .classes("Whisper")
          .build();

  private final ModelConfig config;
  private final long size;
  private final BartBlocks blocks;

  private Whisper(ModelConfig config) {
    this.config = config;
    this.size = config.size("d_model");
    this.blocks = new BartBlocks(config, size, false);
  }

  public static Architecture whisper(ModelConfig config) {
    Whisper model = new Whisper(config);
    Architecture decoder = model.decoder();
    return decoder.toBuilder().towers(List.of(model.encoder(decoder.layers()))).build();
  }

  private Architecture decoder() {
    int heads = Shape.heads(config, "decoder_attention_heads");
    long positions = config.size("max_target_positions", 448);
    ModelConfig own =
        blocks
            .decoder(heads, config.size("decoder_layers"))
            .with(Map.of("max_position_embeddings", positions));
    Shape shape = Shape.of(own);
    double dropout = config.number("dropout", 0);
    Attention attention = blocks.attention(heads);
    LayerExtras cross = LayerExtras.NONE.crossing(blocks.cross(heads));
    Mlp mlp = mlp("decoder_ffn_dim");
    return new DecoderBuilder(own, shape)
        .paths(DECODER + "embed_tokens", DECODER + "layers", DECODER + "layer_norm", "proj_out")
        .positions(DECODER + "embed_positions", positions)
        .layerNorm(true, true)
        .preNorms("self_attn_layer_norm", "final_layer_norm")
        .residualDropout(dropout)
        .embeddingDropout(dropout)
        .head(HeadBuilder::tiedByDefault)
        .mixer(() -> attention)
        .mlp(() -> mlp)
        .layerExtras(layer -> cross)
        .traits(TRAITS)
        .build();
  }

  private Mlp mlp(String key) {
    return Mlps.plain(
        "fc1",
        "fc2",
        size,
        config.size(key),
        true,
        Mlps.activation(config, "activation_function", "gelu"));
  }

  private Tower encoder(List<LayerRun> decoder) {
    REQUIRED.forEach(config::size);
    WhisperEncoder own =
        new WhisperEncoder(
            Keys.withDefaults(config, Map.of("num_mel_bins", 80, "max_source_positions", 1500)),
            ENCODER);
    TowerBuilder tower = new TowerBuilder();
    ModelingFile file =
        new ModelingFile(
            "transformers/models/whisper/modeling_whisper.py", "Whisper", "EncoderLayer", "");
    VisionStack stack = own.read(tower, TRAITS, file, PatchEmbedding.Positions.Code.LOOKED_UP);
    int states = own.states();
    Encoder encoder =
        Encoder.of(stack, new Projector.Absent(), VisionEncoders.fixed(states, 0, 0))
            // WhisperDecoder.forward: by keyword from 4.53 until 5.0.
            .crossing(
                Encoder.Crossing.ofSound(states, decoder, Versions.until(5, 0).andSince(4, 53)));
    return tower.build("audio", encoder);
  }
}
