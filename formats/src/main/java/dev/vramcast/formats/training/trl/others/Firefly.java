package dev.vramcast.formats.training.trl.others;

import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Files of arguments that Firefly's {@code train.py} and {@code train_qlora.py} take behind {@code
 * --train_args_file}: turned into those of PEFT's examples. Without a word of the mode they train
 * adapters on all linear layers but the head of a base in 4 bits (component/argument.py,
 * find_all_linear_names of train.py).
 */
public final class Firefly {

  private static final String MODE = "train_mode";
  private static final String TEMPLATE = "template_name";
  private static final String TASK = "task_type";

  /** Its own name for the length, whichever trainer it has. */
  private static final String LENGTH = "max_seq_length";

  /** What it calls all examples that it trains on. */
  private static final String DATA = "train_file";

  /** Names of LLaMA-Factory's, which has ranks and files under the same names. */
  private static final List<String> OTHERS =
      List.of("finetuning_type", "stage", "template", "dataset", "cutoff_len");

  /** Its dataclass CustomizedArguments, and what it tells BitsAndBytesConfig. */
  private static final Map<String, Object> OF_ADAPTERS =
      Map.of(
          "use_peft",
          true,
          "lora_r",
          64,
          "lora_alpha",
          16,
          "lora_dropout",
          new BigDecimal("0.05"),
          "lora_target_modules",
          "all-linear");

  private static final Pattern FULL = Pattern.compile("(?i)full");

  private Firefly() {}

  /** Whether a file of keys is one of its. */
  public static boolean isOne(TrainingFile file) {
    return file.form() == Form.TREE
        && file.has("model_name_or_path")
        && file.has(DATA)
        && file.has(LENGTH)
        && file.count(MODE, TEMPLATE, "lora_rank") > 0
        && OTHERS.stream().noneMatch(file::has);
  }

  /** Whether it trains by Transformers' Trainer: by TRL's it prefers one answer to another. */
  public static boolean isBare(TrainingFile file) {
    return preferences(file).isEmpty();
  }

  /** What says that it prefers one answer to another; empty where it does not. */
  public static Optional<Setting> preferences(TrainingFile file) {
    return file.node(TASK)
        .map(task -> new Setting(file.name(), TASK, task))
        .filter(task -> isOne(file) && task.shown().equalsIgnoreCase("dpo"));
  }

  /** Whether it has embeddings, norms and head of a base in 4 bits made fp32. */
  public static boolean prepares(TrainingFile file) {
    return isOne(file) && isBare(file) && mode(file).equals("qlora");
  }

  /** The file with the names that PEFT's examples have for the same. */
  public static TrainingFile renamed(TrainingFile file) {
    if (!isOne(file)) {
      return file;
    }
    Map<String, Node> keys = new LinkedHashMap<>(file.root().fields());
    String mode = mode(file);
    boolean adapters = !FULL.matcher(mode).matches();
    Map<String, Object> rest = new LinkedHashMap<>();
    if (adapters) {
      Optional.ofNullable(keys.remove("lora_rank")).ifPresent(rank -> keys.put("lora_r", rank));
      rest.putAll(OF_ADAPTERS);
      if (mode.equals("qlora")) {
        rest.put("load_in_4bit", true);
        rest.put("use_nested_quant", true);
      }
    } else {
      List.of("lora_rank", "lora_alpha", "lora_dropout").forEach(keys::remove);
      rest.put("use_peft", false);
    }
    if (!isBare(file)) {
      // TRL's name, so that nothing is concluded of the release from a name of Firefly's.
      Optional.ofNullable(keys.remove(LENGTH)).ifPresent(most -> keys.put("max_length", most));
    }
    rest.put("dtype", isOn(file, "fp16") ? "float16" : "bfloat16");
    if (text(file, TASK).filter("pretrain"::equalsIgnoreCase).isPresent()) {
      // load_pretrain_dataset joins texts and cuts them at the length.
      rest.put("packing", true);
    }
    List.of(MODE, TEMPLATE, TASK, DATA, "tokenize_num_workers").forEach(keys::remove);
    rest.forEach((key, value) -> keys.putIfAbsent(key, Node.Scalar.of(value, file.root().mark())));
    return file.withRoot(new Node.Fields(keys, file.root().mark()));
  }

  private static boolean isOn(TrainingFile file, String key) {
    return text(file, key).filter("true"::equalsIgnoreCase).isPresent();
  }

  private static String mode(TrainingFile file) {
    return text(file, MODE).orElse("qlora").toLowerCase(Locale.ROOT);
  }

  private static Optional<String> text(TrainingFile file, String key) {
    return file.node(key).map(Node::value).map(String::valueOf);
  }
}
