package dev.vramcast.core.architecture.family.sound;

import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.vision.TowerBuilder;
import dev.vramcast.core.architecture.family.vision.VisionEncoders;
import java.util.Map;

/** Audio encoders made after Whisper, of which some are described at rest alone. */
public final class AudioEncoders {

  private AudioEncoders() {}

  /** Audio Flamingo 3. */
  public static Tower flamingo(ModelConfig audio, long textHidden, boolean bias) {
    String path = "model.audio_tower";
    String projector = "model.multi_modal_projector";
    long size = audio.size("hidden_size", 1280);
    TowerBuilder tower = new TowerBuilder();
    whisper(
        tower,
        audio,
        path,
        size,
        audio.size("intermediate_size", 5120),
        VisionEncoders.layers(audio, "num_hidden_layers", 32));
    return tower
        .linear(projector + ".linear_1", size, textHidden, bias)
        .linear(projector + ".linear_2", textHidden, textHidden, bias)
        .build("audio");
  }

  /** GLM-ASR. */
  public static Tower glm(ModelConfig audio, long textHidden) {
    String path = "model.audio_tower";
    String projector = "model.multi_modal_projector";
    long size = audio.size("hidden_size", 1280);
    long inner = audio.size("intermediate_size", 5120);
    long heads = audio.size("num_attention_heads", 20);
    long shared = size * audio.size("num_key_value_heads", heads) / heads;
    TowerBuilder tower = new TowerBuilder();
    convolutions(tower, audio, path, size);
    for (int i = 0; i < VisionEncoders.layers(audio, "num_hidden_layers", 32); i++) {
      String layer = path + ".layers." + i;
      tower
          .linear(layer + ".self_attn.q_proj", size, size, true)
          .linear(layer + ".self_attn.k_proj", size, shared, false)
          .linear(layer + ".self_attn.v_proj", size, shared, true)
          .linear(layer + ".self_attn.o_proj", size, size, true)
          .mlp(layer + ".mlp", "fc1", "fc2", size, inner, true)
          .norm(layer + ".input_layernorm", size, true)
          .norm(layer + ".post_attention_layernorm", size, true);
    }
    return tower
        .norm(path + ".norm", size, true)
        .linear(projector + ".linear_1", inner, 2 * textHidden, true)
        .linear(projector + ".linear_2", 2 * textHidden, textHidden, true)
        .build("audio");
  }

  /** Qwen3-ASR: as Qwen3-Omni's, with the projections beside it. */
  public static Tower asr3(ModelConfig audio) {
    long size = audio.size("d_model", 1024);
    String projector = "model.multi_modal_projector";
    return convolved(audio, "model.audio_tower", size, 4096)
        .linear(projector + ".linear_1", size, size, true)
        .linear(projector + ".linear_2", size, audio.size("output_dim", 3584), true)
        .build("audio");
  }

  /** MiniCPM-o's: Whisper's encoder and two linears beside what sees (modeling_minicpmo.py). */
  public static void miniCpm(TowerBuilder tower, ModelConfig audio, long textHidden) {
    String projector = "audio_projection_layer";
    long size = audio.size("d_model", 1024);
    long inner = audio.size("encoder_ffn_dim", 4096);
    ModelConfig known = Keys.withDefaults(audio, Map.of("num_mel_bins", 80));
    whisper(tower, known, "apm", size, inner, VisionEncoders.layers(audio, "encoder_layers", 24));
    tower
        .linear(projector + ".linear1", inner / 4, textHidden, true)
        .linear(projector + ".linear2", textHidden, textHidden, true);
  }

  private static void whisper(
      TowerBuilder tower, ModelConfig audio, String path, long size, long inner, int layers) {
    convolutions(tower, audio, path, size);
    tower.fixed(path + ".embed_positions", audio.size("max_source_positions", 1500), size);
    for (int i = 0; i < layers; i++) {
      layer(tower, path + ".layers." + i, size, inner, false);
    }
    tower.norm(path + ".layer_norm", size, true);
  }

  /** Qwen2.5-Omni. */
  public static Tower omni25(ModelConfig audio, String path) {
    return OmniSound.omni25(audio, path);
  }

  /** Qwen3-Omni. */
  public static Tower omni3(ModelConfig audio, String path) {
    return OmniSound.omni3(audio, path);
  }

  /** Three convolutions that halve the sides before the layers. */
  private static TowerBuilder convolved(ModelConfig audio, String path, long size, long inner) {
    long width = audio.size("downsample_hidden_size", 480);
    long bins = audio.size("num_mel_bins", 128);
    long reduced = (((bins + 1) / 2 + 1) / 2 + 1) / 2;
    TowerBuilder tower =
        new TowerBuilder()
            .weight(path + ".conv2d1", true, width, 1, 3, 3)
            .weight(path + ".conv2d2", true, width, width, 3, 3)
            .weight(path + ".conv2d3", true, width, width, 3, 3)
            .linear(path + ".conv_out", width * reduced, size, false);
    layers(tower, audio, path, size, inner, true);
    return tower.norm(path + ".ln_post", size, true);
  }

  private static void layers(
      TowerBuilder tower,
      ModelConfig audio,
      String path,
      long size,
      long innerByDefault,
      boolean keyBias) {
    int layers = VisionEncoders.layers(audio, "encoder_layers", 32);
    long inner = audio.size("encoder_ffn_dim", innerByDefault);
    for (int i = 0; i < layers; i++) {
      layer(tower, path + ".layers." + i, size, inner, keyBias);
    }
  }

  private static void convolutions(TowerBuilder tower, ModelConfig audio, String path, long size) {
    tower
        .weight(path + ".conv1", true, size, audio.size("num_mel_bins", 128), 3)
        .weight(path + ".conv2", true, size, size, 3);
  }

  private static void layer(
      TowerBuilder tower, String path, long size, long inner, boolean keyBias) {
    tower
        .linear(path + ".self_attn.k_proj", size, size, keyBias)
        .linear(path + ".self_attn.v_proj", size, size, true)
        .linear(path + ".self_attn.q_proj", size, size, true)
        .linear(path + ".self_attn.out_proj", size, size, true)
        .norm(path + ".self_attn_layer_norm", size, true)
        .mlp(path, "fc1", "fc2", size, inner, true)
        .norm(path + ".final_layer_norm", size, true);
  }
}
