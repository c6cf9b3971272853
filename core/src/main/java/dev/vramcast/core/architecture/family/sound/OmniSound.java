package dev.vramcast.core.architecture.family.sound;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.ModelingFile;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.vision.TowerBuilder;
import dev.vramcast.core.architecture.family.vision.VisionEncoders;
import dev.vramcast.core.architecture.mixer.PatchAttention;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.architecture.vision.PatchPool;
import dev.vramcast.core.architecture.vision.Projector;
import dev.vramcast.core.architecture.vision.SoundChunks;
import dev.vramcast.core.architecture.vision.SoundGrid;
import java.util.List;
import java.util.Optional;

/**
 * Encoders of sound of Qwen2.5-Omni and Qwen3-Omni: chunks that run through convolutions, and
 * layers in which states of one chunk, or of several, see each other.
 *
 * @param audio its config
 * @param path of its modules
 */
record OmniSound(ModelConfig audio, String path, TowerBuilder tower) {

  /** Frames that a convolution reads at once, and bands. */
  private static final int KERNEL = 3;

  long size() {
    return audio.size("d_model", 1280);
  }

  private long out() {
    return audio.size("output_dim", 3584);
  }

  private long bands() {
    return audio.size("num_mel_bins", 128);
  }

  private int window(int fallback) {
    return Math.toIntExact(audio.size("n_window", fallback));
  }

  /** Qwen2.5-Omni's. */
  static Tower omni25(ModelConfig audio, String path) {
    OmniSound sound = new OmniSound(audio, path, new TowerBuilder());
    int chunk = Math.multiplyExact(2, sound.window(100));
    List<Linear> convolutions =
        List.of(
            new Linear(path + ".conv1", KERNEL * sound.bands(), sound.size(), true),
            new Linear(path + ".conv2", KERNEL * sound.size(), sound.size(), true));
    sound
        .tower
        .weight(path + ".conv1", true, sound.size(), sound.bands(), KERNEL)
        .weight(path + ".conv2", true, sound.size(), sound.size(), KERNEL)
        .table(path + ".audio_bos_eos_token", 2, sound.out());
    ParameterTensor unread = TowerBuilder.lookup(path + ".audio_bos_eos_token", 2, sound.out());
    VisionStack stack =
        sound
            .stack("qwen2_5_omni", "Qwen2_5Omni", chunk / 2, false, List.of(unread))
            .pooled(new PatchPool.Pairs(true))
            .hearing(
                new SoundChunks(
                    convolutions,
                    Optional.empty(),
                    chunk,
                    Math.toIntExact(sound.bands()),
                    SoundGrid.FILLED));
    Linear last = new Linear(path + ".proj", sound.size(), sound.out(), true);
    return sound.tower(stack, List.of(last), SoundGrid.Way.HALVED);
  }

  /** Qwen3-Omni's. */
  static Tower omni3(ModelConfig audio, String path) {
    OmniSound sound = new OmniSound(audio, path, new TowerBuilder());
    long width = audio.size("downsample_hidden_size", 480);
    long reduced = (((sound.bands() + 1) / 2 + 1) / 2 + 1) / 2;
    int chunk = Math.multiplyExact(2, sound.window(50));
    long square = (long) KERNEL * KERNEL;
    List<Linear> convolutions =
        List.of(
            new Linear(path + ".conv2d1", square, width, true),
            new Linear(path + ".conv2d2", square * width, width, true),
            new Linear(path + ".conv2d3", square * width, width, true));
    Linear first = new Linear(path + ".conv_out", width * reduced, sound.size(), false);
    sound
        .tower
        .weight(path + ".conv2d1", true, width, 1, KERNEL, KERNEL)
        .weight(path + ".conv2d2", true, width, width, KERNEL, KERNEL)
        .weight(path + ".conv2d3", true, width, width, KERNEL, KERNEL)
        .linear(first);
    int of = ((chunk + 1) / 2 + 1) / 2;
    int seen =
        (of + 1) / 2 * Math.max(1, Math.toIntExact(audio.size("n_window_infer", 800)) / chunk);
    VisionStack stack =
        sound
            .stack("qwen3_omni_moe", "Qwen3OmniMoe", seen, true, List.of())
            .hearing(
                new SoundChunks(
                    convolutions, Optional.of(first), chunk, Math.toIntExact(sound.bands()), 0));
    List<Linear> last =
        List.of(
            new Linear(path + ".proj1", sound.size(), sound.size(), true),
            new Linear(path + ".proj2", sound.size(), sound.out(), true));
    return sound.tower(stack, last, SoundGrid.Way.PLANES);
  }

  private Tower tower(VisionStack stack, List<Linear> last, SoundGrid.Way way) {
    last.forEach(tower::linear);
    Projector projector =
        new Projector.Perceptron(
            Optional.empty(), last, Mlps.activation(audio, "activation_function", "gelu"));
    return tower
        .build(
            "audio",
            Encoder.of(stack, projector, new SoundGrid(way, 0)).joined(Encoder.Joining.NAMED))
        .keeping(audio.size("max_source_positions", 1500) * size());
  }

  /**
   * Layers and the norm behind them.
   *
   * @param seen states that see each other
   * @param keyBias projections of keys have one
   */
  private VisionStack stack(
      String type, String prefix, int seen, boolean keyBias, List<ParameterTensor> unread) {
    int heads = Math.toIntExact(audio.size("encoder_attention_heads", 20));
    Shape.divides(audio, heads, "attention heads", size(), "model size");
    DecoderLayer layer =
        DecoderLayer.builder()
            .mixer(
                new PatchAttention(
                    heads,
                    Math.toIntExact(size() / heads),
                    List.of(
                        new Linear("self_attn.q_proj", size(), size(), true),
                        new Linear("self_attn.k_proj", size(), size(), keyBias),
                        new Linear("self_attn.v_proj", size(), size(), true)),
                    new Linear("self_attn.out_proj", size(), size(), true),
                    seen,
                    false))
            .mlp(
                Mlps.plain(
                    "fc1",
                    "fc2",
                    size(),
                    audio.size("encoder_ffn_dim", 5120),
                    true,
                    Mlps.activation(audio, "activation_function", "gelu")))
            .beforeMixer(Optional.of(VisionEncoders.norm("self_attn_layer_norm", size())))
            .beforeMlp(Optional.of(VisionEncoders.norm("final_layer_norm", size())))
            .build();
    int count = VisionEncoders.layers(audio, "encoder_layers", 32);
    tower.layers(path + ".layers", layer, count).norm(path + ".ln_post", size(), true);
    return new VisionStack(
        ModelTraits.LLAMA,
        new ModelingFile(
            "transformers/models/" + type + "/modeling_" + type + ".py",
            prefix,
            "AudioEncoderLayer",
            ""),
        PatchEmbedding.ofText(size()),
        path + ".layers",
        List.of(new LayerRun(List.of(layer), count)),
        Optional.of(VisionEncoders.norm(path + ".ln_post", size())),
        new VisionStack.Unread(List.of(), Optional.empty(), unread));
  }
}
