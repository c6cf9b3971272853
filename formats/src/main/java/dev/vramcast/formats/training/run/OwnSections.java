package dev.vramcast.formats.training.run;

import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Sections of settings of a program of somebody's own, which hold arguments of the Trainer or of
 * adapters.
 */
public final class OwnSections {

  /** The Trainer's names by which files of its programs are known. */
  public static final List<String> ARGUMENTS =
      List.of("per_device_train_batch_size", "gradient_accumulation_steps", "num_train_epochs");

  private static final Pattern ADAPTERS =
      Pattern.compile("(?i)(?:q?lora|peft|adapters?)(?:_?(?:config|cfg|params|settings))?");

  /** PEFT's names, and none that a job document has too. */
  private static final Set<String> OF_ADAPTERS = Set.of("r", "lora_r", "lora_rank", "lora_alpha");

  private OwnSections() {}

  /** Whether a file has such arguments, in whichever section or in none. */
  public static boolean areIn(TrainingFile file) {
    return file.form() == Form.TREE && holds(file.root());
  }

  /** Whether a section of the file has them, or one in it. */
  public static boolean sectioned(TrainingFile file) {
    return file.form() == Form.TREE
        && file.root().fields().entrySet().stream().anyMatch(OwnSections::isOne);
  }

  private static boolean isOne(Map.Entry<String, Node> section) {
    return section.getValue() instanceof Node.Fields fields
        && (holds(fields)
            || ADAPTERS.matcher(section.getKey()).matches()
                && OF_ADAPTERS.stream().anyMatch(fields.fields()::containsKey));
  }

  private static boolean holds(Node.Fields section) {
    return section.fields().entrySet().stream()
        .anyMatch(entry -> ARGUMENTS.contains(entry.getKey()) || isOne(entry));
  }
}
