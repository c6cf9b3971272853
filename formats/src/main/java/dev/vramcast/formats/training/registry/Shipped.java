package dev.vramcast.formats.training.registry;

import dev.vramcast.formats.training.Table;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingText;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Configurations that frameworks ship under names, by which commands train: torchtune's {@code
 * llama3_1/8B_lora} and LitGPT's {@code config_hub/finetune/phi-2/lora.yaml}.
 */
final class Shipped {

  private static final String RESOURCE = "shipped.tsv";

  private static final String HUB = "config_hub/";

  /** Read when a command names one. */
  private static final class Rows {
    private static final Map<String, List<String>> ALL = Table.rows(Shipped.class, RESOURCE);
  }

  private Shipped() {}

  /** What a word behind {@code --config} of torchtune means. */
  static Optional<TrainingFile> torchtune(String name) {
    return find("torchtune:" + name, "torchtune's " + name);
  }

  /** A path or an address of LitGPT's own files. */
  static Optional<TrainingFile> litgpt(String path) {
    int hub = path.indexOf(HUB);
    return hub < 0
        ? Optional.empty()
        : find("litgpt:" + path.substring(hub), "LitGPT's " + path.substring(hub));
  }

  private static Optional<TrainingFile> find(String row, String name) {
    return Optional.ofNullable(Rows.ALL.get(row))
        .map(cells -> TrainingText.of(cells.get(1), name))
        .map(file -> file.withRoot(unplaced(file.root())));
  }

  /** The lines of the table say nothing to a user. */
  private static Node.Fields unplaced(Node.Fields section) {
    Map<String, Node> fields = new LinkedHashMap<>();
    section
        .fields()
        .forEach(
            (key, node) ->
                fields.put(
                    key,
                    node instanceof Node.Fields inner
                        ? unplaced(inner)
                        : node instanceof Node.Items items
                            ? new Node.Items(items.items(), Mark.NONE)
                            : new Node.Scalar(node.value(), Mark.NONE)));
    return new Node.Fields(fields, Mark.NONE);
  }
}
