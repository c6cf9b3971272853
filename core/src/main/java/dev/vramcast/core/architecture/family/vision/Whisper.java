package dev.vramcast.core.architecture.family.vision;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
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
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.traits.AttentionTraits.Softmax;
import dev.vramcast.core.architecture.traits.AttentionTraits.Weights;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.architecture.vision.Projector;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whisper: an encoder over thirty seconds of sound, shorter ones of which are filled up with
 * silence, and a decoder of their text that looks at its states (transformers
 * WhisperForConditionalGeneration).
 */
public final class Whisper {

  private static final String ENCODER = "model.encoder";
  private static final String DECODER = "model.decoder.";

  /** Frames that a convolution reads at once. */
  private static final int KERNEL = 3;

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
    LayerExtras cross = LayerExtras.crossing(blocks.cross(heads));
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
    int bands = Math.toIntExact(config.size("num_mel_bins", 80));
    int states = Math.toIntExact(config.size("max_source_positions", 1500));
    Linear first = new Linear(ENCODER + ".conv1", (long) KERNEL * bands, size, true);
    Linear second = new Linear(ENCODER + ".conv2", KERNEL * size, size, true);
    ParameterTensor positions =
        VisionEncoders.table(ENCODER + ".embed_positions.weight", states, size);
    DecoderLayer layer =
        DecoderLayer.builder()
            .mixer(blocks.attention(Shape.heads(config, "encoder_attention_heads")))
            .mlp(mlp("encoder_ffn_dim"))
            .beforeMixer(Optional.of(VisionEncoders.norm("self_attn_layer_norm", size)))
            .beforeMlp(Optional.of(VisionEncoders.norm("final_layer_norm", size)))
            .residualDropout(config.number("dropout", 0))
            .build();
    int count = Shape.layers(config, "encoder_layers");
    TowerBuilder tower =
        new TowerBuilder()
            .weight(first.name(), true, size, bands, KERNEL)
            .weight(second.name(), true, size, size, KERNEL)
            .tensor(positions)
            .layers(ENCODER + ".layers", layer, count)
            .norm(ENCODER + ".layer_norm", size, true);
    VisionStack stack =
        new VisionStack(
            TRAITS,
            new ModelingFile(
                "transformers/models/whisper/modeling_whisper.py", "Whisper", "EncoderLayer", ""),
            PatchEmbedding.ofSound(
                first, positions, new PatchEmbedding.Sound(second, 2 * states, bands)),
            ENCODER + ".layers",
            List.of(new LayerRun(List.of(layer), count)),
            Optional.of(VisionEncoders.norm(ENCODER + ".layer_norm", size)),
            VisionStack.Unread.NOTHING);
    Encoder encoder =
        Encoder.of(stack, new Projector.Absent(), VisionEncoders.fixed(states, 0, 0))
            // WhisperDecoder.forward: by keyword from 4.53 until 5.0.
            .crossing(
                Encoder.Crossing.ofSound(states, decoder, Versions.until(5, 0).andSince(4, 53)));
    return tower.build("audio", encoder);
  }
}
