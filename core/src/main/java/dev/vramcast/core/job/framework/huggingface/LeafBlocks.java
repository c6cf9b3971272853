package dev.vramcast.core.job.framework.huggingface;

import dev.vramcast.core.job.Framework;
import dev.vramcast.core.units.Version;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Blocks of experts that run as one under DeepSpeed's stage 3: those that it takes for such by
 * itself, and those of which a framework tells it ({@code set_z3_leaf_modules}, since 0.13).
 */
final class LeafBlocks {

  private static final Set<String> DEEPSPEED =
      named(
          "mixtral MixtralSparseMoeBlock",
          "qwen2_moe Qwen2MoeSparseMoeBlock",
          "qwen3_moe Qwen3MoeSparseMoeBlock");

  /** Releases of LLaMA-Factory from each on, of its tags; the first is that of 0.7. */
  private static final List<Since> LLAMA_FACTORY =
      List.of(
          since(
              "0.7.0",
              "dbrx DbrxFFN",
              "jamba JambaSparseMoeBlock",
              "mixtral MixtralSparseMoeBlock",
              "qwen2_moe Qwen2MoeSparseMoeBlock"),
          since(
              "0.9.3",
              "deepseek_v3 DeepseekV3MoE",
              "granitemoe GraniteMoeMoE",
              "llama4 Llama4TextMoe",
              "olmoe OlmoeSparseMoeBlock",
              "phimoe PhimoeSparseMoeBlock",
              "qwen3_moe Qwen3MoeSparseMoeBlock"),
          since(
              "0.9.4",
              "ernie4_5_moe Ernie4_5_MoeSparseMoeBlock",
              "glm4_moe Glm4MoeMoE",
              "glm4v_moe Glm4vMoeTextMoE",
              "gpt_oss GptOssMLP",
              "qwen3_vl_moe Qwen3VLMoeTextSparseMoeBlock",
              "qwen3_omni_moe Qwen3OmniMoeThinkerTextSparseMoeBlock"),
          since(
              "0.9.5",
              "hy_v3 HYV3MoE",
              "glm4_moe_lite Glm4MoeLiteMoE",
              "qwen3_next Qwen3NextSparseMoeBlock",
              "qwen3_5_moe Qwen3_5MoeSparseMoeBlock"));

  /** As {@link #LLAMA_FACTORY}, of ms-swift. */
  private static final List<Since> MS_SWIFT =
      List.of(
          since(
              "3.9.0",
              "qwen3_vl_moe Qwen3VLMoeTextSparseMoeBlock",
              "qwen3_omni_moe Qwen3OmniMoeThinkerTextSparseMoeBlock",
              "qwen2_moe Qwen2MoeSparseMoeBlock",
              "qwen3_moe Qwen3MoeSparseMoeBlock",
              "glm4_moe Glm4MoeMoE",
              "glm4v_moe Glm4vMoeTextMoE",
              "gpt_oss GptOssMLP",
              "llama4 Llama4TextMoe",
              "qwen3_next Qwen3NextSparseMoeBlock"),
          since(
              "4.0.0",
              "glm4_moe_lite Glm4MoeLiteMoE",
              "olmoe OlmoeSparseMoeBlock",
              "qwen3_5_moe Qwen3_5MoeSparseMoeBlock",
              "glm_moe_dsa GlmMoeDsaMoE"));

  /** What a framework tells DeepSpeed from a release on. */
  private record Since(Version release, Set<String> blocks) {

    boolean holds(Framework framework) {
      return framework.version().map(v -> v.compareTo(release) >= 0).orElse(true);
    }
  }

  private LeafBlocks() {}

  /** {@code DEFAULT_LEAF_MODULE_CLASSES}, since 0.18. */
  static Set<String> ofDeepSpeed(Framework framework) {
    return framework.deepspeed().atLeast(0, 18) ? DEEPSPEED : Set.of();
  }

  /** Those that LLaMA-Factory names, beside DeepSpeed's own. */
  static Set<String> ofLlamaFactory(Framework factory) {
    return told(factory, LLAMA_FACTORY);
  }

  /** Those that ms-swift names, beside DeepSpeed's own. */
  static Set<String> ofMsSwift(Framework swift) {
    return told(swift, MS_SWIFT);
  }

  private static Set<String> told(Framework framework, List<Since> releases) {
    Set<String> blocks = new TreeSet<>(ofDeepSpeed(framework));
    if (framework.deepspeed().atLeast(0, 13)) {
      releases.stream().filter(each -> each.holds(framework)).forEach(e -> blocks.addAll(e.blocks));
    }
    return Collections.unmodifiableSet(blocks);
  }

  private static Since since(String release, String... blocks) {
    return new Since(Version.parse(release), named(blocks));
  }

  /** The forward passes of classes that Transformers has for types of models, in order. */
  private static Set<String> named(String... blocks) {
    return Arrays.stream(blocks)
        .map(LeafBlocks::code)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String code(String block) {
    String[] parts = block.split(" ", 2);
    String file = "transformers/models/%1$s/modeling_%1$s.py".formatted(parts[0]);
    return file + " " + parts[1] + ".forward";
  }
}
