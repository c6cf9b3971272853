package dev.vramcast.core.architecture.family;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Wrapper;
import dev.vramcast.core.architecture.family.sound.ListeningTowers;
import dev.vramcast.core.architecture.family.vision.Gemma4Vision;
import dev.vramcast.core.architecture.family.vision.GemmaTowers;
import dev.vramcast.core.architecture.family.vision.LlamaVision;
import dev.vramcast.core.architecture.family.vision.QwenVision;
import dev.vramcast.core.architecture.family.vision.TowerBuilder;
import dev.vramcast.core.architecture.family.vision.TowersBesideText;
import dev.vramcast.core.architecture.family.vision.UnifiedVision;
import dev.vramcast.core.architecture.family.vision.VisionEncoders;
import dev.vramcast.core.architecture.family.vision.sized.GlmVision;
import dev.vramcast.core.architecture.family.vision.sized.PaddleOcrVision;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.LigerTraits;
import dev.vramcast.core.architecture.traits.LossTraits;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.architecture.vision.CutWhenLarge;
import dev.vramcast.core.architecture.vision.ImageGrid;
import dev.vramcast.core.architecture.vision.Projector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Models that read images or sound: a language model, encoders and projectors. */
final class VisionLanguage {

  private static final String PROJECTOR = "model.multi_modal_projector";
  private static final String VISION_CONFIG = "vision_config";
  private static final String AUDIO_CONFIG = "audio_config";

  /** The begin and end of an image, and a break on both sides (Gemma3Processor). */
  private static final int GEMMA3_MARKS = 4;

  /** Releases in which a model that reads images wrote out its loss. */
  private static final Versions OWN_LOSS = Versions.until(5, 17);

  private static final LigerTraits WITHOUT_ROTARY = LigerTraits.ALL.apart().withoutRotary();

  private VisionLanguage() {}

  static Architecture gemma3(ModelConfig config) {
    Architecture text = text(config, "gemma3_text");
    ModelConfig vision = Wrapper.part(config, VISION_CONFIG);
    long size = vision.size("hidden_size", 768);
    TowerBuilder tower = new TowerBuilder();
    VisionStack stack =
        VisionEncoders.siglip(tower, vision, "model.vision_tower.vision_model", true);
    Linear weight =
        new Linear(PROJECTOR + ".mm_input_projection_weight", size, text.hiddenSize(), false);
    Norm norm =
        new Norm(PROJECTOR + ".mm_soft_emb_norm", Norm.Type.RMS_ONE_PLUS_WEIGHT, size, true, false);
    tower.tensor(weight.name(), size, text.hiddenSize()).norm(norm);
    ImageGrid grid =
        VisionEncoders.fixed(vision, config.size("mm_tokens_per_image", 256), GEMMA3_MARKS);
    Encoder encoder =
        Encoder.of(stack, new Projector.Pooled(norm, weight), grid).seen(Encoder.Sight.ALL);
    Architecture whole = Wrapper.wrap(config, text, List.of(tower.build("vision", encoder)));
    return whole
        .withLoss(loss -> WrittenLoss.aboveHead(loss.shiftingByMask(Versions.until(5, 17))))
        .withLoss(VisionLanguage::causal)
        .reachedBy(LigerTraits.ALL.apart())
        .withClassHeads(Versions.since(4, 54), Versions.NONE);
  }

  static Architecture gemma3n(ModelConfig config) {
    Architecture text = text(config, "gemma3n_text");
    long hidden = text.hiddenSize();
    List<Tower> towers =
        List.of(
            GemmaTowers.vision3n(Wrapper.part(config, VISION_CONFIG), hidden),
            GemmaTowers.audio3n(Wrapper.part(config, AUDIO_CONFIG), hidden));
    return Wrapper.wrap(config, text, towers)
        .withLoss(
            loss ->
                loss.shiftingByMask(Versions.until(5, 6))
                    .unusual(Versions.until(5, 18).andSince(5, 6)))
        .withLoss(VisionLanguage::causal)
        .withClassHeads(Versions.NONE, Versions.NONE);
  }

  /** Gemma 4: the larger models have no audio encoder. */
  static Architecture gemma4(ModelConfig config) {
    Architecture text = text(config, "gemma4_text");
    long hidden = text.hiddenSize();
    List<Tower> towers = new ArrayList<>();
    config
        .nested(VISION_CONFIG)
        .ifPresent(vision -> towers.add(Gemma4Vision.read(vision, hidden, sight(config))));
    config.nested(AUDIO_CONFIG).ifPresent(audio -> towers.add(GemmaTowers.audio4(audio, hidden)));
    return Wrapper.cachedAbove(Wrapper.wrap(config, text, towers))
        .withLoss(VisionLanguage::causal)
        .reachedBy(WITHOUT_ROTARY)
        .withClassHeads(Versions.NONE, Versions.NONE);
  }

  /** The smaller models let no token see later ones. */
  private static Encoder.Sight sight(ModelConfig config) {
    return seesImages(config, "") ? Encoder.Sight.SLIDING : Encoder.Sight.NONE;
  }

  private static boolean seesImages(ModelConfig config, String unsaid) {
    return config
        .nested("text_config")
        .filter(text -> text.text("use_bidirectional_attention", unsaid).equals("vision"))
        .isPresent();
  }

  /** The unified Gemma 4, which has masks for layers of both kinds. */
  static Architecture gemma4Unified(ModelConfig config) {
    Architecture text = text(config, "gemma4_unified_text");
    long hidden = text.hiddenSize();
    Encoder.Sight sight = seesImages(config, "vision") ? Encoder.Sight.ALL : Encoder.Sight.NONE;
    Tower vision = UnifiedVision.vision(Wrapper.part(config, VISION_CONFIG), hidden, sight);
    Tower audio = UnifiedVision.audio(Wrapper.part(config, AUDIO_CONFIG), hidden);
    return Wrapper.cachedAbove(Wrapper.wrap(config, text, List.of(vision, audio)))
        .withLoss(VisionLanguage::causal)
        .withClassHeads(Versions.NONE, Versions.NONE);
  }

  static Architecture paligemma(ModelConfig config) {
    Architecture text = text(config, "gemma");
    ModelConfig vision = Wrapper.part(config, VISION_CONFIG);
    TowerBuilder tower = new TowerBuilder();
    VisionStack stack =
        VisionEncoders.siglip(tower, vision, "model.vision_tower.vision_model", true);
    Linear linear =
        new Linear(
            PROJECTOR + ".linear",
            vision.size("hidden_size", 768),
            vision.size("projection_dim", 2048),
            true);
    tower.linear(linear);
    Projector projector =
        new Projector.Perceptron(Optional.empty(), List.of(linear), Activation.GELU);
    ImageGrid grid = VisionEncoders.fixed(vision, VisionEncoders.patches(vision), 0);
    Encoder encoder = Encoder.of(stack, projector, grid).seen(Encoder.Sight.ALL);
    return Wrapper.wrap(config, text, List.of(tower.build("vision", encoder)))
        .withLoss(
            loss -> WrittenLoss.aboveHead(WrittenLoss.byMask(loss)).unusual(Versions.since(5, 23)))
        .reachedBy(LigerTraits.ALL);
  }

  /** Muse Glimmer, which is described on text alone. */
  static Architecture muse(ModelConfig config) {
    Architecture text = text(config, "muse_glimmer_text");
    Tower tower =
        TowersBesideText.muse(config, Wrapper.part(config, VISION_CONFIG), text.hiddenSize());
    return Wrapper.wrap(config, text, List.of(tower))
        .reachedBy(LigerTraits.ALL.apart().withoutHeadNorms());
  }

  static Architecture llama4(ModelConfig config) {
    Architecture text = text(config, "llama4_text");
    Tower tower = LlamaVision.llama4(Wrapper.part(config, VISION_CONFIG), text.hiddenSize());
    return Wrapper.cachedAbove(
            Wrapper.wrap(config, text, path -> "language_model." + path, List.of(tower)))
        .withLoss(loss -> loss.shiftingByMask(OWN_LOSS).inOwnDtype(OWN_LOSS).unusual(Versions.ALL))
        .reachedBy(LigerTraits.ALL.withoutHeadNorms())
        .withClassHeads(Versions.NONE, Versions.NONE);
  }

  static Architecture lfm2Vl(ModelConfig config) {
    Architecture text = text(config, "lfm2");
    ModelConfig vision = Wrapper.part(config, VISION_CONFIG);
    int merge = Math.toIntExact(config.size("downsample_factor", 2));
    long merged = vision.size("hidden_size", 768) * VisionEncoders.square(merge);
    long inner = config.size("projector_hidden_size", 2560);
    boolean bias = config.flag("projector_bias", true);
    TowerBuilder tower = new TowerBuilder();
    VisionStack stack = VisionEncoders.siglip2(tower, vision, "model.vision_tower.vision_model");
    Optional<Norm> norm =
        config.flag("projector_use_layernorm", true)
            ? Optional.of(VisionEncoders.norm(PROJECTOR + ".layer_norm", merged))
            : Optional.empty();
    norm.ifPresent(tower::norm);
    List<Linear> linears =
        List.of(
            new Linear(PROJECTOR + ".linear_1", merged, inner, bias),
            new Linear(PROJECTOR + ".linear_2", inner, text.hiddenSize(), bias));
    linears.forEach(tower::linear);
    Projector projector =
        new Projector.Perceptron(
            norm,
            linears,
            Mlps.activation(config, "projector_hidden_act", "gelu"),
            Projector.Gathering.SQUARES_BY_NUMBER);
    CutWhenLarge grid =
        new CutWhenLarge(
            Math.toIntExact(vision.size("patch_size", 16)),
            merge,
            new CutWhenLarge.Bounds(64, 256),
            512,
            10);
    Encoder encoder = Encoder.of(stack, projector, grid).joined(Encoder.Joining.BY_IMAGE);
    Tower built =
        vision.flag("vision_use_head", true)
            ? tower.build("vision")
            : tower.build("vision", encoder);
    return Wrapper.wrap(config, text, List.of(built)).withLoss(loss -> loss.unusual(Versions.ALL));
  }

  static Architecture paddleOcr(ModelConfig config) {
    Architecture text = text(config, "paddleocr_vl_text");
    Tower tower = PaddleOcrVision.read(Wrapper.part(config, VISION_CONFIG), text.hiddenSize());
    return Wrapper.wrap(config, text, List.of(tower));
  }

  static Architecture qwen2Vl(ModelConfig config) {
    return qwen(config, "qwen2_vl_text", QwenVision::qwen2)
        .withLoss(WrittenLoss::cut)
        .reachedBy(LigerTraits.ALL);
  }

  static Architecture qwen25Vl(ModelConfig config) {
    return qwen(config, "qwen2_5_vl_text", QwenVision::qwen25)
        .withLoss(WrittenLoss::cut)
        .reachedBy(LigerTraits.ALL);
  }

  static Architecture qwen3Vl(ModelConfig config) {
    return cosmos3(config).reachedBy(LigerTraits.ALL.withoutMlp());
  }

  /** Cosmos 3, which is Qwen3-VL by a type of which Liger knows nothing. */
  static Architecture cosmos3(ModelConfig config) {
    return qwen(config, "qwen3_vl_text", QwenVision::qwen3);
  }

  static Architecture qwen3VlMoe(ModelConfig config) {
    return qwen(config, "qwen3_vl_moe_text", QwenVision::qwen3).reachedBy(LigerTraits.ALL);
  }

  static Architecture qwen35(ModelConfig config) {
    return qwen(config, "qwen3_5_text", QwenVision::qwen35)
        .reachedBy(WITHOUT_ROTARY)
        .withClassHeads(Versions.since(5, 3), Versions.since(5, 12));
  }

  static Architecture qwen35Moe(ModelConfig config) {
    return qwen(config, "qwen3_5_moe_text", QwenVision::qwen35)
        .reachedBy(WITHOUT_ROTARY)
        .withClassHeads(Versions.NONE, Versions.NONE);
  }

  static Architecture glm4v(ModelConfig config) {
    return glm46v(config).reachedBy(WITHOUT_ROTARY);
  }

  /** GLM-4.6V, which is GLM-4.1V by a type of which Liger knows nothing. */
  static Architecture glm46v(ModelConfig config) {
    return qwen(config, "glm4v_text", GlmVision::read);
  }

  static Architecture glmOcr(ModelConfig config) {
    return qwen(config, "glm_ocr_text", GlmVision::ocr);
  }

  static Architecture glm4vMoe(ModelConfig config) {
    return qwen(config, "glm4v_moe_text", GlmVision::besideExperts).reachedBy(WITHOUT_ROTARY);
  }

  private static Architecture qwen(
      ModelConfig config, String textType, Function<ModelConfig, Tower> encoder) {
    Tower tower = encoder.apply(Wrapper.part(config, VISION_CONFIG));
    return Wrapper.wrap(config, text(config, textType), List.of(tower));
  }

  static Architecture voxtral(ModelConfig config) {
    Architecture text = text(config, "llama");
    Tower tower =
        ListeningTowers.voxtral(config, Wrapper.part(config, AUDIO_CONFIG), text.hiddenSize());
    return Wrapper.wrap(config, text, path -> "language_model." + path, List.of(tower));
  }

  static Architecture qwen2Audio(ModelConfig config) {
    Architecture text = text(config, "qwen2");
    Tower tower = ListeningTowers.qwen2(Wrapper.part(config, AUDIO_CONFIG), text.hiddenSize());
    return Wrapper.wrap(config, text, path -> "language_model." + path, List.of(tower))
        .withLoss(
            loss ->
                loss.shiftingByMask(Versions.ALL).inOwnDtype(Versions.ALL).unusual(Versions.ALL));
  }

  /** The Trainer's list of causal language models has these classes that see, too. */
  private static LossTraits causal(LossTraits loss) {
    return loss.causal(true);
  }

  /** The language model of {@code text_config}. */
  static Architecture text(ModelConfig config, String type) {
    return FamilyReader.read(Wrapper.text(config, type));
  }
}
