package dev.vramcast.formats.training.trainer;

import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.input.tree.Node;
import java.util.Optional;

/** What a program trains on, where it loads that by its name. */
public final class DataSets {

  /** As TRL's command line calls it (trl/scripts/utils.py). */
  public static final String KEY = "dataset_name";

  private static final String NAME = "[\\w.-]+/[\\w.-]+";

  private DataSets() {}

  /** The name on the Hub that {@code datasets.load_dataset} is called with. */
  public static Optional<Node> named(TrainingFile file) {
    return file.node("load_dataset.0")
        .or(() -> file.node("load_dataset.path"))
        .filter(node -> Choice.text(node).filter(text -> text.matches(NAME)).isPresent());
  }
}
