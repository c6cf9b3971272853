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

  /** PEFT's and bitsandbytes' names, by which a section of another name is known. */
  private static final Set<String> OF_MODEL =
      Set.of(
          "r",
          "lora_r",
          "lora_rank",
          "lora_alpha",
          "target_modules",
          "load_in_4bit",
          "load_in_8bit",
          "bnb_4bit_quant_type",
          "bnb_4bit_compute_dtype");

  private static final Pattern QUANTISERS =
      Pattern.compile("(?i)(?:bnb|bitsandbytes|quant\\w*)(?:_?(?:config|cfg|params|settings))?");

  private OwnSections() {}

  /** Whether a section is one of adapters or of a quantiser, by its name or by what is in it. */
  public static boolean changesModel(String name, Node value) {
    return value instanceof Node.Fields section
        && (ADAPTERS.matcher(name).matches()
            || QUANTISERS.matcher(name).matches()
            || section.fields().entrySet().stream()
                .anyMatch(
                    entry ->
                        OF_MODEL.contains(entry.getKey())
                            || changesModel(entry.getKey(), entry.getValue())));
  }

  /** Whether a file has such arguments, in whichever section or in none. */
  public static boolean areIn(TrainingFile file) {
    return file.form() == Form.TREE && holds(file.root());
  }

  /** Whether a section of the file has them, or one in it; or the one that LitGPT has. */
  public static boolean sectioned(TrainingFile file) {
    return file.form() == Form.TREE
        && (file.has("train.micro_batch_size")
            || file.root().fields().entrySet().stream().anyMatch(OwnSections::isOne));
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
