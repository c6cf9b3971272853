package dev.vramcast.core.architecture.family;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Wrapper;
import dev.vramcast.core.architecture.family.sound.AudioEncoders;
import dev.vramcast.core.architecture.family.vision.QwenVision;
import dev.vramcast.core.architecture.family.vision.SamTower;
import dev.vramcast.core.architecture.family.vision.TowerBuilder;
import dev.vramcast.core.architecture.family.vision.TowersAtRest;
import dev.vramcast.core.architecture.family.vision.TowersBesideText;
import dev.vramcast.core.architecture.family.vision.VisionEncoders;
import dev.vramcast.core.architecture.family.vision.sized.HunyuanVision;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** More models as {@link OnTextAlone} has them: of documents, of several encoders, of sound. */
final class OnTextBeside {

  private OnTextBeside() {}

  /** GOT-OCR 2: SAM's encoder, two convolutions, a linear, Qwen2. */
  static Architecture gotOcr2(ModelConfig config) {
    Architecture text = tied(config, "qwen2");
    ModelConfig vision = Wrapper.part(config, "vision_config");
    String projector = "model.multi_modal_projector";
    long hidden = text.hiddenSize();
    TowerBuilder tower = new TowerBuilder();
    SamTower.read(tower, vision, "model.vision_tower");
    SamTower.halved(
        tower, vision, projector + ".conv_upsampler1", projector + ".conv_upsampler2", hidden);
    tower.linear(projector + ".multimodal_projector", hidden, hidden, true);
    return Wrapper.wrap(config, text, List.of(tower.build("vision")))
        .withLoss(loss -> WrittenLoss.byMaskInOwnDtype(loss).causal(true));
  }

  /** DeepSeek-VL of both encoders: SigLIP and SAM, Llama. */
  static Architecture deepSeekVlHybrid(ModelConfig config) {
    Architecture text = tied(config, "llama");
    ModelConfig low = Wrapper.part(config, "vision_config");
    ModelConfig high = Wrapper.part(config, "high_res_vision_config");
    long hidden = text.hiddenSize();
    long read = 4 * SamTower.channels(high);
    TowerBuilder tower = new TowerBuilder();
    tower.tensor("model.high_res_vision_alpha", 1);
    SamTower.read(tower, high, "model.high_res_vision_model.vision_encoder");
    SamTower.neck(tower, high, "model.high_res_vision_neck");
    SamTower.halved(
        tower, high, "model.high_res_vision_proj.conv1", "model.high_res_vision_proj.conv2", read);
    VisionEncoders.siglip(tower, low, "model.vision_model", true);
    tower
        .linear("model.aligner.vision_proj", low.size("hidden_size", 768), hidden / 2, true)
        .linear("model.aligner.high_res_vision_proj", read, hidden / 2, true)
        .linear("model.aligner.proj", hidden, hidden, true);
    return Wrapper.wrap(config, text, List.of(tower.build("vision")));
  }

  /** Aria: SigLIP, queries that look at it, experts. */
  static Architecture aria(ModelConfig config) {
    Architecture text = VisionLanguage.text(config, "aria_text");
    ModelConfig vision = Wrapper.part(config, "vision_config");
    TowerBuilder tower = new TowerBuilder();
    VisionEncoders.siglip(tower, vision, "model.vision_tower", false);
    TowersAtRest.queries(
        tower,
        "model.multi_modal_projector",
        mostQueries(config),
        vision.size("hidden_size", 768),
        text.hiddenSize());
    return Wrapper.wrap(config, text, List.of(tower.build("vision")));
  }

  /** Rows of the table of queries, of which an image takes as many as its patches say. */
  private static long mostQueries(ModelConfig config) {
    return config.values().get("projector_patch_to_query_dict") instanceof Map<?, ?> counts
        ? counts.values().stream()
            .filter(Number.class::isInstance)
            .mapToLong(each -> ((Number) each).longValue())
            .max()
            .orElse(256)
        : 256;
  }

  /** HunYuan-VL: a transformer over patches, convolutions that merge them, HunYuan. */
  static Architecture hunyuanVl(ModelConfig config) {
    Tower tower = HunyuanVision.read(Wrapper.part(config, "vision_config"));
    return Wrapper.wrap(config, tied(config, "hunyuan_vl_text"), List.of(tower));
  }

  /** LFM3-VL: short convolutions and attention over patches, LFM3. */
  static Architecture lfm3Vl(ModelConfig config) {
    Architecture text = tied(config, "lfm3");
    ModelConfig vision = Wrapper.part(config, "vision_config");
    int layers = Math.toIntExact(vision.size("num_hidden_layers", 14));
    IntFunction<String> types =
        LayerTypes.of(
            vision, layers, layer -> layer < 2 || layer % 2 == 1 ? "conv" : "full_attention");
    long merged =
        vision.size("hidden_size", 1024)
            * VisionEncoders.square(vision.size("spatial_merge_size", 2));
    long inner = config.size("projector_hidden_size", 4096);
    boolean bias = config.flag("projector_bias", true);
    String projector = "model.multi_modal_projector";
    TowerBuilder tower = new TowerBuilder();
    TowersAtRest.liquid(tower, vision, "model.vision_tower", types);
    tower
        .norm(projector + ".layer_norm", vision.size("hidden_size", 1024), true)
        .linear(projector + ".linear_1", merged, inner, bias)
        .linear(projector + ".linear_2", inner, text.hiddenSize(), bias);
    return Wrapper.wrap(config, text, List.of(tower.build("vision")));
  }

  /** Step 3.7: patches that are merged by two convolutions, and a linear. */
  static Architecture step(ModelConfig config) {
    Architecture text = VisionLanguage.text(config, "step3p5");
    ModelConfig vision = Wrapper.part(config, "vision_config");
    TowerBuilder tower = new TowerBuilder();
    TowersBesideText.step(tower, vision, "model.vision_model");
    tower.linear(
        "model.multi_modal_projector",
        4 * vision.size(Keys.present(vision, "hidden_size", "width"), 1536),
        text.hiddenSize(),
        config.flag("projector_bias", false));
    return Wrapper.wrap(config, text, List.of(tower.build("vision")));
  }

  /** Granite Vision 4: CLIP or SigLIP, read by queries in windows, which Granite's layers get. */
  static Architecture graniteVision(ModelConfig config) {
    Architecture text = VisionLanguage.text(config, "granite4_vision_text");
    ModelConfig vision = Wrapper.part(config, "vision_config");
    TowerBuilder tower = new TowerBuilder();
    tower.tensor("model.image_newline", text.hiddenSize());
    if (vision.text("model_type", "clip_vision_model").startsWith("siglip")) {
      VisionEncoders.siglip(tower, vision, "model.vision_tower", true);
    } else {
      VisionEncoders.clip(tower, vision, "model.vision_tower");
    }
    TowersBesideText.windowQueries(tower, config, vision, text.hiddenSize());
    return Wrapper.cachedAbove(Wrapper.wrap(config, text, List.of(tower.build("vision"))));
  }

  /** Granite Docling: SigLIP, whose patches are merged on a coarse and on a fine path. */
  static Architecture docling(ModelConfig config) {
    Architecture text = tiedAbove(config, "granite_docling_text", true);
    TowerBuilder tower = new TowerBuilder();
    TowersBesideText.docling(tower, config, Wrapper.part(config, "vision_config"));
    return Wrapper.wrap(
        config,
        text,
        path -> path.replaceFirst("^model\\.", "model.text_model."),
        List.of(tower.build("vision")));
  }

  /** Cohere Compass: Qwen3-VL's tower, and logits that a constant scales if there is one. */
  static Architecture compass(ModelConfig config) {
    Architecture text = tiedAbove(config, "cohere_compass_text", false);
    Tower tower = QwenVision.qwen3(Wrapper.part(config, "vision_config"));
    boolean scaled =
        Wrapper.part(config, "text_config").values().get("logit_scale") instanceof Number;
    Architecture whole = Wrapper.wrap(config, text, List.of(tower));
    return whole.toBuilder().head(whole.head().with(new Head.Logits(0, scaled, false))).build();
  }

  /** Audio Flamingo 3: Whisper's encoder, two linears, Qwen2. */
  static Architecture audioFlamingo3(ModelConfig config) {
    Architecture text = VisionLanguage.text(config, "qwen2");
    boolean bias = config.flag("projector_bias", true);
    return Wrapper.wrap(
        config, text, List.of(AudioEncoders.flamingo(audio(config), text.hiddenSize(), bias)));
  }

  /** GLM-ASR: Whisper's encoder with turned queries and keys, two linears, Llama. */
  static Architecture glmAsr(ModelConfig config) {
    Architecture text = tied(config, "llama");
    return Wrapper.wrap(config, text, List.of(AudioEncoders.glm(audio(config), text.hiddenSize())));
  }

  /** Qwen3-ASR: Qwen3-Omni's encoder of sound, Qwen3. */
  static Architecture qwen3Asr(ModelConfig config) {
    Architecture text = tied(config, "qwen3");
    return Wrapper.wrap(config, text, List.of(AudioEncoders.asr3(audio(config))));
  }

  /** The language model, whose head is its table where neither config says whether it is. */
  private static Architecture tied(ModelConfig config, String type) {
    return VisionLanguage.text(
        Keys.withDefaults(config, Map.of("tie_word_embeddings", true)), type);
  }

  /** The language model, whose head is its table if the whole model's config says so. */
  private static Architecture tiedAbove(ModelConfig config, String type, boolean unsaid) {
    boolean tied = config.flag("tie_word_embeddings", unsaid);
    return FamilyReader.read(Keys.with(Wrapper.text(config, type), "tie_word_embeddings", tied));
  }

  private static ModelConfig audio(ModelConfig config) {
    return Wrapper.part(config, "audio_config");
  }
}
