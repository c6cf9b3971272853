package dev.vramcast.core.architecture.family;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelingFile;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where the code of each model is, and what its classes are called. These are words for people, as
 * {@code model_type} is: nothing is decided by them.
 */
public final class ModelingFiles {

  private static final String LAYER = "DecoderLayer";
  private static final String MIXTURE = "SparseMoeBlock";

  /** Models whose code is downloaded with them ({@code trust_remote_code}). */
  private static final Set<String> REMOTE =
      Set.of("baichuan", "chatglm", "internlm", "internlm2", "internlm3", "minicpm", "qwen");

  /** Classes that are not called as {@code model_type} lets expect. */
  private static final Map<String, String> PREFIXES =
      Map.ofEntries(
          Map.entry("chatglm", "GLM"),
          Map.entry("glm4v", "Glm4vText"),
          Map.entry("glm4v_moe", "Glm4vMoeText"),
          Map.entry("gemma3n", "Gemma3nText"),
          Map.entry("gemma4", "Gemma4Text"),
          Map.entry("gpt2", "GPT2"),
          Map.entry("gpt_bigcode", "GPTBigCode"),
          Map.entry("gpt_neo", "GPTNeo"),
          Map.entry("gpt_neox", "GPTNeoX"),
          Map.entry("gptj", "GPTJ"),
          Map.entry("granitemoe", "GraniteMoe"),
          Map.entry("granitemoehybrid", "GraniteMoeHybrid"),
          Map.entry("granitemoeshared", "GraniteMoeShared"),
          Map.entry("hunyuan_v1_dense", "HunYuanDenseV1"),
          Map.entry("hunyuan_v1_moe", "HunYuanMoEV1"),
          Map.entry("internlm", "InternLM"),
          Map.entry("internlm2", "InternLM2"),
          Map.entry("internlm3", "InternLM3"),
          Map.entry("llama4", "Llama4Text"),
          Map.entry("minicpm", "MiniCPM"),
          Map.entry("minimax_m2", "MiniMaxM2"),
          Map.entry("modernbert", "ModernBert"),
          Map.entry("opt", "OPT"),
          Map.entry("phimoe", "Phimoe"),
          Map.entry("qwen", "QWen"),
          Map.entry("qwen2_5_vl", "Qwen2_5_VL"),
          Map.entry("qwen2_vl", "Qwen2VL"),
          Map.entry("qwen3_vl", "Qwen3VLText"),
          Map.entry("qwen3_vl_moe", "Qwen3VLMoeText"),
          Map.entry("smollm3", "SmolLM3"),
          Map.entry("stablelm", "StableLm"));

  private static final Map<String, String> LAYERS =
      Map.ofEntries(
          Map.entry("bert", "Layer"),
          Map.entry("bloom", "Block"),
          Map.entry("chatglm", "Block"),
          Map.entry("dbrx", "Block"),
          Map.entry("gpt2", "Block"),
          Map.entry("gpt_bigcode", "Block"),
          Map.entry("gpt_neo", "Block"),
          Map.entry("gpt_neox", "Layer"),
          Map.entry("gptj", "Block"),
          Map.entry("modernbert", "EncoderLayer"),
          Map.entry("mpt", "Block"),
          Map.entry("nemotron_h", "Block"),
          Map.entry("qwen", "Block"),
          Map.entry("roberta", "Layer"));

  private static final Map<String, String> MIXTURES =
      Map.ofEntries(
          Map.entry("dbrx", "FFN"),
          Map.entry("deepseek_v2", "Moe"),
          Map.entry("deepseek_v3", "MoE"),
          Map.entry("glm4_moe", "MoE"),
          Map.entry("glm4_moe_lite", "MoE"),
          Map.entry("gpt_oss", "MLP"),
          Map.entry("granitemoe", "MoE"),
          Map.entry("granitemoehybrid", "MoE"),
          Map.entry("granitemoeshared", "MoE"),
          Map.entry("hunyuan_v1_moe", "Moe"),
          Map.entry("llama4", "Moe"),
          Map.entry("nemotron_h", "MoE"));

  /** The file of a model; text parts of other models lie in those models' files. */
  public static ModelingFile of(Architecture architecture) {
    return MADE.computeIfAbsent(architecture.modelType(), ModelingFiles::make);
  }

  private static ModelingFile make(String modelType) {
    String type = stem(modelType);
    String folder = REMOTE.contains(type) ? "" : "transformers/models/" + type + "/";
    return new ModelingFile(
        folder + "modeling_" + type + ".py",
        PREFIXES.getOrDefault(type, capitalised(type)),
        LAYERS.getOrDefault(type, LAYER),
        MIXTURES.getOrDefault(type, MIXTURE));
  }

  /** What a model adds to its type for a part of itself, the outermost first. */
  private static final List<String> PARTS = List.of("_model", "_text", "_unified", "_thinker");

  /** Those that were asked for: as many as there are types. */
  private static final Map<String, ModelingFile> MADE = new ConcurrentHashMap<>();

  private ModelingFiles() {}

  private static String stem(String modelType) {
    String type = modelType;
    for (String part : PARTS) {
      if (type.endsWith(part)) {
        type = type.substring(0, type.length() - part.length());
      }
    }
    return type;
  }

  /** {@code qwen2_moe} becomes {@code Qwen2Moe}; digits keep their underscore. */
  private static String capitalised(String type) {
    StringBuilder name = new StringBuilder();
    for (String part : type.split("_", -1)) {
      if (part.isEmpty()) {
        continue;
      }
      boolean numbers = Character.isDigit(part.charAt(0)) && !name.isEmpty();
      name.append(numbers ? "_" : "").append(Character.toUpperCase(part.charAt(0)));
      name.append(part, 1, part.length());
    }
    return name.toString();
  }
}
