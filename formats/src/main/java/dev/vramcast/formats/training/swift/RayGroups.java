package dev.vramcast.formats.training.swift;

import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Settings of one role each, where Ray starts Megatron-SWIFT ({@code
 * swift/ray/megatron/driver_utils.py}): what stands below {@code train} and {@code rollout} is over
 * what stands beside them.
 */
final class RayGroups {

  private static final String TRAIN = "train";
  private static final String ROLLOUT = "rollout";
  private static final String TOGETHER = "colocate_groups";
  private static final String MODE = "vllm_mode";

  private static final Set<String> OF_ENGINE = Set.of("gpus", "nnodes", "model");

  private RayGroups() {}

  /** The file as Megatron is told of it; itself where it has no groups. */
  static TrainingFile flattened(TrainingFile file) {
    if (!(file.node(TRAIN).orElse(null) instanceof Node.Fields train)) {
      return file;
    }
    Map<String, Node> fields = new LinkedHashMap<>(file.root().fields());
    fields.remove(TRAIN);
    fields.putAll(train.fields());
    Node rollout = fields.remove(ROLLOUT);
    if (rollout instanceof Node.Fields engine) {
      engine.fields().forEach((name, value) -> engine(fields, name, value));
      Node together = fields.get(TOGETHER);
      String mode = together != null && shares(together) ? "colocate" : "server";
      fields.putIfAbsent(MODE, new Node.Scalar(mode, engine.mark()));
    }
    return file.withRoot(new Node.Fields(fields, file.root().mark()));
  }

  private static void engine(Map<String, Node> fields, String name, Node value) {
    if (!OF_ENGINE.contains(name)) {
      fields.put(name, value);
    }
  }

  /** Whether a group has both the trainer and the engine. */
  private static boolean shares(Node groups) {
    return groups instanceof Node.Items all
        && all.items().stream().anyMatch(group -> holds(group, TRAIN) && holds(group, ROLLOUT));
  }

  private static boolean holds(Node group, String role) {
    return group instanceof Node.Items roles
        && roles.items().stream().anyMatch(each -> role.equals(String.valueOf(each.value())));
  }
}
