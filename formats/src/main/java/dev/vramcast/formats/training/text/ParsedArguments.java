package dev.vramcast.formats.training.text;

import dev.vramcast.formats.python.Program;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The arguments of trainers that a program has parsed and does not make by a call, as {@code
 * HfArgumentParser((ModelArguments, TrainingArguments))} does: the options of its command that are
 * not its own.
 */
final class ParsedArguments {

  static final String PARSER = "HfArgumentParser";

  private static final Pattern CONFIGURATION =
      Pattern.compile(
          "<?(?:\\w+\\.)*+(\\w*(?:TrainingArguments"
              + "|(?:SFT|DPO|KTO|GRPO|RLOO|ORPO|CPO|Reward)Config))>?");

  /** Arguments of the Trainer that programs give defaults of their own. */
  private static final List<String> OWN =
      List.of(
          "optim",
          "model_max_length",
          "max_length",
          "max_seq_length",
          "max_source_length",
          "max_target_length",
          "gradient_checkpointing",
          "per_device_train_batch_size",
          "gradient_accumulation_steps",
          "max_steps",
          "num_train_epochs",
          "eval_strategy",
          "evaluation_strategy",
          "per_device_eval_batch_size",
          "bf16",
          "fp16");

  /** Options of programs' own classes that mean the same with all of them. */
  private static final List<String> KEPT =
      List.of(
          "model_name_or_path",
          "torch_dtype",
          "dtype",
          "attn_implementation",
          "block_size",
          "max_length",
          "max_seq_length",
          "model_max_length",
          "max_source_length",
          "max_target_length",
          "load_in_4bit",
          "load_in_8bit",
          "pre_seq_len",
          "dataset_name");

  /** What commands call the model. */
  private static final List<String> MODELS =
      List.of("model_name_or_path", "model_name", "base_model", "model_path", "model_id", "model");

  /** A name of which the program does not say what it stands for. */
  private static final Pattern OPEN =
      Pattern.compile("<[A-Za-z_]\\w*>|\\w*(?i:args?|arguments|config|cfg)\\.\\w*model\\w*");

  private static final String LOADED = "AutoModel";

  private ParsedArguments() {}

  /** The model of the command, where a function loads one that is handed to it. */
  static TrainingFile loading(TrainingFile file, Map<String, Node> options) {
    Optional<Node> named = MODELS.stream().map(options::get).filter(Objects::nonNull).findFirst();
    if (named.isEmpty() || !(file.root().at(LOADED).orElse(null) instanceof Node.Fields call)) {
      return file;
    }
    Map<String, Node> arguments = new LinkedHashMap<>(call.fields());
    for (String key : List.of("0", "pretrained_model_name_or_path")) {
      arguments.computeIfPresent(
          key,
          (k, value) ->
              OPEN.matcher(String.valueOf(value.value())).matches() ? named.get() : value);
    }
    Map<String, Node> root = new LinkedHashMap<>(file.root().fields());
    root.put(LOADED, new Node.Fields(arguments, call.mark()));
    return file.withRoot(new Node.Fields(root, file.root().mark()));
  }

  /** The program with a call of the configuration that it has parsed. */
  static TrainingFile with(TrainingFile file, Program program, Map<String, Node> options) {
    Optional<String> name = configuration(file).filter(configuration -> !file.has(configuration));
    if (name.isEmpty()) {
      return file;
    }
    Map<String, Node> arguments = new LinkedHashMap<>();
    OWN.forEach(
        key ->
            Optional.ofNullable(program.constants().get("." + key))
                .filter(value -> value.value() != null)
                .ifPresent(value -> arguments.put(key, value)));
    options.forEach(
        (key, value) -> {
          if (!program.taken().contains(key) || KEPT.contains(key)) {
            arguments.put(key, value);
          }
        });
    Map<String, Node> root = new LinkedHashMap<>(file.root().fields());
    root.put(name.get(), new Node.Fields(arguments, Mark.of(1)));
    return file.withRoot(new Node.Fields(root, file.root().mark()));
  }

  private static Optional<String> configuration(TrainingFile program) {
    return program.node(PARSER).stream()
        .flatMap(call -> call instanceof Node.Fields said ? said.fields().values().stream() : null)
        .flatMap(node -> node instanceof Node.Items list ? list.items().stream() : Stream.of(node))
        .map(node -> CONFIGURATION.matcher(String.valueOf(node.value())))
        .filter(found -> found.matches())
        .map(
            found ->
                found.group(1).endsWith("TrainingArguments")
                    ? trainer(found.group(1))
                    : found.group(1))
        .findFirst();
  }

  /** A class of the program's own is one of Transformers'. */
  private static String trainer(String name) {
    return name.startsWith("Seq2Seq") ? "Seq2SeqTrainingArguments" : "TrainingArguments";
  }
}
