package dev.vramcast.core.architecture.family.sound;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.ModelingFile;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.family.build.BartBlocks;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.vision.TowerBuilder;
import dev.vramcast.core.architecture.family.vision.VisionEncoders;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import dev.vramcast.core.architecture.traits.AttentionTraits.Softmax;
import dev.vramcast.core.architecture.traits.AttentionTraits.Weights;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import java.util.List;
import java.util.Optional;

/**
 * Whisper's encoder, which models made after it have too: two convolutions over frames of a segment
 * of sound, the second of which reads every other one, a table of positions that nobody trains, and
 * layers in which all states see each other (transformers WhisperEncoder, Qwen2AudioEncoder,
 * VoxtralEncoder).
 *
 * @param audio its config, by Whisper's keys or by those that all models have
 * @param path of its modules
 */
record WhisperEncoder(ModelConfig audio, String path) {

  /** Frames that a convolution reads at once. */
  private static final int KERNEL = 3;

  /** What the layers' code does. */
  static final ModelTraits TRAITS =
      ModelTraits.builder()
          .laysByHeads()
          .weights(Weights.USUAL.softmax(Softmax.OWN))
          .callsDropout()
          .build();

  long size() {
    return audio.size(audio.values().containsKey("d_model") ? "d_model" : "hidden_size", 1280);
  }

  long inner() {
    return audio.size(key("encoder_ffn_dim", "intermediate_size"), 5120);
  }

  /** States of a segment. */
  int states() {
    return Math.toIntExact(audio.size("max_source_positions", 1500));
  }

  int bands() {
    return Math.toIntExact(audio.size("num_mel_bins", 128));
  }

  private int layers() {
    return VisionEncoders.layers(audio, key("encoder_layers", "num_hidden_layers"), 32);
  }

  private String key(String own, String usual) {
    return audio.values().containsKey(own) ? own : usual;
  }

  /** One layer. */
  DecoderLayer layer() {
    String heads = key("encoder_attention_heads", "num_attention_heads");
    int count = audio.values().containsKey(heads) ? Shape.heads(audio, heads) : 20;
    return DecoderLayer.builder()
        .mixer(new BartBlocks(audio, size(), false).attention(count))
        .mlp(mlp())
        .beforeMixer(Optional.of(VisionEncoders.norm("self_attn_layer_norm", size())))
        .beforeMlp(Optional.of(VisionEncoders.norm("final_layer_norm", size())))
        .residualDropout(audio.number("dropout", 0))
        .build();
  }

  private Mlp mlp() {
    return Mlps.plain(
        "fc1", "fc2", size(), inner(), true, Mlps.activation(audio, "activation_function", "gelu"));
  }

  /** Its modules without those of a projector, and what runs. */
  VisionStack read(
      TowerBuilder tower,
      ModelTraits traits,
      ModelingFile file,
      PatchEmbedding.Positions.Code code) {
    Linear first = new Linear(path + ".conv1", (long) KERNEL * bands(), size(), true);
    Linear second = new Linear(path + ".conv2", KERNEL * size(), size(), true);
    boolean wide = code == PatchEmbedding.Positions.Code.IN_FP32;
    ParameterTensor positions = positions(wide);
    DecoderLayer layer = layer();
    tower
        .weight(first.name(), true, size(), bands(), KERNEL)
        .weight(second.name(), true, size(), size(), KERNEL)
        .tensor(positions)
        .layers(path + ".layers", layer, layers())
        .norm(path + ".layer_norm", size(), true);
    return new VisionStack(
        traits,
        file,
        PatchEmbedding.ofSound(
            first,
            positions,
            code,
            new PatchEmbedding.Sound(second, Math.multiplyExact(2, states()), bands())),
        path + ".layers",
        List.of(new LayerRun(List.of(layer), layers())),
        Optional.of(VisionEncoders.norm(path + ".layer_norm", size())),
        VisionStack.Unread.NOTHING);
  }

  private ParameterTensor positions(boolean wide) {
    String name = path + ".embed_positions.weight";
    ParameterTensor table = VisionEncoders.parameter(name, states(), size());
    return new ParameterTensor(
        name, table.shape(), wide ? TensorGroup.FIXED_WIDE_TOWER : TensorGroup.FIXED_TOWER);
  }
}
