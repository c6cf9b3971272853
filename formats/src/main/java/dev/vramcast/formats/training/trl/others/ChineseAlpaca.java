package dev.vramcast.formats.training.trl.others;

import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Options of {@code run_clm_pt_with_peft.py} and {@code run_clm_sft_with_peft.py} of
 * Chinese-LLaMA-Alpaca, and of the programs that began as these: turned into those of PEFT's
 * examples. They train adapters unless {@code full_finetuning} says otherwise.
 */
public final class ChineseAlpaca {

  private static final String TARGETS = "trainable";
  private static final String BITS = "load_in_kbits";

  /** On in MyTrainingArguments; bitsandbytes heeds it at 4 bits alone. */
  private static final String DOUBLED = "double_quant";

  /** Their dataclasses MyTrainingArguments and DataTrainingArguments. */
  private static final Map<String, Object> DEFAULTS =
      Map.of(
          "lora_rank",
          8,
          "lora_alpha",
          32,
          "lora_dropout",
          0.1,
          "lora_target_modules",
          "q_proj,v_proj");

  private static final int LENGTH = 1024;

  private ChineseAlpaca() {}

  /** Whether it has options of one of these programs. */
  public static boolean isOne(TrainingFile file) {
    return file.form() == Form.COMMAND
        && file.has("model_name_or_path")
        && file.has("lora_rank")
        && file.count(TARGETS, "peft_path", "modules_to_save", BITS) > 1;
  }

  /** The file with the names that PEFT's examples have for the same. */
  public static TrainingFile renamed(TrainingFile file) {
    if (!isOne(file)) {
      return file;
    }
    Map<String, Node> keys = new LinkedHashMap<>(file.root().fields());
    move(keys, TARGETS, "lora_target_modules");
    move(keys, "modules_to_save", "lora_modules_to_save");
    Node bits = keys.remove(BITS);
    if (bits != null && String.valueOf(bits.value()).matches("[48]")) {
      keys.put("load_in_" + bits.value() + "bit", new Node.Scalar(true, bits.mark()));
    }
    if (keys.containsKey("load_in_4bit")) {
      keys.putIfAbsent(DOUBLED, new Node.Scalar(true, keys.get("load_in_4bit").mark()));
    }
    Node full = keys.remove("full_finetuning");
    boolean adapters = full == null || !"true".equalsIgnoreCase(String.valueOf(full.value()));
    Map<String, Object> rest = new LinkedHashMap<>(adapters ? DEFAULTS : Map.of());
    rest.put("use_peft", adapters);
    if (!file.has("block_size") && !file.has("max_seq_length")) {
      rest.put("max_seq_length", LENGTH);
    }
    rest.forEach((key, value) -> keys.putIfAbsent(key, Node.Scalar.of(value, file.root().mark())));
    return file.withRoot(new Node.Fields(keys, file.root().mark()));
  }

  private static void move(Map<String, Node> keys, String from, String to) {
    Node value = keys.remove(from);
    if (value != null) {
      keys.putIfAbsent(to, value);
    }
  }
}
