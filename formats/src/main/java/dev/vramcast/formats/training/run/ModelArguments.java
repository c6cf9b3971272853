package dev.vramcast.formats.training.run;

import dev.vramcast.formats.python.module.Imports;
import dev.vramcast.formats.python.module.ModuleLines;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** TRL's own arguments of a model, as a command gives them (trl/trainer/model_config.py). */
public final class ModelArguments {

  private static final String CLASS = "ModelConfig";

  private static final Pattern LIBRARY = Pattern.compile("trl(?:\\..*)?");

  private static final Pattern DECLARES =
      Pattern.compile("(?m)^[ \\t]*+class[ \\t]++ModelConfig\\b");

  private static final List<String> FIELDS =
      List.of(
          "model_name_or_path",
          "model_revision",
          "dtype",
          "torch_dtype",
          "trust_remote_code",
          "attn_implementation",
          "use_peft",
          "lora_r",
          "lora_alpha",
          "lora_dropout",
          "lora_target_modules",
          "lora_target_parameters",
          "lora_modules_to_save",
          "lora_task_type",
          "use_rslora",
          "use_dora",
          "load_in_8bit",
          "load_in_4bit",
          "bnb_4bit_quant_type",
          "use_bnb_nested_quant",
          "bnb_4bit_quant_storage");

  /** Of these, what loading a model takes. */
  private static final Set<String> LOADING =
      Set.of(
          "dtype",
          "torch_dtype",
          "attn_implementation",
          "load_in_8bit",
          "load_in_4bit",
          "bnb_4bit_quant_type",
          "use_bnb_nested_quant",
          "bnb_4bit_quant_storage");

  private static final Pattern HANDS =
      Pattern.compile(
          "model_init_kwargs|get_quantization_config|TrlParser"
              + "|(?<!(?:Tokenizer|Processor)\\.)from_pretrained");

  private ModelArguments() {}

  /**
   * Puts what a program makes them with, unless a class of its own is called so.
   *
   * @param keys arguments of a command of TRL's
   */
  public static void put(TrainingFile file, Map<String, Node> keys) {
    if (file.has(CLASS + ".model_name_or_path") && isTrls(file)) {
      boolean handed = !isLoadedByName(file);
      for (String field : FIELDS) {
        boolean used = handed || !LOADING.contains(field);
        file.node(CLASS + "." + field)
            .ifPresent(value -> keys.put(used ? field : CLASS + "." + field, value));
      }
    }
  }

  /** Whether words stand for the name of the model that they have. */
  public static boolean isName(TrainingFile file, String words) {
    return words.matches("\\w+\\.model_name_or_path")
        && file.has(CLASS + ".model_name_or_path")
        && isTrls(file);
  }

  /**
   * Whether a trainer loads the model by its name alone: what the class says of loading is handed
   * to nobody then, unless the program asks it for {@code dtype} or its quantisation.
   */
  private static boolean isLoadedByName(TrainingFile file) {
    return !file.has("AutoModel")
        && !file.has("from_pretrained")
        && file.lines().stream()
            .map(line -> String.valueOf(line.value()))
            .noneMatch(line -> HANDS.matcher(line).find());
  }

  private static boolean isTrls(TrainingFile file) {
    String code = ModuleLines.text(file.lines());
    return !DECLARES.matcher(code).find()
        && Imports.of(code).stream()
            .filter(one -> one.dots() == 0 && LIBRARY.matcher(one.module()).matches())
            .anyMatch(one -> List.of(CLASS, "*", "").contains(one.name()));
  }
}
