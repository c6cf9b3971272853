package dev.vramcast.core.architecture.family;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.architecture.family.build.Family;
import dev.vramcast.core.architecture.family.gpt.Bert;
import dev.vramcast.core.architecture.family.gpt.Gpt;
import dev.vramcast.core.architecture.family.gpt.GptNeoX;
import dev.vramcast.core.architecture.family.gpt.ModernBert;
import dev.vramcast.core.architecture.family.gpt.Mpt;
import dev.vramcast.core.architecture.family.gpt.Opt;
import dev.vramcast.core.architecture.family.hybrid.FalconH1;
import dev.vramcast.core.architecture.family.hybrid.Granite;
import dev.vramcast.core.architecture.family.hybrid.Jamba;
import dev.vramcast.core.architecture.family.hybrid.Lfm2;
import dev.vramcast.core.architecture.family.hybrid.NemotronH;
import dev.vramcast.core.architecture.family.hybrid.QwenNext;
import dev.vramcast.core.architecture.family.text.Cohere;
import dev.vramcast.core.architecture.family.text.DeepSeek;
import dev.vramcast.core.architecture.family.text.Gemma;
import dev.vramcast.core.architecture.family.text.Gemma3n;
import dev.vramcast.core.architecture.family.text.Gemma4;
import dev.vramcast.core.architecture.family.text.Glm;
import dev.vramcast.core.architecture.family.text.Llama;
import dev.vramcast.core.architecture.family.text.Llama4;
import dev.vramcast.core.architecture.family.text.Mixtral;
import dev.vramcast.core.architecture.family.text.Olmo;
import dev.vramcast.core.architecture.family.text.Phi;
import dev.vramcast.core.architecture.family.text.Qwen;
import dev.vramcast.core.architecture.family.text.StableLm;
import dev.vramcast.core.architecture.family.vision.Mllama;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.NearestName;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The family of each {@code model_type}. */
public final class FamilyTable {

  private static final long MAX_PARAMETERS = 1_000_000_000_000_000L;

  /** Every type that {@link #family} knows. */
  private static final String NAMES =
      """
      arcee baichuan bert bloom chatglm cohere cohere2 dbrx deepseek_v2
      deepseek_v3 ernie4_5 ernie4_5_moe exaone4 falcon falcon_h1 gemma gemma2
      gemma3 gemma3_text gemma3n gemma3n_text gemma4 gemma4_text gemma4_unified
      gemma4_unified_text glm glm4 glm4_moe glm4_moe_lite glm4v glm4v_moe
      glm4v_moe_text glm4v_text gpt2 gpt_bigcode gpt_neo gpt_neox gpt_oss gptj
      granite granitemoe granitemoehybrid granitemoeshared helium hunyuan_v1_dense
      hunyuan_v1_moe idefics3 internlm internlm2 internlm3 internvl jamba lfm2
      lfm2_moe lfm2_vl llama llama4 llama4_text llava llava_next minicpm
      minimax_m2 ministral ministral3 mistral mistral3 mistral4 mixtral mllama
      mllama_text_model modernbert mpt nemotron nemotron_h olmo olmo2 olmo3 olmoe
      opt paddleocr_vl paddleocr_vl_text paligemma phi phi3 phimoe qwen qwen2
      qwen2_5_omni qwen2_5_omni_text qwen2_5_omni_thinker qwen2_5_vl
      qwen2_5_vl_text qwen2_audio qwen2_moe qwen2_vl qwen2_vl_text qwen3 qwen3_5
      qwen3_5_moe qwen3_5_moe_text qwen3_5_text qwen3_moe qwen3_next
      qwen3_omni_moe qwen3_omni_moe_text qwen3_omni_moe_thinker qwen3_vl
      qwen3_vl_moe qwen3_vl_moe_text qwen3_vl_text roberta seed_oss smollm3
      smolvlm stablelm starcoder2 voxtral xlm-roberta
      """;

  private static final Set<String> TYPES =
      Collections.unmodifiableSet(new TreeSet<>(List.of(NAMES.strip().split("\\s+"))));

  private FamilyTable() {}

  /** Every known {@code model_type}, in alphabetical order. */
  public static Set<String> types() {
    return TYPES;
  }

  /** Reads a config by its {@code model_type}. */
  public static Architecture read(ModelConfig config) {
    String type = config.text("model_type", "");
    if (type.isEmpty()) {
      throw new InputException(config.source() + ": 'model_type' is missing");
    }
    if (!TYPES.contains(type)) {
      throw new InputException(
          "%s: model_type '%s' is not known%s. Known: %s. For another model give its size: --params"
              .formatted(
                  config.source(),
                  type,
                  NearestName.hint(type, types()),
                  String.join(", ", types())));
    }
    try {
      return checked(config, family(type).read(config));
    } catch (ArithmeticException e) {
      throw new InputException(config.source() + ": the sizes are too large for any model", e);
    }
  }

  /** The family of one of the types: a switch, since a map would link every reader at start. */
  private static Family family(String type) {
    Family family = dense(type);
    family = family == null ? mixture(type) : family;
    family = family == null ? older(type) : family;
    family = family == null ? hybrid(type) : family;
    return family == null ? multimodal(type) : family;
  }

  /** Decoders with one MLP in every layer. */
  private static Family dense(String type) {
    return switch (type) {
      case "arcee" -> Llama::arcee;
      case "baichuan" -> Llama::baichuan;
      case "ernie4_5" -> Llama::ernie;
      case "exaone4" -> Llama::exaone4;
      case "helium" -> Llama::helium;
      case "hunyuan_v1_dense" -> Llama::hunyuan;
      case "internlm" -> Llama::internlm;
      case "internlm2" -> Llama::internlm2;
      case "internlm3" -> Llama::internlm3;
      case "llama" -> Llama::llama;
      case "minicpm" -> Llama::minicpm;
      case "ministral", "mistral" -> Llama::mistral;
      case "ministral3" -> Llama::ministral3;
      case "seed_oss" -> Llama::seedOss;
      case "smollm3" -> Llama::smollm3;
      case "cohere" -> Cohere::cohere;
      case "cohere2" -> Cohere::cohere2;
      case "gemma" -> Gemma::gemma;
      case "gemma2" -> Gemma::gemma2;
      case "gemma3_text" -> Gemma::gemma3;
      case "glm" -> Glm::glm;
      case "glm4" -> Glm::glm4;
      case "granite" -> Granite::granite;
      case "nemotron" -> StableLm::nemotron;
      case "olmo" -> Olmo::olmo;
      case "olmo2" -> Olmo::olmo2;
      case "olmo3" -> Olmo::olmo3;
      case "phi" -> Phi::phi;
      case "phi3" -> Phi::phi3;
      case "qwen2" -> Qwen::qwen2;
      case "qwen3" -> Qwen::qwen3;
      case "stablelm" -> StableLm::stablelm;
      case "starcoder2" -> StableLm::starcoder2;
      default -> null;
    };
  }

  /** Decoders with experts. */
  private static Family mixture(String type) {
    return switch (type) {
      case "dbrx" -> Mpt::dbrx;
      case "deepseek_v2" -> DeepSeek::v2;
      case "deepseek_v3" -> DeepSeek::v3;
      case "ernie4_5_moe" -> Mixtral::ernie;
      case "glm4_moe" -> Glm::glm4Moe;
      case "glm4_moe_lite" -> DeepSeek::glm4MoeLite;
      case "gpt_oss" -> Mixtral::gptOss;
      case "granitemoe" -> Granite::granitemoe;
      case "granitemoehybrid" -> Granite::granitemoehybrid;
      case "granitemoeshared" -> Granite::granitemoeshared;
      case "hunyuan_v1_moe" -> Mixtral::hunyuan;
      case "llama4_text" -> Llama4::text;
      case "minimax_m2" -> Mixtral::minimaxM2;
      case "mixtral" -> Mixtral::mixtral;
      case "olmoe" -> Olmo::olmoe;
      case "phimoe" -> Phi::phimoe;
      case "qwen2_moe" -> Qwen::qwen2Moe;
      case "qwen3_moe" -> Qwen::qwen3Moe;
      default -> null;
    };
  }

  /** Encoders and older decoders. */
  private static Family older(String type) {
    return switch (type) {
      case "bert" -> Bert::bert;
      case "bloom" -> GptNeoX::bloom;
      case "chatglm" -> Glm::chatglm;
      case "falcon" -> GptNeoX::falcon;
      case "gpt2" -> Gpt::gpt2;
      case "gpt_bigcode" -> Gpt::bigcode;
      case "gpt_neo" -> Gpt::neo;
      case "gpt_neox" -> GptNeoX::gptNeoX;
      case "gptj" -> Gpt::gptj;
      case "modernbert" -> ModernBert::modernBert;
      case "mpt" -> Mpt::mpt;
      case "opt" -> Opt::opt;
      case "qwen" -> Qwen::qwen;
      case "roberta", "xlm-roberta" -> Bert::roberta;
      default -> null;
    };
  }

  /** Decoders with recurrent layers, and the text parts of larger models. */
  private static Family hybrid(String type) {
    return switch (type) {
      case "falcon_h1" -> FalconH1::falconH1;
      case "gemma3n_text" -> Gemma3n::text;
      case "gemma4_text" -> Gemma4::text;
      case "gemma4_unified_text" -> Gemma4::unifiedText;
      case "glm4v_moe_text" -> Glm::glm4Moe;
      case "glm4v_text" -> Glm::glm4v;
      case "jamba" -> Jamba::jamba;
      case "lfm2" -> Lfm2::lfm2;
      case "lfm2_moe" -> Lfm2::lfm2Moe;
      case "mistral4" -> DeepSeek::mistral4;
      case "mllama_text_model" -> Mllama::text;
      case "nemotron_h" -> NemotronH::nemotronH;
      case "paddleocr_vl_text" -> Llama::ernie;
      case "qwen2_5_omni_text", "qwen2_5_vl_text", "qwen2_vl_text" -> Qwen::qwen2;
      case "qwen3_5_moe_text" -> QwenNext::qwen35Moe;
      case "qwen3_5_text" -> QwenNext::qwen35;
      case "qwen3_next" -> QwenNext::qwen3Next;
      case "qwen3_omni_moe_text" -> Qwen::qwen3Moe;
      case "qwen3_vl_moe_text" -> Qwen::qwen3VlMoe;
      case "qwen3_vl_text" -> Qwen::qwen3;
      default -> null;
    };
  }

  /** Models that read more than text. */
  private static Family multimodal(String type) {
    return switch (type) {
      case "gemma3" -> VisionLanguage::gemma3;
      case "gemma3n" -> VisionLanguage::gemma3n;
      case "gemma4" -> VisionLanguage::gemma4;
      case "gemma4_unified" -> VisionLanguage::gemma4Unified;
      case "glm4v" -> VisionLanguage::glm4v;
      case "glm4v_moe" -> VisionLanguage::glm4vMoe;
      case "idefics3", "smolvlm" -> VisionLanguage::idefics3;
      case "internvl" -> VisionLanguage::internvl;
      case "lfm2_vl" -> VisionLanguage::lfm2Vl;
      case "llama4" -> VisionLanguage::llama4;
      case "llava" -> VisionLanguage::llava;
      case "llava_next" -> VisionLanguage::llavaNext;
      case "mistral3" -> VisionLanguage::mistral3;
      case "mllama" -> Mllama::mllama;
      case "paddleocr_vl" -> VisionLanguage::paddleOcr;
      case "paligemma" -> VisionLanguage::paligemma;
      case "qwen2_5_omni", "qwen2_5_omni_thinker" -> QwenOmni::omni25;
      case "qwen2_5_vl" -> VisionLanguage::qwen25Vl;
      case "qwen2_audio" -> VisionLanguage::qwen2Audio;
      case "qwen2_vl" -> VisionLanguage::qwen2Vl;
      case "qwen3_5" -> VisionLanguage::qwen35;
      case "qwen3_5_moe" -> VisionLanguage::qwen35Moe;
      case "qwen3_omni_moe", "qwen3_omni_moe_thinker" -> QwenOmni::omni3;
      case "qwen3_vl" -> VisionLanguage::qwen3Vl;
      case "qwen3_vl_moe" -> VisionLanguage::qwen3VlMoe;
      case "voxtral" -> VisionLanguage::voxtral;
      default -> null;
    };
  }

  private static Architecture checked(ModelConfig config, Architecture architecture) {
    long parameters = Tensors.count(architecture);
    if (parameters > MAX_PARAMETERS) {
      throw new InputException(
          "%s: the sizes make %d parameters, more than any model"
              .formatted(config.source(), parameters));
    }
    return architecture;
  }
}
