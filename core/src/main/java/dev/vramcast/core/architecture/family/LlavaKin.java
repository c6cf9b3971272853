package dev.vramcast.core.architecture.family;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Wrapper;
import dev.vramcast.core.architecture.family.vision.TowerBuilder;
import dev.vramcast.core.architecture.family.vision.VisionEncoders;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.vision.Projector;
import dev.vramcast.core.input.Gap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * ViP-LLaVA, Video-LLaVA, which is described on text alone, and LLaVA-NeXT-Video, whose videos are
 * not described.
 */
final class LlavaKin {

  private static final String PROJECTOR = "model.multi_modal_projector";
  private static final String CLIP = "clip_vision_model";

  /** The second is what published configs and Transformers 4 call it. */
  private static final String[] NAMES = {"vision_feature_layer", "vision_feature_layers"};

  /** Of the default config (VipLlavaConfig). */
  private static final List<Integer> READ = List.of(-2, -5, -8, -11, 6);

  private LlavaKin() {}

  /** States of several layers side by side, normed before the projector. */
  static Architecture vip(ModelConfig config) {
    Architecture text = VisionLanguage.text(config, "llama");
    ModelConfig vision = clip(config);
    TowerBuilder tower = new TowerBuilder();
    VisionStack stack = VisionEncoders.clip(tower, vision, "model.vision_tower.vision_model");
    long size = vision.size("hidden_size", 768) * layers(config, 5);
    Norm norm = VisionEncoders.norm(PROJECTOR + ".projector_layernorm", size);
    tower.norm(norm);
    long hidden = text.hiddenSize();
    List<Linear> linears =
        List.of(
            new Linear(PROJECTOR + ".linear_1", size, hidden, true),
            new Linear(PROJECTOR + ".linear_2", hidden, hidden, true));
    linears.forEach(tower::linear);
    List<Integer> read = read(config, stack.layerCount());
    if (read.isEmpty()) {
      return wrap(config, text, tower.build("vision"));
    }
    int last = read.get(read.size() - 1);
    Projector projector =
        new Projector.Perceptron(
            Optional.of(norm), linears, Mlps.activation(config, "projector_hidden_act", "gelu"));
    long cells = VisionEncoders.patches(vision);
    Encoder encoder =
        Encoder.of(
            stack.reading(stack.layerCount() - last).besides(read.subList(0, read.size() - 1)),
            projector,
            VisionEncoders.fixed(cells + 1, cells, 0));
    return wrap(config, text, tower.build("vision", encoder));
  }

  /**
   * Behind how many layers of the tower each of the states is read, in order; empty where that is
   * not described: one state alone, one twice, or none that a layer made.
   */
  private static List<Integer> read(ModelConfig config, int layers) {
    String key = Keys.present(config, NAMES);
    Object named = config.values().getOrDefault(key, READ);
    if (!(named instanceof List<?> several)) {
      return List.of();
    }
    List<Integer> read = new ArrayList<>();
    for (Object each : several) {
      int index = whole(config, key, each);
      read.add(index < 0 ? layers + 1 + index : index);
    }
    boolean each = read.stream().allMatch(state -> state >= 1 && state <= layers);
    List<Integer> ordered = read.stream().distinct().sorted().toList();
    return each && ordered.size() == several.size() && ordered.size() > 1 ? ordered : List.of();
  }

  private static int whole(ModelConfig config, String key, Object value) {
    if (value instanceof Number number && number.doubleValue() == number.intValue()) {
      return number.intValue();
    }
    throw config.about(key).has(value).allowed("whole numbers").refusal();
  }

  /** As LLaVA-NeXT where nothing of its pool of videos is trained. */
  static Architecture nextVideo(ModelConfig config) {
    ModelConfig vision = clip(config);
    boolean convolves = config.text("spatial_pool_mode", "average").equals("conv");
    if (layers(config, 1) == 1 && !convolves) {
      return Llava.nextVideo(config);
    }
    Architecture text = VisionLanguage.text(config, "llama");
    long size = vision.size("hidden_size", 768);
    TowerBuilder tower = new TowerBuilder();
    VisionEncoders.clip(tower, vision, "model.vision_tower.vision_model");
    project(config, tower, size * layers(config, 1), text.hiddenSize())
        .tensor("model.image_newline", text.hiddenSize());
    if (convolves) {
      long stride = config.size("spatial_pool_stride", 2);
      long out = config.size("spatial_pool_out_channels", size);
      tower
          .tensor("model.vision_resampler.pool.weight", out, size, stride, stride)
          .tensor("model.vision_resampler.pool.bias", out);
    }
    return wrap(config, text, tower.build("vision"));
  }

  /** A tower for images and one for videos. */
  static Architecture video(ModelConfig config) {
    Architecture text = VisionLanguage.text(config, "llama");
    ModelConfig vision = clip(config);
    TowerBuilder tower = new TowerBuilder();
    VisionEncoders.clip(tower, vision, "model.video_tower.vision_model");
    VisionEncoders.clip(tower, vision, "model.image_tower.vision_model");
    long read = vision.size("hidden_size", 768) * layers(config, 1);
    return Wrapper.cachedAbove(
        wrap(config, text, project(config, tower, read, text.hiddenSize()).build("vision")));
  }

  private static ModelConfig clip(ModelConfig config) {
    ModelConfig vision = Wrapper.part(config, "vision_config");
    String type = vision.text("model_type", CLIP);
    if (!type.equals(CLIP)) {
      throw Gap.of("the ", type, " of a ", config.text("model_type", "")).refusal();
    }
    return vision;
  }

  private static long layers(ModelConfig config, int fallback) {
    Object layers = config.values().get(Keys.present(config, NAMES));
    if (layers == null) {
      return fallback;
    }
    return layers instanceof List<?> several ? Math.max(1, several.size()) : 1;
  }

  private static TowerBuilder project(
      ModelConfig config, TowerBuilder tower, long read, long hidden) {
    boolean bias = config.flag("multimodal_projector_bias", true);
    return tower
        .linear(PROJECTOR + ".linear_1", read, hidden, bias)
        .linear(PROJECTOR + ".linear_2", hidden, hidden, bias);
  }

  private static Architecture wrap(ModelConfig config, Architecture text, Tower tower) {
    return Wrapper.wrap(config, text, List.of(tower)).withLoss(WrittenLoss::byMaskInOwnDtype);
  }
}
