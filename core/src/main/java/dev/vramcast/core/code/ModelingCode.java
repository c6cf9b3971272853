package dev.vramcast.core.code;

import dev.vramcast.core.units.Version;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What differs between versions of the modeling code of Transformers. Each version bound was read
 * off the first release that has the change.
 */
public record ModelingCode(String modelType, Version version) {

  /** models/&lt;type&gt;/modeling_*.py computed their own loss until these releases. */
  private static final Set<String> OWN_LOSS_UNTIL_4_48 = Set.of("mistral", "granite", "granitemoe");

  /** These never made logits fp32 themselves. */
  private static final Set<String> OWN_LOSS_IN_16_BITS =
      Set.of("falcon", "gpt_neox", "gpt_bigcode", "gpt2", "mpt", "bloom", "opt", "gptj");

  /**
   * Masked language models pass their logits to cross-entropy as they are, and so does the code
   * that comes with Qwen 1 (modeling_qwen.py, QWenLMHeadModel).
   */
  private static final Set<String> LOSS_OF_OWN_DTYPE =
      Set.of("bert", "roberta", "xlm-roberta", "modernbert", "qwen");

  /** Until 4.45 every layer of these kept rotary tables for all positions. */
  private static final Set<String> ROTARY_CACHE_UNTIL_4_45 =
      Set.of(
          "falcon", "gpt_neox", "persimmon", "phi", "qwen2", "qwen2_moe", "stablelm", "starcoder2");

  /** These repeated keys and values for every query head before FlashAttention 2. */
  private static final Set<String> REPEATING_FLASH =
      Set.of("mistral", "qwen2", "qwen2_moe", "phi3", "mixtral", "starcoder2");

  /** These have no attention but the one written out in Python. */
  private static final Set<String> EAGER_ONLY =
      Set.of("bloom", "mpt", "gptj", "gpt_neo", "gpt_oss", "baichuan", "qwen");

  /**
   * Families whose expert targets PEFT moves from modules to the stacked parameters, by the names
   * of the projections (peft/utils/transformers_weight_conversion.py; transformers
   * conversion_mapping.py).
   */
  private static final Map<String, Set<String>> REWRITTEN_TARGETS = rewrittenTargets();

  /** Their routers compute in fp32 with a weight made fp32. */
  private static final Set<String> WIDE_ROUTERS =
      Set.of(
          "deepseek_v2",
          "deepseek_v3",
          "glm4_moe",
          "glm4v_moe_text",
          "glm4_moe_lite",
          "ernie4_5_moe",
          "nemotron_h",
          "mistral4");

  /** Routers that are a bare parameter in every version. */
  private static final Set<String> ALWAYS_BARE_ROUTERS =
      Set.of(
          "deepseek_v2",
          "deepseek_v3",
          "glm4_moe",
          "glm4v_moe_text",
          "glm4_moe_lite",
          "gpt_oss",
          "nemotron_h",
          "mistral4");

  /** Routers that stayed an {@code nn.Linear} in version 5. */
  private static final Set<String> LINEAR_ROUTERS =
      Set.of(
          "lfm2_moe",
          "granitemoe",
          "granitemoeshared",
          "granitemoehybrid",
          "jamba",
          "phimoe",
          "dbrx",
          "llama4",
          "llama4_text");

  private static Map<String, Set<String>> rewrittenTargets() {
    Map<String, Set<String>> names = new HashMap<>();
    for (String type : List.of("mixtral", "minimax_m2")) {
      names.put(type, Set.of("w1", "w2", "w3"));
    }
    for (String type :
        List.of(
            "qwen2_moe",
            "qwen3_moe",
            "deepseek_v2",
            "deepseek_v3",
            "glm4_moe",
            "glm4_moe_lite",
            "glm4v_moe",
            "olmoe",
            "ernie4_5_moe",
            "qwen3_next",
            "qwen3_omni_moe",
            "qwen3_omni_moe_thinker",
            "hunyuan_v1_moe")) {
      names.put(type, Set.of("gate_proj", "up_proj", "down_proj"));
    }
    return names;
  }

  /** How {@code apply_rotary_pos_emb} is written. */
  public enum RotaryCode {
    LLAMA,
    /** GLM: tables of interleaved pairs, made in every layer. */
    REPEATED_TABLES,
    /** Ernie 4.5: as GLM, with products in fp32. */
    REPEATED_TABLES_IN_FP32,
    /** Cohere: everything in fp32. */
    IN_FP32,
    /** DeepSeek V3: pairs are first copied apart. */
    DEINTERLEAVED,
    /** Llama 4 and DeepSeek V2: complex numbers. */
    COMPLEX,
    /** gpt-oss: the halves on their own. */
    HALVES
  }

  /** These repeat keys and values before SDPA in an attention class of their own. */
  private static final Set<String> OWN_SDPA = Set.of("nemotron", "falcon");

  private static final Set<String> OWN_SDPA_UNTIL_5 =
      Set.of("dbrx", "jamba", "olmoe", "phimoe", "qwen2_moe", "stablelm");

  /** Where the logits become fp32. */
  public enum LossUpcast {
    /** The loss function makes an fp32 copy while the model's output holds the logits. */
    IN_LOSS,
    /** The model replaces its logits by an fp32 copy. */
    IN_MODEL,
    /** Logits stay as they are; autocast makes the log-probabilities fp32. */
    NEVER
  }

  public RotaryCode rotaryCode() {
    return switch (modelType) {
      case "glm", "glm4", "glm4v_text", "glm4v", "helium", "chatglm" -> RotaryCode.REPEATED_TABLES;
      case "ernie4_5", "ernie4_5_moe", "paddleocr_vl_text" -> RotaryCode.REPEATED_TABLES_IN_FP32;
      case "cohere", "cohere2" -> RotaryCode.IN_FP32;
      case "deepseek_v3", "glm4_moe_lite", "mistral4" -> RotaryCode.DEINTERLEAVED;
      case "deepseek_v2", "llama4", "llama4_text" -> RotaryCode.COMPLEX;
      case "gpt_oss" -> RotaryCode.HALVES;
      default -> RotaryCode.LLAMA;
    };
  }

  /** How a layer norm is written. */
  public enum LayerNormCode {
    /** {@code nn.LayerNorm}. */
    FUSED,
    /** Cohere: in Python. */
    WRITTEN_OUT,
    /** OLMo: the kernel on fp32. */
    FUSED_IN_FP32,
    /** Nemotron: with one added to the weight. */
    ONE_PLUS_WEIGHT
  }

  public LayerNormCode layerNormCode() {
    return switch (modelType) {
      case "cohere", "cohere2" -> LayerNormCode.WRITTEN_OUT;
      case "olmo" -> LayerNormCode.FUSED_IN_FP32;
      case "nemotron" -> LayerNormCode.ONE_PLUS_WEIGHT;
      default -> LayerNormCode.FUSED;
    };
  }

  /** Whether SDPA can be asked for; otherwise the eager attention runs in its place. */
  boolean hasSdpa() {
    return !EAGER_ONLY.contains(modelType);
  }

  /**
   * From 4.54 to 4.57 GPTBigCodeBlock was no GradientCheckpointingLayer, and the loop over layers
   * no longer checkpointed either: asking for it did nothing.
   */
  public boolean checkpointsLayers() {
    boolean skips = version.atLeast(4, 54) && !version.atLeast(5, 0);
    return !(modelType.equals("gpt_bigcode") && skips);
  }

  /** Llama 4 normalises queries and keys after their rotation. */
  public boolean normalisesAfterRotary() {
    return modelType.startsWith("llama4") || modelType.startsWith("hunyuan");
  }

  /** Whether PEFT moves the experts' targets to the stacked parameters. */
  public boolean rewritesExpertTargets() {
    return version.atLeast(5, 0)
        && REWRITTEN_TARGETS.containsKey(modelType)
        && !(modelType.equals("qwen2_moe") && version.atLeast(5, 2));
  }

  /** Where the targets move, modules of these names are no targets any more. */
  public boolean losesAdapter(String name) {
    return rewritesExpertTargets() && REWRITTEN_TARGETS.get(modelType).contains(name);
  }

  /** The router is a parameter of a module of its own, not an {@code nn.Linear}. */
  public boolean bareRouter() {
    return ALWAYS_BARE_ROUTERS.contains(modelType)
        || (version.atLeast(5, 0) && !LINEAR_ROUTERS.contains(modelType));
  }

  public boolean wideRouter() {
    return WIDE_ROUTERS.contains(modelType);
  }

  /** The outputs of looped experts are summed in the dtype of their weights. */
  public boolean sumsInRoutingDtype() {
    return WIDE_ROUTERS.contains(modelType) && !modelType.startsWith("ernie");
  }

  /** The constant that embeddings are multiplied with is applied in the embedding's own module. */
  public boolean scalesInEmbedding() {
    return modelType.startsWith("gemma3")
        || modelType.startsWith("gemma4")
        || (modelType.startsWith("gemma") && version.atLeast(5, 2));
  }

  /** Boolean causal masks that the model keeps as buffers. */
  public enum MaskBuffer {
    NONE,
    ONE,
    EVERY_LAYER
  }

  public MaskBuffer maskBuffer() {
    return switch (modelType) {
      case "gpt2" -> version.atLeast(5, 0) ? MaskBuffer.NONE : MaskBuffer.EVERY_LAYER;
      case "gpt_neo" -> MaskBuffer.EVERY_LAYER;
      case "gpt_bigcode" -> MaskBuffer.ONE;
      default -> MaskBuffer.NONE;
    };
  }

  public boolean normalisesValues() {
    return modelType.startsWith("gemma3n") || modelType.startsWith("gemma4");
  }

  /** The router leaves autocast. */
  public boolean routerWithoutAutocast() {
    return modelType.equals("ernie4_5_moe");
  }

  /** Scores become fp32 before the sigmoid. */
  public boolean sigmoidInFp32() {
    return modelType.equals("minimax_m2");
  }

  /** Every expert runs on every token. */
  boolean runsAllExperts() {
    return modelType.startsWith("llama4");
  }

  /** Experts are split and multiplied one by one. */
  public boolean splitsExperts() {
    return modelType.startsWith("granitemoe");
  }

  /** Query and key become fp32 before their product. */
  public boolean scoresInFp32() {
    return modelType.equals("gptj") || modelType.equals("gpt_neo");
  }

  public LossUpcast lossUpcast() {
    if (LOSS_OF_OWN_DTYPE.contains(modelType)) {
      return LossUpcast.NEVER;
    }
    if (OWN_LOSS_IN_16_BITS.contains(modelType)
        && version.compareTo(
                modelType.equals("gpt_neox") ? Version.of(4, 49) : new Version(4, 48, 3))
            < 0) {
      return LossUpcast.NEVER;
    }
    boolean ownLoss =
        !version.atLeast(4, 46)
            || (OWN_LOSS_UNTIL_4_48.contains(modelType) && !version.atLeast(4, 48))
            || (modelType.equals("starcoder2") && !version.atLeast(4, 47))
            || (modelType.startsWith("granitemoe") && !version.atLeast(5, 0));
    return ownLoss ? LossUpcast.IN_MODEL : LossUpcast.IN_LOSS;
  }

  /** Labels are padded by one; before, the last token's logits were cut off. */
  public boolean padsLabels() {
    return version.atLeast(4, 49);
  }

  /** integrations/sdpa_attention.py passes grouped keys and values to SDPA as they are. */
  public boolean groupedSdpa() {
    boolean ownClass =
        OWN_SDPA.contains(modelType) || (OWN_SDPA_UNTIL_5.contains(modelType) && !fusedExperts());
    return version.atLeast(4, 54) && !ownClass;
  }

  /** integrations/sdpa_attention.py calls {@code contiguous()} on query, key and value. */
  public boolean copiesBeforeSdpa() {
    return version.atLeast(4, 48) && !version.atLeast(4, 56);
  }

  /** masking_utils.py: masks are boolean; before, additive in the dtype of the hidden states. */
  public boolean booleanMasks() {
    return version.atLeast(4, 53);
  }

  /** FlashAttention 2 gets keys and values repeated for every query head. */
  public boolean repeatsBeforeFlash() {
    return REPEATING_FLASH.contains(modelType) && !version.atLeast(4, 48);
  }

  /**
   * The model returns its key-value cache even when layers are checkpointed; the cache is a view of
   * the fused projection, which therefore lives until the outputs are dropped.
   */
  public boolean returnsCacheFromCheckpoints() {
    return modelType.equals("gpt_bigcode") && !version.atLeast(4, 54);
  }

  /** Gemma 2 built a mask even where SDPA needs none, and each sliding layer one of its own. */
  public boolean alwaysMasks() {
    return modelType.equals("gemma2") && !booleanMasks();
  }

  /** Phi-3 concatenates the rotated part with the rest, even when there is none. */
  public boolean concatenatesRotary() {
    return (modelType.equals("phi3") && version.atLeast(4, 49)) || modelType.startsWith("glm");
  }

  /** Each layer keeps cosines and sines of all positions as buffers. */
  public boolean cachesRotaryPerLayer() {
    return (ROTARY_CACHE_UNTIL_4_45.contains(modelType) && !version.atLeast(4, 45))
        || (modelType.equals("mixtral") && !version.atLeast(4, 48))
        || modelType.equals("gptj");
  }

  /** Experts are one stacked parameter each for gate-up and down, run by a grouped product. */
  public boolean fusedExperts() {
    return version.atLeast(5, 0);
  }

  /** integrations/moe.py gathered the experts' inputs by token, then again by expert. */
  public boolean gathersTwice() {
    return !version.atLeast(5, 2);
  }

  /** integrations/moe.py, _grouped_linear: {@code out.add_(bias)}, before {@code out + bias}. */
  public boolean addsExpertBiasesInPlace() {
    return version.atLeast(5, 8);
  }

  /** The router returned its weights in fp32; DeepSeek-V2's always did. */
  public boolean keepsRoutingWeightsWide() {
    return modelType.equals("deepseek_v2")
        || (version.atLeast(5, 0) && (modelType.equals("mixtral") || !version.atLeast(5, 2)));
  }
}
