package dev.vramcast.core.architecture.family;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Wrapper;
import dev.vramcast.core.architecture.family.vision.PixtralVision;
import dev.vramcast.core.architecture.family.vision.TowerBuilder;
import dev.vramcast.core.architecture.family.vision.VisionEncoders;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import dev.vramcast.core.architecture.traits.LigerTraits;
import dev.vramcast.core.architecture.vision.AnyResolution;
import dev.vramcast.core.architecture.vision.ImageGrid;
import dev.vramcast.core.architecture.vision.OwnSize;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.architecture.vision.Projector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * LLaVA, LLaVA-NeXT, LLaVA-OneVision, Pixtral, Mistral 3 and LightOnOCR: a tower and two linears.
 */
final class Llava {

  private static final String PROJECTOR = "model.multi_modal_projector";
  private static final String TOWER = "model.vision_tower";
  private static final String ROW_END = "model.image_newline";

  /** Tiles of {@code anyres_max_9}, which is OneVision's default. */
  private static final String ONEVISION_TILES = "anyres_max_9";

  private Llava() {}

  /** With a CLIP, SigLIP or Pixtral tower. */
  static Architecture llava(ModelConfig config) {
    Architecture text = VisionLanguage.text(config, "llama");
    TowerBuilder tower = new TowerBuilder();
    Optional<VisionStack> stack = read(config, tower, -2);
    Projector.Perceptron projector = projector(config, tower, text.hiddenSize());
    Tower built =
        stack
            .map(each -> Encoder.of(each, projector, grid(config)).joined(Encoder.Joining.BY_IMAGE))
            .map(encoder -> tower.build("vision", encoder))
            .orElseGet(() -> tower.build("vision"));
    return Wrapper.wrap(config, text, List.of(built))
        .withLoss(WrittenLoss::byMaskInOwnDtype)
        .reachedBy(LigerTraits.ALL);
  }

  /** A learned vector ends each line of patches. */
  static Architecture next(ModelConfig config) {
    return tiled(config, VisionLanguage.text(config, "llama"), -2, 0)
        .withLoss(WrittenLoss::byMaskInOwnDtype);
  }

  static Architecture onevision(ModelConfig config) {
    String tiles =
        config.text("vision_aspect_ratio", ONEVISION_TILES).replaceFirst("^anyres_max_", "");
    int most = tiles.matches("\\d{1,4}") ? Integer.parseInt(tiles) : 0;
    return tiled(config, VisionLanguage.text(config, "qwen2"), -1, most)
        .withLoss(WrittenLoss::byMaskInOwnDtype);
  }

  /** LLaVA-NeXT-Video, whose pool of videos is for these alone. */
  static Architecture nextVideo(ModelConfig config) {
    Architecture text = VisionLanguage.text(config, "llama");
    return tiled(config, text, -2, 0).withLoss(WrittenLoss::byMaskInOwnDtype);
  }

  private static Architecture tiled(
      ModelConfig config, Architecture text, int layer, int mostTiles) {
    TowerBuilder tower = new TowerBuilder();
    Optional<VisionStack> stack = read(config, tower, layer);
    Projector.Perceptron projector = projector(config, tower, text.hiddenSize());
    ParameterTensor end =
        new ParameterTensor(ROW_END, List.of(text.hiddenSize()), TensorGroup.TOWER);
    tower.tensor(end);
    List<ImageGrid.Size> canvases = canvases(config);
    if (stack.isEmpty() || canvases.isEmpty()) {
      return Wrapper.cachedAbove(Wrapper.wrap(config, text, List.of(tower.build("vision"))));
    }
    ModelConfig vision = Wrapper.part(config, "vision_config");
    int side = Math.toIntExact(vision.size("image_size", 336));
    int cells = Math.toIntExact(side / vision.size("patch_size", 14));
    VisionStack reads = stack.get();
    AnyResolution grid =
        new AnyResolution(
            canvases, side, cells, reads.patches().besides(), mostTiles, mostTiles > 0);
    Encoder encoder = Encoder.of(together(reads), projector, grid).tiled(end);
    return Wrapper.cachedAbove(Wrapper.wrap(config, text, List.of(tower.build("vision", encoder))));
  }

  private static VisionStack together(VisionStack stack) {
    return stack.with(stack.patches().pixels(PatchEmbedding.Pixels.PUT_TOGETHER));
  }

  /** {@code image_grid_pinpoints}, each height and width. */
  private static List<ImageGrid.Size> canvases(ModelConfig config) {
    List<ImageGrid.Size> canvases = new ArrayList<>();
    for (Object each : config.list("image_grid_pinpoints")) {
      if (each instanceof List<?> sides
          && sides.size() == 2
          && sides.get(0) instanceof Number height
          && sides.get(1) instanceof Number width) {
        canvases.add(new ImageGrid.Size(width.intValue(), height.intValue()));
      }
    }
    return canvases;
  }

  /** Mistral Small 3.1 and later, Ministral 3: patches are merged before the projector. */
  static Architecture mistral3(ModelConfig config) {
    Architecture text = VisionLanguage.text(config, "mistral");
    TowerBuilder tower = new TowerBuilder();
    Optional<VisionStack> stack = read(config, tower, -1);
    Tower built = merging(config, tower, stack, PROJECTOR, text.hiddenSize());
    return Wrapper.cachedAbove(Wrapper.wrap(config, text, List.of(built)))
        .withLoss(WrittenLoss::byMaskInOwnDtype);
  }

  /** LightOnOCR: Pixtral's tower, patches merged as Mistral 3 does, Qwen3. */
  static Architecture lightOn(ModelConfig config) {
    Architecture text = VisionLanguage.text(config, "qwen3");
    TowerBuilder tower = new TowerBuilder();
    ModelConfig vision = Wrapper.part(config, "vision_config");
    VisionStack stack = PixtralVision.read(tower, vision, "model.vision_encoder");
    Tower built =
        merging(config, tower, Optional.of(stack), "model.vision_projection", text.hiddenSize());
    return Wrapper.cachedAbove(Wrapper.wrap(config, text, List.of(built)));
  }

  /** The tower with a projector of that path that merges squares of patches. */
  private static Tower merging(
      ModelConfig config,
      TowerBuilder tower,
      Optional<VisionStack> stack,
      String path,
      long hidden) {
    long size = Wrapper.part(config, "vision_config").size("hidden_size", 1024);
    long merge = config.size("spatial_merge_size", 2);
    Norm norm = new Norm(path + ".norm", Norm.Type.RMS, size, true, false);
    Linear merging =
        new Linear(
            path + ".patch_merger.merging_layer", size * VisionEncoders.square(merge), size, false);
    tower.norm(norm).linear(merging);
    boolean bias = config.flag("multimodal_projector_bias", false);
    Projector.Perceptron perceptron =
        perceptron(config, tower, path, List.of(size, hidden), bias, Projector.Gathering.IN_ORDER);
    Projector projector = new Projector.Merged(norm, merging, perceptron);
    return stack
        .map(each -> Encoder.of(each, projector, ownSize(config, merge)))
        .map(encoder -> encoder.joined(Encoder.Joining.BY_IMAGE))
        .map(encoder -> tower.build("vision", encoder))
        .orElseGet(() -> tower.build("vision"));
  }

  /**
   * The tower up to the hidden states that the model reads; empty where these are several, or the
   * tower has a head beside them.
   */
  private static Optional<VisionStack> read(ModelConfig config, TowerBuilder tower, int layer) {
    ModelConfig vision = Wrapper.part(config, "vision_config");
    String type = vision.text("model_type", "clip_vision_model");
    boolean heads = type.startsWith("siglip") && vision.flag("vision_use_head", true);
    VisionStack stack;
    if (type.equals("pixtral")) {
      stack = PixtralVision.read(tower, vision, TOWER);
    } else if (type.startsWith("siglip")) {
      stack = VisionEncoders.siglip(tower, vision, TOWER + ".vision_model", true);
    } else {
      stack = VisionEncoders.clip(tower, vision, TOWER + ".vision_model");
    }
    Object named = config.values().getOrDefault("vision_feature_layer", layer);
    if (heads || !(named instanceof Number number)) {
      return Optional.empty();
    }
    int layers = stack.layerCount();
    int states = number.intValue() < 0 ? layers + 1 + number.intValue() : number.intValue();
    return states < 1 || states > layers
        ? Optional.empty()
        : Optional.of(stack.reading(layers - states));
  }

  private static Projector.Perceptron projector(
      ModelConfig config, TowerBuilder tower, long hidden) {
    ModelConfig vision = Wrapper.part(config, "vision_config");
    boolean cuts =
        config.text("vision_feature_select_strategy", "default").equals("default")
            && hasClass(vision);
    long size = states(config) * vision.size("hidden_size", hasPixtral(vision) ? 1024 : 768);
    Projector.Gathering gathering =
        cuts ? Projector.Gathering.WITHOUT_CLASS : Projector.Gathering.IN_ORDER;
    boolean bias = config.flag("multimodal_projector_bias", true);
    return perceptron(config, tower, PROJECTOR, List.of(size, hidden), bias, gathering);
  }

  private static Projector.Perceptron perceptron(
      ModelConfig config,
      TowerBuilder tower,
      String path,
      List<Long> sizes,
      boolean bias,
      Projector.Gathering gathering) {
    long hidden = sizes.get(1);
    List<Linear> linears =
        List.of(
            new Linear(path + ".linear_1", sizes.get(0), hidden, bias),
            new Linear(path + ".linear_2", hidden, hidden, bias));
    linears.forEach(tower::linear);
    return new Projector.Perceptron(
        Optional.empty(),
        linears,
        Mlps.activation(config, "projector_hidden_act", "gelu"),
        gathering);
  }

  /** Hidden states that are read side by side. */
  private static long states(ModelConfig config) {
    Object named = config.values().get("vision_feature_layer");
    return named instanceof List<?> several ? Math.max(1, several.size()) : 1;
  }

  private static boolean hasPixtral(ModelConfig vision) {
    return vision.text("model_type", "").equals("pixtral");
  }

  private static boolean hasClass(ModelConfig vision) {
    String type = vision.text("model_type", "clip_vision_model");
    return !type.equals("pixtral") && !type.startsWith("siglip");
  }

  private static ImageGrid grid(ModelConfig config) {
    ModelConfig vision = Wrapper.part(config, "vision_config");
    if (hasPixtral(vision)) {
      return ownSize(config, 1);
    }
    long patches = VisionEncoders.patches(vision);
    int besides = hasClass(vision) ? 1 : 0;
    boolean cuts = config.text("vision_feature_select_strategy", "default").equals("default");
    return VisionEncoders.fixed(patches + besides, patches + (cuts ? 0 : besides), 0);
  }

  private static ImageGrid ownSize(ModelConfig config, long merge) {
    ModelConfig vision = Wrapper.part(config, "vision_config");
    return new OwnSize(
        Math.toIntExact(vision.size("patch_size", 16)),
        Math.toIntExact(merge),
        Math.toIntExact(vision.size("image_size", 1024)));
  }
}
