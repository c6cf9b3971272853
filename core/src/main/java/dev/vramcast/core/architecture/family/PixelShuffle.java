package dev.vramcast.core.architecture.family;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Wrapper;
import dev.vramcast.core.architecture.family.vision.InternVision;
import dev.vramcast.core.architecture.family.vision.TowerBuilder;
import dev.vramcast.core.architecture.family.vision.VisionEncoders;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.LigerTraits;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.architecture.vision.Projector;
import dev.vramcast.core.architecture.vision.SplitTiles;
import dev.vramcast.core.architecture.vision.TiledCanvas;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Models that shuffle patches into fewer, wider ones: Idefics 3, SmolVLM, InternVL, Qianfan-OCR.
 */
final class PixelShuffle {

  private static final String PROJECTOR = "model.multi_modal_projector";

  /** The longer side in tiles ({@code size} of the published preprocessor_config.json). */
  private static final int TILES_OF_A_SIDE = 4;

  /** {@code max_patches} of the published processors of InternVL. */
  private static final int MOST_TILES = 12;

  private PixelShuffle() {}

  static Architecture idefics3(ModelConfig config) {
    return idefics(config, "idefics3", "Idefics3").withLoss(WrittenLoss::byMask);
  }

  static Architecture smolVlm(ModelConfig config) {
    return idefics(config, "smolvlm", "SmolVLM")
        .withLoss(WrittenLoss::byMask)
        .reachedBy(LigerTraits.ALL);
  }

  private static Architecture idefics(ModelConfig config, String type, String prefix) {
    Architecture text = VisionLanguage.text(config, "llama");
    ModelConfig vision = Wrapper.part(config, "vision_config");
    long size = vision.size("hidden_size", 1152);
    long scale = VisionEncoders.square(config.size("scale_factor", 2));
    TowerBuilder tower = new TowerBuilder();
    VisionStack siglip = VisionEncoders.siglip(tower, vision, "model.vision_model", false);
    Linear linear =
        new Linear(
            "model.connector.modality_projection.proj", size * scale, text.hiddenSize(), false);
    tower.linear(linear);
    Projector projector =
        new Projector.Perceptron(
            Optional.empty(), List.of(linear), Activation.GELU, Projector.Gathering.SHUFFLED);
    PatchEmbedding patches = siglip.patches();
    PatchEmbedding chosen =
        patches
            .positions(
                patches.positions().orElseThrow().table(),
                PatchEmbedding.Positions.Code.LOOKED_UP_BY_IMAGE)
            .inputEmbedding(PatchEmbedding.InputEmbedding.WITH_POSITIONS)
            .pixels(PatchEmbedding.Pixels.CHOSEN);
    VisionStack stack = siglip.with(chosen).of("transformers/models/" + type, prefix);
    int side = Math.toIntExact(vision.size("image_size", 364));
    int cells = Math.toIntExact(VisionEncoders.patches(vision));
    SplitTiles grid =
        new SplitTiles(side, TILES_OF_A_SIDE * side, cells, Math.toIntExact(cells / scale));
    Encoder encoder = Encoder.of(stack, projector, grid).joined(Encoder.Joining.BY_IMAGE);
    // Idefics3Model.forward asks the whole model's config whether to cache.
    return Wrapper.wrap(
            config,
            text,
            path -> path.replaceFirst("^model\\.", "model.text_model."),
            List.of(tower.build("vision", encoder)))
        .cachesBelow(Versions.NONE);
  }

  static Architecture internvl(ModelConfig config) {
    Architecture text = VisionLanguage.text(config, "qwen2");
    TowerBuilder tower = new TowerBuilder();
    VisionStack stack =
        InternVision.read(tower, Wrapper.part(config, "vision_config"), "model.vision_tower");
    return intern(config, text, tower, stack).reachedBy(LigerTraits.ALL);
  }

  /**
   * Qianfan-OCR: InternVL on Qwen3 whose list of layers has another name. What is kept of layers'
   * results by chance (its DropPath) is one number of an image.
   */
  static Architecture qianfanOcr(ModelConfig config) {
    Architecture text = VisionLanguage.text(config, "qwen3");
    ModelConfig vision =
        Keys.withDefaults(Wrapper.part(config, "vision_config"), Map.of("attention_bias", true));
    TowerBuilder tower = new TowerBuilder();
    String path = "model.vision_tower";
    VisionStack stack =
        InternVision.read(tower, vision, path, path + ".layers")
            .of("transformers/models/qianfan_ocr", "QianfanOCRVision");
    return intern(config, text, tower, stack);
  }

  private static Architecture intern(
      ModelConfig config, Architecture text, TowerBuilder tower, VisionStack stack) {
    ModelConfig vision = Wrapper.part(config, "vision_config");
    long side = Math.max(1, Math.round(1 / config.number("downsample_ratio", 0.5)));
    long merged = vision.size("hidden_size", 1024) * VisionEncoders.square(side);
    long hidden = text.hiddenSize();
    Norm norm = new Norm(PROJECTOR + ".layer_norm", Norm.Type.LAYER, merged, true, true);
    List<Linear> linears =
        List.of(
            new Linear(PROJECTOR + ".linear_1", merged, hidden, true),
            new Linear(PROJECTOR + ".linear_2", hidden, hidden, true));
    tower.norm(norm);
    linears.forEach(tower::linear);
    Projector projector =
        new Projector.Perceptron(
            Optional.of(norm),
            linears,
            Mlps.activation(config, "projector_hidden_act", "gelu"),
            Projector.Gathering.SHUFFLED_WITHOUT_CLASS);
    int cells = Math.toIntExact(InternVision.cells(vision));
    TiledCanvas grid =
        new TiledCanvas(
            Math.toIntExact(InternVision.side(vision)),
            MOST_TILES,
            cells + 1,
            Math.toIntExact(cells / VisionEncoders.square(side)));
    Tower built =
        readsLast(config)
            ? tower.build("vision", Encoder.of(stack, projector, grid))
            : tower.build("vision");
    return Wrapper.wrap(config, text, List.of(built));
  }

  private static boolean readsLast(ModelConfig config) {
    Object layer = config.values().getOrDefault("vision_feature_layer", -1);
    return layer instanceof Number number
        && number.intValue() == -1
        && config.text("vision_feature_select_strategy", "default").equals("default");
  }
}
