package dev.vramcast.formats.training.unsloth;

import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code unsloth-cli.py} is told by options and {@code unsloth train --config} by a file, as
 * the calls that both make of it.
 */
final class CommandLine {

  /** Arguments of {@code from_pretrained}. */
  private static final List<String> OF_LOADER =
      List.of("model_name", "max_seq_length", "dtype", "load_in_4bit");

  /** Arguments of {@code get_peft_model}. */
  private static final List<String> OF_ADAPTERS =
      List.of(
          "r",
          "lora_alpha",
          "lora_dropout",
          "bias",
          "use_gradient_checkpointing",
          "random_state",
          "use_rslora",
          "use_dora",
          "loftq_config",
          "target_modules");

  /** Names of unsloth_cli/config.py that the calls have others for. */
  private static final Map<String, String> RENAMED =
      Map.of(
          "lora_r", "r",
          "batch_size", "per_device_train_batch_size",
          "num_epochs", "num_train_epochs",
          "gradient_checkpointing", "use_gradient_checkpointing",
          "random_seed", "seed");

  /** What decides about data, files and reports alone. */
  private static final List<String> OTHERS =
      List.of(
          "dataset",
          "save_model",
          "save_method",
          "save_gguf",
          "save_path",
          "quantization",
          "push_model",
          "push_gguf",
          "hub_path",
          "hub_token",
          "raw_text_file",
          "chunk_size",
          "stride",
          "train_on_completions",
          "training_type",
          "vision_all_linear",
          "use_loftq",
          "finetune_vision_layers",
          "finetune_language_layers",
          "finetune_attention_modules",
          "finetune_mlp_modules");

  private final Map<String, Node> loader = new LinkedHashMap<>();
  private final Map<String, Node> adapters = new LinkedHashMap<>();
  private final Map<String, Node> trainer = new LinkedHashMap<>();

  private CommandLine() {}

  /** The calls; the file itself where it is neither. */
  static TrainingFile calls(TrainingFile file) {
    CommandLine calls = new CommandLine();
    if (isScript(file)) {
      file.root().fields().forEach(calls::put);
      calls.usual("model_name", "unsloth/llama-3-8b");
      calls.usual("load_in_4bit", false);
      calls.usual("r", BigDecimal.valueOf(16));
    } else if (isStudio(file)) {
      file.node("model").ifPresent(model -> calls.put("model_name", model));
      for (String section : List.of("training", "lora")) {
        if (file.node(section).orElse(null) instanceof Node.Fields fields) {
          fields.fields().forEach(calls::put);
        }
      }
      file.node("training.training_type")
          .filter(type -> "full".equals(type.value()))
          .ifPresent(
              type -> calls.loader.put("full_finetuning", new Node.Scalar(true, type.mark())));
      calls.usual("r", BigDecimal.valueOf(64));
    } else {
      return file;
    }
    calls.usual("per_device_train_batch_size", BigDecimal.valueOf(2));
    calls.usual("gradient_accumulation_steps", BigDecimal.valueOf(4));
    calls.usual("optim", "adamw_8bit");
    return calls.program(file);
  }

  /** Whether a command runs the script of Unsloth's repository. */
  static boolean isScript(TrainingFile file) {
    return file.command().stream()
        .flatMap(command -> command.words().stream())
        .anyMatch(word -> word.endsWith("unsloth-cli.py"));
  }

  /** Whether a file is one of Unsloth Studio: unsloth_cli/config.py Config. */
  static boolean isStudio(TrainingFile file) {
    boolean told =
        file.count("training.training_type", "training.max_seq_length", "training.load_in_4bit")
            > 0;
    // Settings of programs of people's own have such sections too, with the Trainer's names.
    boolean own =
        file.node("model").filter(model -> model instanceof Node.Fields).isPresent()
            || file.has("training.per_device_train_batch_size");
    return file.form() == Form.TREE && told && !own && file.count("lora", "data", "logging") > 0;
  }

  private void put(String given, Node value) {
    String name = RENAMED.getOrDefault(given, given);
    if (OF_LOADER.contains(name)) {
      loader.put(name, value);
    } else if (name.equals("use_gradient_checkpointing")) {
      String word = String.valueOf(value.value());
      adapters.put(
          name,
          word.equals("unsloth") ? value : new Node.Scalar(word.equals("true"), value.mark()));
    } else if (name.equals("target_modules") && value.value() instanceof String names) {
      List<Node> words =
          List.of(names.split(",")).stream()
              .map(String::strip)
              .filter(word -> !word.isEmpty())
              .map(word -> (Node) new Node.Scalar(word, value.mark()))
              .toList();
      adapters.put(name, new Node.Items(words, value.mark()));
    } else if (OF_ADAPTERS.contains(name)) {
      adapters.put(name, value);
    } else if (!OTHERS.contains(name) && !(name.equals("max_steps") && isZero(value))) {
      trainer.put(name, value);
    }
  }

  private static boolean isZero(Node value) {
    return String.valueOf(value.value()).equals("0");
  }

  /** A default of the program, where nothing is said. */
  private void usual(String name, Object value) {
    boolean said = loader.containsKey(name) || adapters.containsKey(name);
    if (!said && !trainer.containsKey(name)) {
      put(name, new Node.Scalar(value, Mark.NONE));
    }
  }

  private TrainingFile program(TrainingFile file) {
    Map<String, Node> calls = new LinkedHashMap<>();
    calls.put("from_pretrained", new Node.Fields(loader, file.root().mark()));
    if (!loader.containsKey("full_finetuning")) {
      calls.put("get_peft_model", new Node.Fields(adapters, file.root().mark()));
    }
    calls.put("SFTConfig", new Node.Fields(trainer, file.root().mark()));
    return new TrainingFile(
        file.name(),
        Form.PROGRAM,
        new Node.Fields(calls, file.root().mark()),
        Optional.empty(),
        file.repeats(),
        "",
        file.given());
  }
}
