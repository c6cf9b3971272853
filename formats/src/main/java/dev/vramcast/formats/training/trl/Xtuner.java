package dev.vramcast.formats.training.trl;

import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Configurations of xtuner before 1.0, which are Python, turned into the Trainer's arguments: its
 * loop, MMEngine's, lets go of the logits before the backward pass as the Trainer does
 * (xtuner/model/sft.py).
 */
final class Xtuner {

  private static final String MODEL = TrainingFile.XTUNER + ".model.";
  private static final String LLM = MODEL + "llm.";
  private static final String OPTIMIZER = TrainingFile.XTUNER + ".optim_wrapper.";

  /** The class of a model that is not only fine-tuned on text, and a split of sequences. */
  private static final String OTHER = "xtuner_model";

  private static final String SPLIT = "sequence_parallel_size";

  /** What xtuner 0.2.0, the last of these, asks for. */
  static final String TRANSFORMERS = "4.48.0";

  private static final Map<String, String> OPTIMIZERS =
      Map.of(
          "AdamW", "adamw_torch",
          "PagedAdamW32bit", "paged_adamw_32bit",
          "PagedAdamW8bit", "paged_adamw_8bit",
          "AdamW8bit", "adamw_8bit");

  private static final Map<String, String> ARGUMENTS =
      Map.of(
          LLM + "pretrained_model_name_or_path", "model_name_or_path",
          LLM + "torch_dtype", "torch_dtype",
          LLM + "attn_implementation", "attn_implementation",
          MODEL + "use_activation_checkpointing", "gradient_checkpointing",
          TrainingFile.XTUNER + ".train_dataloader.batch_size", "per_device_train_batch_size",
          OPTIMIZER + "accumulative_counts", "gradient_accumulation_steps",
          TrainingFile.XTUNER + ".max_length", "max_length",
          TrainingFile.XTUNER + ".train_cfg.max_epochs", "num_train_epochs",
          TrainingFile.XTUNER + ".train_cfg.max_iters", "max_steps");

  private static final List<String> OF_ADAPTERS =
      List.of("r", "lora_alpha", "lora_dropout", "target_modules", "use_dora", "modules_to_save");

  private final TrainingFile file;
  private final Map<String, Node> keys = new LinkedHashMap<>();

  private Xtuner(TrainingFile file) {
    this.file = file;
  }

  static boolean isOne(TrainingFile file) {
    return file.has(MODEL + "type");
  }

  /** The arguments. */
  static Map<String, Node> keys(TrainingFile file) {
    Xtuner xtuner = new Xtuner(file);
    xtuner.read();
    return xtuner.keys;
  }

  private void read() {
    // What SupervisedFinetune and AmpOptimWrapper do where nothing is said.
    put("gradient_checkpointing", true);
    put("per_device_train_batch_size", 1);
    ARGUMENTS.forEach((from, to) -> file.node(from).ifPresent(node -> keys.put(to, node)));
    name(MODEL + "type")
        .filter(type -> !type.equals("SupervisedFinetune"))
        .ifPresent(type -> put(OTHER, type));
    file.node(TrainingFile.XTUNER + "." + SPLIT)
        .filter(degree -> !"1".equals(String.valueOf(degree.value())))
        .ifPresent(degree -> keys.put("xtuner_" + SPLIT, degree));
    quantised();
    adapters();
    precision();
    name(OPTIMIZER + "optimizer.type")
        .ifPresent(type -> put("optim", OPTIMIZERS.getOrDefault(type, type)));
  }

  private void quantised() {
    for (String key : List.of("load_in_4bit", "load_in_8bit", "bnb_4bit_quant_type")) {
      file.node(LLM + "quantization_config." + key).ifPresent(node -> keys.put(key, node));
    }
    file.node(LLM + "quantization_config.bnb_4bit_use_double_quant")
        .ifPresent(node -> keys.put("use_bnb_nested_quant", node));
  }

  /** Targets that are not named are all linear layers but the head (find_all_linear_names). */
  private void adapters() {
    if (!file.has(MODEL + "lora")) {
      return;
    }
    put("use_peft", true);
    put("lora_r", 8);
    put("lora_target_modules", "all-linear");
    for (String key : OF_ADAPTERS) {
      String to =
          key.equals("r") || !key.contains("lora") && !key.startsWith("use") ? "lora_" + key : key;
      file.node(MODEL + "lora." + key)
          .filter(node -> node.value() != null || !(node instanceof Node.Scalar))
          .ifPresent(node -> keys.put(to, node));
    }
    // prepare_model_for_kbit_training is run on any base, and leaves fp32 of one that is whole.
    if (!file.has(LLM + "quantization_config")) {
      put("torch_dtype", "float32");
    }
  }

  private void precision() {
    boolean mixed = name(OPTIMIZER + "type").filter("AmpOptimWrapper"::equals).isPresent();
    String dtype = name(OPTIMIZER + "dtype").orElse("float16");
    put("fp16", mixed && dtype.endsWith("float16") && !dtype.endsWith("bfloat16"));
    put("bf16", mixed && dtype.endsWith("bfloat16"));
  }

  /** A name without the marks of one that stands for nothing else. */
  private Optional<String> name(String path) {
    return file.node(path)
        .map(Node::value)
        .map(value -> String.valueOf(value).replaceAll("[<>]", "").strip());
  }

  /** Stands where the model is configured, since the file has no line of its own for it. */
  private void put(String key, Object value) {
    Mark mark = file.node(MODEL + "type").map(Node::mark).orElse(Mark.of(1));
    keys.put(key, Node.Scalar.of(value, mark));
  }
}
