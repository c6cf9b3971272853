package dev.vramcast.core.architecture.family;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.build.Wrapper;
import dev.vramcast.core.architecture.family.vision.InternVision;
import dev.vramcast.core.architecture.family.vision.PixtralVision;
import dev.vramcast.core.architecture.family.vision.TowerBuilder;
import dev.vramcast.core.architecture.family.vision.VisionEncoders;
import dev.vramcast.core.architecture.mixer.CrossAttention;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.traits.LigerTraits;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.architecture.vision.CoveredTiles;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.architecture.vision.Projector;
import dev.vramcast.core.architecture.vision.Quartered;
import dev.vramcast.core.architecture.vision.SplitTiles;
import dev.vramcast.core.architecture.vision.TiledCanvas;
import dev.vramcast.core.input.Gap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Models that shuffle patches into fewer, wider ones: Idefics 3, SmolVLM, InternVL, Qianfan-OCR;
 * Idefics 2, in which latents look at them; and Ovis 2, which makes words of them.
 */
final class PixelShuffle {

  private static final String PROJECTOR = "model.multi_modal_projector";

  /** The longer side in tiles ({@code size} of the published preprocessor_config.json). */
  private static final int TILES_OF_A_SIDE = 4;

  /** {@code max_patches} of the published processors of InternVL. */
  private static final int MOST_TILES = 12;

  /** {@code size} of Idefics2ImageProcessor, the shortest and the longest edge. */
  private static final int LEAST_PIXELS = 378;

  private static final int MOST_PIXELS = 980;

  /** Before 5.0 a mask was made where no patch is padding (Idefics3VisionTransformer.forward). */
  private static final ModelTraits WHOLE_TILES =
      ModelTraits.builder()
          .alwaysMasks(Versions.until(5, 0))
          .additiveMasks(Versions.until(5, 0))
          .build();

  private PixelShuffle() {}

  static Architecture idefics3(ModelConfig config) {
    return idefics(config, "idefics3", "Idefics3").withLoss(WrittenLoss::byMask);
  }

  static Architecture smolVlm(ModelConfig config) {
    return idefics(config, "smolvlm", "SmolVLM")
        .withLoss(WrittenLoss::byMask)
        .reachedBy(LigerTraits.ALL);
  }

  /**
   * Idefics 2. Idefics2Model.forward asks the whole model's config whether to cache, but from 4.56
   * to 5.12.
   */
  static Architecture idefics2(ModelConfig config) {
    Architecture text = VisionLanguage.text(config, "mistral");
    ModelConfig vision = Wrapper.part(config, "vision_config");
    TowerBuilder tower = new TowerBuilder();
    VisionStack siglip = VisionEncoders.siglip(tower, vision, "model.vision_model", false);
    Projector.Resampled projector = resampled(config, text, vision, tower);
    Quartered grid =
        new Quartered(
            Math.toIntExact(vision.size("patch_size", 32)),
            LEAST_PIXELS,
            MOST_PIXELS,
            projector.count());
    VisionStack stack =
        chosen(siglip, "idefics2", "Idefics2")
            .with(ModelTraits.builder().additiveMasks(Versions.until(5, 2)).build());
    Encoder encoder = Encoder.of(stack, projector, grid).joined(Encoder.Joining.BY_IMAGE);
    return wrapped(config, text, tower, encoder)
        .withLoss(WrittenLoss::byMask)
        .cachesBelow(Versions.until(5, 13).andSince(4, 56));
  }

  private static Projector.Resampled resampled(
      ModelConfig config, Architecture text, ModelConfig vision, TowerBuilder tower) {
    ModelConfig resampler = Wrapper.part(config, "perceiver_config");
    ModelConfig written = Wrapper.text(config, "mistral");
    String path = "model.connector.perceiver_resampler";
    long size = text.hiddenSize();
    GatedMlp first =
        gated(
            "model.connector.modality_projection",
            vision.size("hidden_size", 768),
            written.size("intermediate_size", 14_336),
            size,
            Mlps.activation(written, "hidden_act", "silu"));
    ParameterTensor latents =
        VisionEncoders.parameter(
            path + ".latents", resampler.size("resampler_n_latents", 64), size);
    List<Projector.Reading> layers = new ArrayList<>();
    for (int i = 0; i < VisionEncoders.layers(resampler, "resampler_depth", 3); i++) {
      layers.add(reading(resampler, path + ".layers." + i, size));
    }
    Norm last = rms(path + ".norm", size);
    first.linears().forEach(tower::linear);
    tower.tensor(latents);
    for (Projector.Reading each : layers) {
      tower.norm(each.ofLatents()).norm(each.ofStates());
      each.attention().linears().forEach(tower::linear);
      tower.norm(each.after());
      each.mlp().linears().forEach(tower::linear);
    }
    tower.norm(last);
    return new Projector.Resampled(first, latents, layers, last);
  }

  private static Projector.Reading reading(ModelConfig resampler, String layer, long size) {
    int heads = Math.toIntExact(resampler.size("resampler_n_heads", 16));
    int shared = Math.toIntExact(resampler.size("num_key_value_heads", 4));
    int head = Math.toIntExact(resampler.size("resampler_head_dim", 96));
    Shape.divides(resampler, shared, "heads of keys", heads, "attention heads");
    String attention = layer + ".self_attn";
    CrossAttention.Projections projections =
        new CrossAttention.Projections(
            new Linear(attention + ".q_proj", size, (long) heads * head, false),
            new Linear(attention + ".k_proj", size, (long) shared * head, false),
            new Linear(attention + ".v_proj", size, (long) shared * head, false),
            new Linear(attention + ".o_proj", (long) heads * head, size, false));
    return new Projector.Reading(
        rms(layer + ".input_latents_norm", size),
        rms(layer + ".input_context_norm", size),
        new CrossAttention(heads, shared, head, projections, Optional.empty(), Optional.empty()),
        rms(layer + ".post_attention_layernorm", size),
        gated(
            layer + ".mlp",
            size,
            4 * size,
            size,
            Mlps.activation(resampler, "hidden_act", "silu")));
  }

  private static GatedMlp gated(String path, long in, long inner, long out, Activation activation) {
    return new GatedMlp(
        List.of(
            new Linear(path + ".gate_proj", in, inner, false),
            new Linear(path + ".up_proj", in, inner, false)),
        new Linear(path + ".down_proj", inner, out, false),
        activation);
  }

  private static Norm rms(String name, long size) {
    return new Norm(name, Norm.Type.RMS, size, true, false);
  }

  /** Patches that find their places image by image, without empty images. */
  private static VisionStack chosen(VisionStack siglip, String type, String prefix) {
    PatchEmbedding patches = siglip.patches();
    PatchEmbedding chosen =
        patches
            .positions(
                patches.positions().orElseThrow().table(),
                PatchEmbedding.Positions.Code.LOOKED_UP_BY_IMAGE)
            .inputEmbedding(PatchEmbedding.InputEmbedding.WITH_POSITIONS)
            .pixels(PatchEmbedding.Pixels.CHOSEN);
    return siglip.with(chosen).of("transformers/models/" + type, prefix);
  }

  /** The language model lies beside the tower, a part of the model by name. */
  private static Architecture wrapped(
      ModelConfig config, Architecture text, TowerBuilder tower, Encoder encoder) {
    return Wrapper.wrap(
        config,
        text,
        path -> path.replaceFirst("^model\\.", "model.text_model."),
        List.of(tower.build("vision", encoder)));
  }

  /**
   * ModernVBERT: SigLIP, whose tiles are chosen and shuffled as Idefics 3 does, and ModernBERT with
   * its head beside it.
   */
  static Architecture modernVbert(ModelConfig config) {
    String architecture = HeadBuilder.architecture(config);
    if (!architecture.isEmpty() && !architecture.endsWith("ForMaskedLM")) {
      throw Gap.of("the ", architecture, " of a modernvbert").refusal();
    }
    boolean tied = config.flag("tie_word_embeddings", false);
    ModelConfig written =
        Wrapper.text(config, "modernbert").with(Map.of("tie_word_embeddings", tied));
    Architecture text = FamilyReader.read(written);
    ModelConfig vision = Wrapper.part(config, "vision_config");
    TowerBuilder tower = new TowerBuilder();
    VisionStack siglip = VisionEncoders.siglip(tower, vision, "model.vision_model", true);
    VisionStack stack = siglip.with(siglip.patches().pixels(PatchEmbedding.Pixels.CHOSEN));
    Linear linear =
        new Linear(
            "model.connector.modality_projection",
            vision.size("hidden_size", 768)
                * VisionEncoders.square(config.size("pixel_shuffle_factor", 4)),
            text.hiddenSize(),
            false);
    tower.linear(linear);
    Encoder encoder =
        Encoder.of(stack, shuffled(linear), tiles(vision, config.size("pixel_shuffle_factor", 4)))
            .joined(Encoder.Joining.BY_IMAGE);
    return Wrapper.wrap(
            config,
            text,
            path ->
                path.replaceFirst("^model\\.", "model.text_model.")
                    .replaceFirst("^head\\.", "projection_head.")
                    .replaceFirst("^decoder$", "lm_head"),
            List.of(tower.build("vision", encoder)))
        .cachesBelow(Versions.NONE)
        .withLoss(loss -> loss.inOwnDtype(Versions.ALL));
  }

  private static Projector shuffled(Linear linear) {
    return new Projector.Perceptron(
        Optional.empty(), List.of(linear), Activation.GELU, Projector.Gathering.SHUFFLED);
  }

  /** Rows and columns of tiles, and the whole image (Idefics3ImageProcessor). */
  private static SplitTiles tiles(ModelConfig vision, long factor) {
    int side = Math.toIntExact(vision.size("image_size", 364));
    int cells = Math.toIntExact(VisionEncoders.patches(vision));
    long scale = VisionEncoders.square(factor);
    return new SplitTiles(side, TILES_OF_A_SIDE * side, cells, Math.toIntExact(cells / scale));
  }

  private static Architecture idefics(ModelConfig config, String type, String prefix) {
    Architecture text = VisionLanguage.text(config, "llama");
    ModelConfig vision = Wrapper.part(config, "vision_config");
    long size = vision.size("hidden_size", 1152);
    long factor = config.size("scale_factor", 2);
    long scale = VisionEncoders.square(factor);
    TowerBuilder tower = new TowerBuilder();
    VisionStack siglip = VisionEncoders.siglip(tower, vision, "model.vision_model", false);
    Linear linear =
        new Linear(
            "model.connector.modality_projection.proj", size * scale, text.hiddenSize(), false);
    tower.linear(linear);
    VisionStack stack = chosen(siglip, type, prefix).with(WHOLE_TILES);
    Encoder encoder =
        Encoder.of(stack, shuffled(linear), tiles(vision, factor)).joined(Encoder.Joining.BY_IMAGE);
    // Idefics3Model.forward asks the whole model's config whether to cache, but from 5.4 to 5.12.
    return wrapped(config, text, tower, encoder).cachesBelow(Versions.until(5, 13).andSince(5, 4));
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

  /** Ovis 2: what an image is made of is looked up in a table of visual words. */
  static Architecture ovis2(ModelConfig config) {
    Architecture text = VisionLanguage.text(config, "qwen2");
    ModelConfig vision = Wrapper.part(config, "vision_config");
    TowerBuilder tower = new TowerBuilder();
    VisionStack stack = PixtralVision.aim(tower, vision, "model.vision_tower");
    ParameterTensor table =
        VisionEncoders.parameter(
            "model.visual_embeddings_table.weight",
            vision.size("vocab_size", 16384),
            text.hiddenSize());
    tower.tensor(table);
    int marks = Math.toIntExact(vision.count("num_visual_indicator_tokens", 5));
    long patches = VisionEncoders.patches(Keys.withDefaults(vision, Map.of("patch_size", 14)));
    long merged = VisionEncoders.square(vision.size("hidden_stride", 1));
    CoveredTiles grid =
        new CoveredTiles(
            Math.toIntExact(vision.size("image_size", 224)),
            MOST_TILES,
            Math.toIntExact(patches),
            Math.toIntExact(patches / merged));
    boolean soft = vision.text("tokenize_function", "softmax").equals("softmax");
    Tower built =
        soft && patches % merged == 0
            ? tower.build("vision", Encoder.of(stack, new Projector.Looked(table, marks), grid))
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
