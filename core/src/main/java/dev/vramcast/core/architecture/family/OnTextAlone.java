package dev.vramcast.core.architecture.family;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.build.Wrapper;
import dev.vramcast.core.architecture.family.sound.AudioEncoders;
import dev.vramcast.core.architecture.family.vision.QwenVision;
import dev.vramcast.core.architecture.family.vision.TowerBuilder;
import dev.vramcast.core.architecture.family.vision.TowersAtRest;
import dev.vramcast.core.architecture.family.vision.TowersOfHub;
import dev.vramcast.core.architecture.family.vision.VisionEncoders;
import dev.vramcast.core.architecture.family.vision.sized.MiniMaxVision;
import dev.vramcast.core.architecture.family.vision.sized.MoonVision;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.traits.LigerTraits;
import dev.vramcast.core.input.Gap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Models whose encoders are described by their parameters: fine-tunes on text. */
final class OnTextAlone {

  private OnTextAlone() {}

  /** EXAONE 4.5. */
  static Architecture exaone45(ModelConfig config) {
    TowerBuilder tower = new TowerBuilder();
    TowersAtRest.exaone(tower, vision(config));
    return wrap(config, VisionLanguage.text(config, "exaone4"), tower);
  }

  /** HyperCLOVA X Vision: Qwen2.5-VL's tower and a linear. */
  static Architecture hyperClovaX(ModelConfig config) {
    Architecture text = VisionLanguage.text(config, "hyperclovax");
    ModelConfig vision = vision(config);
    Tower tower = renamed(QwenVision.qwen25(vision), "model.visual.", "model.vision_model.");
    List<Linear> linears = new ArrayList<>(tower.linears());
    linears.add(
        new Linear(
            "model.projector", vision.size("out_hidden_size", 3584), text.hiddenSize(), true));
    Tower whole = new Tower(tower.name(), linears, tower.others(), Optional.empty());
    return Wrapper.wrap(config, text, List.of(whole));
  }

  /** VideoLLaMA 3: a SigLIP without a table of positions, two linears, Qwen2. */
  static Architecture videoLlama3(ModelConfig config) {
    Architecture text = VisionLanguage.text(config, "qwen2");
    ModelConfig vision = vision(config);
    long hidden = text.hiddenSize();
    TowerBuilder tower = new TowerBuilder();
    TowersAtRest.rotatedSiglip(tower, vision, "model.vision_model");
    tower
        .linear("model.projector.readout.0", vision.size("hidden_size", 768), hidden, true)
        .linear("model.projector.readout.2", hidden, hidden, true);
    return wrap(config, text, tower);
  }

  /** The tower with another part of each path. */
  private static Tower renamed(Tower tower, String from, String to) {
    return new Tower(
        tower.name(),
        tower.linears().stream().map(each -> each.named(each.name().replace(from, to))).toList(),
        tower.others().stream()
            .map(
                each ->
                    new ParameterTensor(each.name().replace(from, to), each.shape(), each.group()))
            .toList(),
        Optional.empty());
  }

  /**
   * Kimi K2.5: DeepSeek V3 behind MoonViT. Its type is none of those whose targets PEFT moves
   * (peft/utils/transformers_weight_conversion.py).
   */
  static Architecture kimiK25(ModelConfig config) {
    Architecture text = VisionLanguage.text(config, "deepseek_v3");
    Tower tower = MoonVision.read(config, vision(config), text.hiddenSize());
    Architecture whole = Wrapper.wrap(config, text, List.of(tower));
    return whole.toBuilder().traits(whole.traits().leavingTargets()).build();
  }

  /** MiniMax M3, whose projector widens patches before it merges them. */
  static Architecture miniMaxM3(ModelConfig config) {
    Architecture text = VisionLanguage.text(config, "minimax_m3_vl_text");
    Tower tower = MiniMaxVision.read(config, vision(config), text.hiddenSize());
    return Wrapper.wrap(config, text, List.of(tower));
  }

  /** MiniCPM's reader of documents, MiniCPM-V 4.6 whose head is its table if nobody says. */
  static Architecture miniCpmOcr(ModelConfig config) {
    return miniCpmV46(tied(config));
  }

  /** MiniCPM-V 4.6 and 4.7: SigLIP with a window that merges pieces on the way, Qwen3.5. */
  static Architecture miniCpmV46(ModelConfig config) {
    Architecture text = VisionLanguage.text(config, "qwen3_5_text");
    ModelConfig vision = vision(config);
    long size = vision.size("hidden_size", 768);
    TowerBuilder tower = new TowerBuilder();
    VisionEncoders.siglip(tower, vision, "model.vision_tower", false);
    TowersAtRest.windowMerger(tower, vision, "model.vision_tower.vit_merger");
    int times = Math.toIntExact(config.size("merger_times", 1));
    for (int i = 0; i < Math.min(times, 8); i++) {
      String path = "model.merger.mlp." + i;
      tower
          .norm(path + ".pre_norm", 4 * size, true)
          .linear(path + ".linear_1", 4 * size, 4 * size, true)
          .linear(path + ".linear_2", 4 * size, i + 1 < times ? size : text.hiddenSize(), true);
    }
    return wrap(config, text, tower);
  }

  /**
   * MiniCPM-V 2.5 to 4.5 (modeling_minicpmv.py): the language model is called with embeddings and
   * labels. Of which type it is stands in the code of each version alone.
   */
  static Architecture miniCpmV(ModelConfig config) {
    Architecture text = miniCpmText(config, miniCpmLanguage(config));
    return ofHub(config, text, "llm.", miniCpmTower(config, text.hiddenSize()));
  }

  /**
   * MiniCPM-o 2.6 and 4.5 (modeling_minicpmo.py): MiniCPM-V that hears by Whisper's encoder. What
   * speaks ({@code init_tts}) is not described.
   */
  static Architecture miniCpmO(ModelConfig config) {
    if (config.flag("init_tts", true)) {
      throw Gap.of("a minicpmo whose init_tts is true").refusal();
    }
    Architecture text = miniCpmText(config, miniCpmLanguage(config));
    TowerBuilder tower = miniCpmTower(config, text.hiddenSize());
    if (config.flag("init_audio", true)) {
      AudioEncoders.miniCpm(tower, Wrapper.part(config, "audio_config"), text.hiddenSize());
    }
    return ofHub(config, text, "llm.", tower);
  }

  private static TowerBuilder miniCpmTower(ModelConfig config, long hidden) {
    ModelConfig vision = vision(config);
    boolean drops = config.flag("drop_vision_last_layer", false);
    long layers = vision.size("num_hidden_layers", 27);
    ModelConfig kept =
        drops ? Keys.with(vision, "num_hidden_layers", Math.max(1, layers - 1)) : vision;
    return TowersOfHub.miniCpm(kept, config.size("query_num", 64), hidden);
  }

  private static String miniCpmLanguage(ModelConfig config) {
    String version = String.valueOf(config.values().get("version"));
    return switch (version.replaceFirst("\\.0$", "")) {
      case "2.5", "4" -> "llama";
      case "2.6" -> "qwen2";
      case "4.5" -> "qwen3";
      default ->
          throw config
              .about("version")
              .is(config.values().get("version"))
              .allowed("2.5, 2.6, 4.0 or 4.5, by which the code knows its language model")
              .refusal();
    };
  }

  private static Architecture miniCpmText(ModelConfig config, String type) {
    return FamilyReader.read(Keys.with(Wrapper.text(config, type), "model_type", type));
  }

  /** ERNIE 4.5 VL: a tower, and a resampler of images and films. */
  static Architecture ernieVl(ModelConfig config) {
    Architecture text = VisionLanguage.text(tied(config), "ernie4_5_vl_moe_text");
    return wrap(config, text, TowersOfHub.ernie(vision(config), text.hiddenSize()));
  }

  private static ModelConfig tied(ModelConfig config) {
    return Keys.withDefaults(config, Map.of("tie_word_embeddings", true));
  }

  /** dots.ocr: Qwen2 with a tower beside its own modules (modeling_dots_ocr.py). */
  static Architecture dotsOcr(ModelConfig config) {
    Architecture text = VisionLanguage.text(config, "qwen2");
    return ofHub(config, text, "", TowersOfHub.dots(vision(config)));
  }

  /** Intern-S1: InternVL's modules on Qwen3 (modular_interns1.py). */
  static Architecture internS1(ModelConfig config) {
    ModelConfig vision = Keys.withDefaults(vision(config), Map.of("attention_bias", true));
    Architecture whole = PixelShuffle.internvl(Keys.with(config, "vision_config", vision.values()));
    return whole.toBuilder()
        .towers(whole.towers().stream().map(Tower::withoutEncoder).toList())
        .build()
        .reachedBy(LigerTraits.NONE);
  }

  /** A language model with this before its modules' paths, and what stands beside it. */
  private static Architecture ofHub(
      ModelConfig config, Architecture text, String before, TowerBuilder tower) {
    return Wrapper.wrap(config, text, path -> before + path, List.of(tower.build("vision")));
  }

  private static ModelConfig vision(ModelConfig config) {
    return Wrapper.part(config, "vision_config");
  }

  private static Architecture wrap(ModelConfig config, Architecture text, TowerBuilder tower) {
    return Wrapper.wrap(config, text, List.of(tower.build("vision")));
  }
}
