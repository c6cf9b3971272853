package dev.vramcast.core.architecture.family.vision;

import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.ModelingFile;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.vision.ConvNet;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.architecture.vision.Projector;
import java.util.List;
import java.util.Optional;

/** The encoders of Gemma 3n and Gemma 4. */
public final class GemmaTowers {

  private static final String AUDIO = "model.audio_tower";
  private static final String VISION = "model.vision_tower";

  /** The one network of timm that Gemma 3n is published with. */
  private static final String NETWORK = "mobilenetv5_300m_enc";

  private static final Norm.Type NORM = Norm.Type.RMS_BY_POWER;

  /** The begin and end of an image, and a break on both sides (Gemma3nProcessor). */
  private static final int MARKS = 4;

  private GemmaTowers() {}

  /** Gemma 4's audio encoder. */
  public static Tower audio4(ModelConfig audio, long textHidden) {
    long size = audio.size("hidden_size", 1024);
    long kernel = audio.size("conv_kernel_size", 5);
    long out = audio.size("output_proj_dims", 1536);
    long heads = audio.size("num_attention_heads", 8);
    Shape.divides(audio, heads, "attention heads", size, "hidden size");
    List<?> channels = audio.list("subsampling_conv_channels");
    long first = channel(channels, 0, 128);
    long second = channel(channels, 1, 32);
    TowerBuilder tower = new TowerBuilder();
    String subsample = AUDIO + ".subsample_conv_projection";
    subsample(tower, subsample, "layer0", "layer1", first, second, first / 4 * second, size);
    int layers = VisionEncoders.layers(audio, "num_hidden_layers", 12);
    for (int i = 0; i < layers; i++) {
      String layer = AUDIO + ".layers." + i;
      for (String half : List.of("feed_forward1", "feed_forward2")) {
        String path = layer + "." + half;
        tower
            .mlp(path, "ffw_layer_1.linear", "ffw_layer_2.linear", size, 4 * size, false)
            .norm(path + ".pre_layer_norm", size, false)
            .norm(path + ".post_layer_norm", size, false);
      }
      String attention = layer + ".self_attn";
      tower
          .linear(attention + ".q_proj.linear", size, size, false)
          .linear(attention + ".k_proj.linear", size, size, false)
          .linear(attention + ".v_proj.linear", size, size, false)
          .linear(attention + ".post.linear", size, size, false)
          .linear(attention + ".relative_k_proj", size, size, false)
          .tensor(attention + ".per_dim_scale", size / heads);
      convolution(tower, layer + ".lconv1d", ".linear", size, kernel);
      for (String norm : List.of("norm_pre_attn", "norm_post_attn", "norm_out")) {
        tower.norm(layer + "." + norm, size, false);
      }
    }
    return tower
        .linear(AUDIO + ".output_proj", size, out, true)
        .linear("model.embed_audio.embedding_projection", out, textHidden, false)
        .build("audio");
  }

  private static long channel(List<?> channels, int index, long fallback) {
    return index < channels.size() && channels.get(index) instanceof Number number
        ? number.longValue()
        : fallback;
  }

  private static void subsample(
      TowerBuilder tower,
      String path,
      String firstName,
      String secondName,
      long first,
      long second,
      long flat,
      long size) {
    tower
        .weight(path + "." + firstName + ".conv", false, first, 1, 3, 3)
        .norm(path + "." + firstName + ".norm", first, false)
        .weight(path + "." + secondName + ".conv", false, second, first, 3, 3)
        .norm(path + "." + secondName + ".norm", second, false)
        .linear(path + ".input_proj_linear", flat, size, false);
  }

  private static void convolution(
      TowerBuilder tower, String path, String suffix, long size, long kernel) {
    tower
        .linear(path + ".linear_start" + suffix, size, 2 * size, false)
        .linear(path + ".linear_end" + suffix, size, size, false)
        .weight(path + ".depthwise_conv1d", false, size, 1, kernel)
        .norm(path + ".pre_layer_norm", size, false)
        .norm(path + ".conv_norm", size, false);
  }

  /** Gemma 3n's vision encoder, a convolutional network of fixed size. */
  public static Tower vision3n(ModelConfig vision, long textHidden) {
    String path = VISION + ".timm_model";
    ConvNet net = MobileNetV5.read(path);
    TowerBuilder tower = new TowerBuilder();
    net.tensors().forEach(tower::tensor);
    String embedder = "model.embed_vision";
    Tower.Words words = embedder(tower, embedder, vision, 2048, textHidden);
    if (vision.size("hidden_size", 2048) != net.fusion().out()
        || !vision.text("architecture", NETWORK).equals(NETWORK)) {
      return tower.build("vision").looking(words);
    }
    long size = net.fusion().out();
    Projector projector =
        new Projector.Normed(
            new Norm(embedder + ".soft_embedding_norm", NORM, size, true, false),
            words.linear(),
            words.after());
    VisionStack stack =
        new VisionStack(
            ModelTraits.LLAMA,
            new ModelingFile("timm/models/mobilenetv5.py", "MobileNetV5", "Encoder", ""),
            PatchEmbedding.ofNet(net),
            path,
            List.of(),
            Optional.empty(),
            VisionStack.Unread.NOTHING);
    long cells = (long) net.cells() * net.cells();
    return tower
        .build("vision", Encoder.of(stack, projector, VisionEncoders.fixed(cells, cells, MARKS)))
        .looking(words);
  }

  /** Gemma 3n's audio encoder. */
  public static Tower audio3n(ModelConfig audio, long textHidden) {
    long size = audio.size("hidden_size", 1536);
    long heads = audio.size("conf_num_attention_heads", 8);
    Shape.divides(audio, heads, "attention heads", size, "hidden size");
    long kernel = audio.size("conf_conv_kernel_size", 5);
    List<?> channels = audio.list("sscp_conv_channel_size");
    long first = channel(channels, 0, 128);
    long second = channel(channels, 1, 32);
    long bins = audio.size("input_feat_size", 128) / 4;
    TowerBuilder tower = new TowerBuilder();
    String subsample = AUDIO + ".subsample_conv_projection";
    subsample(tower, subsample, "conv_0", "conv_1", first, second, second * bins, size);
    int layers = VisionEncoders.layers(audio, "conf_num_hidden_layers", 12);
    for (int i = 0; i < layers; i++) {
      String layer = AUDIO + ".conformer." + i;
      for (String half : List.of("ffw_layer_start", "ffw_layer_end")) {
        String path = layer + "." + half;
        tower
            .mlp(path, "ffw_layer_1", "ffw_layer_2", size, 4 * size, false)
            .norm(path + ".pre_layer_norm", size, false)
            .norm(path + ".post_layer_norm", size, false);
      }
      String attention = layer + ".attention";
      tower
          .linear(attention + ".attn.q_proj", size, size, false)
          .linear(attention + ".attn.k_proj", size, size, false)
          .linear(attention + ".attn.v_proj", size, size, false)
          .linear(attention + ".attn.relative_position_embedding.pos_proj", size, size, false)
          .linear(attention + ".post", size, size, false)
          .tensor(attention + ".attn.per_dim_scale", size / heads)
          .norm(attention + ".pre_attn_norm", size, false)
          .norm(attention + ".post_norm", size, false)
          .norm(layer + ".norm", size, false);
      convolution(tower, layer + ".lconv1d", "", size, kernel);
    }
    Tower.Words words = embedder(tower, "model.embed_audio", audio, 1536, textHidden);
    return tower.build("audio").looking(words);
  }

  /** Gemma3nMultimodalEmbedder, whose words every token is looked up in. */
  private static Tower.Words embedder(
      TowerBuilder tower, String path, ModelConfig part, long defaultSize, long textHidden) {
    long size = part.size("hidden_size", defaultSize);
    Norm norm = new Norm(path + ".hard_embedding_norm", NORM, size, true, false);
    Linear linear = new Linear(path + ".embedding_projection", size, textHidden, false);
    ParameterTensor table =
        VisionEncoders.parameter(path + ".embedding.weight", part.size("vocab_size", 128), size);
    tower.tensor(table).norm(norm).norm(path + ".soft_embedding_norm", size, false).linear(linear);
    Norm after = new Norm(path + ".embedding_post_projection_norm", NORM, textHidden, false, false);
    return new Tower.Words(table, norm, linear, after);
  }
}
