package dev.tunefit.core.architecture.family;

import dev.tunefit.core.architecture.Architecture;
import dev.tunefit.core.architecture.ModelConfig;
import dev.tunefit.core.architecture.Tensors;
import dev.tunefit.core.input.InputException;
import dev.tunefit.core.input.NearestName;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The family of each {@code model_type}. */
public final class FamilyTable {

  private static final long MAX_PARAMETERS = 1_000_000_000_000_000L;
  private static final Map<String, Family> FAMILIES = new TreeMap<>();

  static {
    FAMILIES.putAll(
        Map.ofEntries(
            Map.entry("arcee", Llama::arcee),
            Map.entry("baichuan", Llama::baichuan),
            Map.entry("ernie4_5", Llama::ernie),
            Map.entry("exaone4", Llama::exaone4),
            Map.entry("helium", Llama::helium),
            Map.entry("hunyuan_v1_dense", Llama::hunyuan),
            Map.entry("internlm", Llama::internlm),
            Map.entry("internlm2", Llama::internlm2),
            Map.entry("internlm3", Llama::internlm3),
            Map.entry("llama", Llama::llama),
            Map.entry("minicpm", Llama::minicpm),
            Map.entry("ministral", Llama::mistral),
            Map.entry("ministral3", Llama::ministral3),
            Map.entry("mistral", Llama::mistral),
            Map.entry("seed_oss", Llama::seedOss),
            Map.entry("smollm3", Llama::smollm3),
            Map.entry("cohere", Cohere::cohere),
            Map.entry("cohere2", Cohere::cohere2),
            Map.entry("gemma", Gemma::gemma),
            Map.entry("gemma2", Gemma::gemma2),
            Map.entry("gemma3_text", Gemma::gemma3),
            Map.entry("glm", Glm::glm),
            Map.entry("glm4", Glm::glm4),
            Map.entry("granite", Granite::granite),
            Map.entry("nemotron", StableLm::nemotron),
            Map.entry("olmo", Olmo::olmo),
            Map.entry("olmo2", Olmo::olmo2),
            Map.entry("olmo3", Olmo::olmo3),
            Map.entry("phi", Phi::phi),
            Map.entry("phi3", Phi::phi3),
            Map.entry("qwen2", Qwen::qwen2),
            Map.entry("qwen3", Qwen::qwen3),
            Map.entry("stablelm", StableLm::stablelm),
            Map.entry("starcoder2", StableLm::starcoder2)));
    FAMILIES.putAll(
        Map.ofEntries(
            Map.entry("dbrx", Mpt::dbrx),
            Map.entry("deepseek_v2", DeepSeek::v2),
            Map.entry("deepseek_v3", DeepSeek::v3),
            Map.entry("ernie4_5_moe", Mixtral::ernie),
            Map.entry("glm4_moe", Glm::glm4Moe),
            Map.entry("glm4_moe_lite", DeepSeek::glm4MoeLite),
            Map.entry("gpt_oss", Mixtral::gptOss),
            Map.entry("granitemoe", Granite::granitemoe),
            Map.entry("granitemoehybrid", Granite::granitemoehybrid),
            Map.entry("granitemoeshared", Granite::granitemoeshared),
            Map.entry("hunyuan_v1_moe", Mixtral::hunyuan),
            Map.entry("llama4_text", Llama4::text),
            Map.entry("minimax_m2", Mixtral::minimaxM2),
            Map.entry("mixtral", Mixtral::mixtral),
            Map.entry("olmoe", Olmo::olmoe),
            Map.entry("phimoe", Phi::phimoe),
            Map.entry("qwen2_moe", Qwen::qwen2Moe),
            Map.entry("qwen3_moe", Qwen::qwen3Moe)));
    FAMILIES.putAll(
        Map.ofEntries(
            Map.entry("bert", Bert::bert),
            Map.entry("bloom", GptNeoX::bloom),
            Map.entry("chatglm", Glm::chatglm),
            Map.entry("falcon", GptNeoX::falcon),
            Map.entry("gpt2", Gpt::gpt2),
            Map.entry("gpt_bigcode", Gpt::bigcode),
            Map.entry("gpt_neo", Gpt::neo),
            Map.entry("gpt_neox", GptNeoX::gptNeoX),
            Map.entry("gptj", Gpt::gptj),
            Map.entry("modernbert", ModernBert::modernBert),
            Map.entry("mpt", Mpt::mpt),
            Map.entry("opt", Opt::opt),
            Map.entry("qwen", Qwen::qwen),
            Map.entry("roberta", Bert::roberta),
            Map.entry("xlm-roberta", Bert::roberta)));
  }

  static {
    FAMILIES.putAll(
        Map.ofEntries(
            Map.entry("falcon_h1", FalconH1::falconH1),
            Map.entry("gemma3n_text", Gemma3n::text),
            Map.entry("gemma4_text", Gemma4::text),
            Map.entry("gemma4_unified_text", Gemma4::unifiedText),
            Map.entry("glm4v_moe_text", Glm::glm4Moe),
            Map.entry("glm4v_text", Glm::glm4v),
            Map.entry("jamba", Jamba::jamba),
            Map.entry("lfm2", Lfm2::lfm2),
            Map.entry("lfm2_moe", Lfm2::lfm2Moe),
            Map.entry("mistral4", DeepSeek::mistral4),
            Map.entry("mllama_text_model", Mllama::text),
            Map.entry("nemotron_h", NemotronH::nemotronH),
            Map.entry("paddleocr_vl_text", Llama::ernie),
            Map.entry("qwen2_5_omni_text", Qwen::qwen2),
            Map.entry("qwen2_5_vl_text", Qwen::qwen2),
            Map.entry("qwen2_vl_text", Qwen::qwen2),
            Map.entry("qwen3_5_moe_text", QwenNext::qwen35Moe),
            Map.entry("qwen3_5_text", QwenNext::qwen35),
            Map.entry("qwen3_next", QwenNext::qwen3Next),
            Map.entry("qwen3_omni_moe_text", Qwen::qwen3Moe),
            Map.entry("qwen3_vl_moe_text", Qwen::qwen3VlMoe),
            Map.entry("qwen3_vl_text", Qwen::qwen3)));
    FAMILIES.putAll(
        Map.ofEntries(
            Map.entry("gemma3", VisionLanguage::gemma3),
            Map.entry("gemma3n", VisionLanguage::gemma3n),
            Map.entry("gemma4", VisionLanguage::gemma4),
            Map.entry("gemma4_unified", VisionLanguage::gemma4Unified),
            Map.entry("glm4v", VisionLanguage::glm4v),
            Map.entry("glm4v_moe", VisionLanguage::glm4vMoe),
            Map.entry("idefics3", VisionLanguage::idefics3),
            Map.entry("internvl", VisionLanguage::internvl),
            Map.entry("lfm2_vl", VisionLanguage::lfm2Vl),
            Map.entry("llama4", VisionLanguage::llama4),
            Map.entry("llava", VisionLanguage::llava),
            Map.entry("llava_next", VisionLanguage::llavaNext),
            Map.entry("mistral3", VisionLanguage::mistral3),
            Map.entry("mllama", Mllama::mllama),
            Map.entry("paddleocr_vl", VisionLanguage::paddleOcr),
            Map.entry("paligemma", VisionLanguage::paligemma),
            Map.entry("qwen2_5_omni", QwenOmni::omni25),
            Map.entry("qwen2_5_omni_thinker", QwenOmni::omni25),
            Map.entry("qwen2_5_vl", VisionLanguage::qwen25Vl),
            Map.entry("qwen2_audio", VisionLanguage::qwen2Audio),
            Map.entry("qwen2_vl", VisionLanguage::qwen2Vl),
            Map.entry("qwen3_5", VisionLanguage::qwen35),
            Map.entry("qwen3_5_moe", VisionLanguage::qwen35Moe),
            Map.entry("qwen3_omni_moe", QwenOmni::omni3),
            Map.entry("qwen3_omni_moe_thinker", QwenOmni::omni3),
            Map.entry("qwen3_vl", VisionLanguage::qwen3Vl),
            Map.entry("qwen3_vl_moe", VisionLanguage::qwen3VlMoe),
            Map.entry("smolvlm", VisionLanguage::idefics3),
            Map.entry("voxtral", VisionLanguage::voxtral)));
  }

  private FamilyTable() {}

  /** Every known {@code model_type}, in alphabetical order. */
  public static Set<String> types() {
    return Collections.unmodifiableSet(FAMILIES.keySet());
  }

  /** Reads a config by its {@code model_type}. */
  public static Architecture read(ModelConfig config) {
    String type = config.text("model_type", "");
    if (type.isEmpty()) {
      throw new InputException(config.source() + ": 'model_type' is missing");
    }
    Family family = FAMILIES.get(type);
    if (family == null) {
      throw new InputException(
          "%s: model_type '%s' is not known%s. Known: %s. For another model give its size: --params"
              .formatted(
                  config.source(),
                  type,
                  NearestName.hint(type, types()),
                  String.join(", ", types())));
    }
    try {
      return checked(config, family.read(config));
    } catch (ArithmeticException e) {
      throw new InputException(config.source() + ": the sizes are too large for any model", e);
    }
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
