package dev.vramcast.core.run.check;

import dev.vramcast.core.architecture.Architecture;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Targets of adapters as frameworks with models of their own name them, in the names of a model
 * that calls its projections otherwise or computes several at once.
 */
public final class FusedTargets {

  private static final List<String> QUERY_KEY_VALUE =
      List.of("query_key_value", "qkv_proj", "Wqkv", "c_attn", "W_pack");
  private static final List<String> UP =
      List.of("gate_up_proj", "dense_h_to_4h", "fc1", "c_fc", "w1");

  private static final Map<String, List<String>> NAMES =
      Map.of(
          "q_proj", QUERY_KEY_VALUE,
          "k_proj", QUERY_KEY_VALUE,
          "v_proj", QUERY_KEY_VALUE,
          "o_proj", List.of("dense", "out_proj"),
          "gate_proj", UP,
          "up_proj", UP,
          "down_proj", List.of("dense_4h_to_h", "fc2", "w2"),
          "lm_head", List.of("embed_out"));

  private FusedTargets() {}

  /** The targets with names of the model in place of those that it does not have. */
  public static List<String> of(Architecture model, List<String> targets) {
    Set<String> known = ModuleNames.of(model).linearNames();
    Set<String> named = new LinkedHashSet<>();
    for (String target : targets) {
      List<String> others = known.contains(target) ? List.of() : names(target, known);
      named.addAll(others.isEmpty() ? List.of(target) : others);
    }
    // A model without a gate has no such projection.
    boolean gated = known.contains("gate_proj") || known.contains("gate_up_proj");
    if (!gated) {
      named.remove("gate_proj");
    }
    return new ArrayList<>(named);
  }

  private static List<String> names(String target, Set<String> known) {
    return NAMES.getOrDefault(target, List.of()).stream().filter(known::contains).limit(1).toList();
  }
}
