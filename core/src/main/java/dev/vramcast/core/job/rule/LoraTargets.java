package dev.vramcast.core.job.rule;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The modules that get adapters when nobody names them. */
public final class LoraTargets {

  public static final List<String> QUERY_VALUE = List.of("q_proj", "v_proj");

  /** The seven projections of a Llama-type layer. */
  public static final List<String> PROJECTIONS =
      List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

  /** Model types whose entry in PEFT's table is not {@link #QUERY_VALUE}. */
  private static final Map<String, List<String>> OTHERS =
      Map.ofEntries(
          Map.entry("gpt2", List.of("c_attn")),
          Map.entry("gpt_bigcode", List.of("c_attn")),
          Map.entry("bloom", List.of("query_key_value")),
          Map.entry("gpt_neox", List.of("query_key_value")),
          Map.entry("chatglm", List.of("query_key_value")),
          Map.entry("falcon", List.of("query_key_value")),
          Map.entry("RefinedWeb", List.of("query_key_value")),
          Map.entry("RefinedWebModel", List.of("query_key_value")),
          Map.entry("codegen", List.of("qkv_proj")),
          Map.entry("mpt", List.of("Wqkv")),
          Map.entry("bert", List.of("query", "value")),
          Map.entry("roberta", List.of("query", "value")),
          Map.entry("xlm-roberta", List.of("query", "value")),
          Map.entry("electra", List.of("query", "value")),
          Map.entry("deberta-v2", List.of("query_proj", "value_proj")),
          Map.entry("t5", List.of("q", "v")),
          Map.entry("mt5", List.of("q", "v")));

  /** PEFT's table by model type, which only a configuration given as an object tells. */
  public static final Rule OF_PEFT =
      Rule.framework("peft: src/peft/utils/constants.py", d -> targets(modelType(d).orElseThrow()))
          .when(d -> modelType(d).isPresent())
          .or(
              Rule.assumed(
                  QUERY_VALUE, "peft: src/peft/utils/constants.py, as for most model types"));

  private LoraTargets() {}

  private static List<String> targets(String modelType) {
    return OTHERS.getOrDefault(modelType, QUERY_VALUE);
  }

  private static Optional<String> modelType(PartialJob d) {
    return d.document()
        .modelConfig()
        .map(config -> config.get("model_type"))
        .filter(String.class::isInstance)
        .map(String.class::cast);
  }
}
