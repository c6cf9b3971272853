package dev.vramcast.formats.training.trl.others;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Options of {@code qlora.py}, which came with the paper of QLoRA, and of the many programs that
 * began as it: turned into those of PEFT's examples. Adapters stand on all linear layers but the
 * head (its find_all_linear_names) of a base in 4 bits unless {@code bits} or {@code full_finetune}
 * says otherwise.
 */
public final class QloraArguments {

  private static final String SOURCE = "source_max_len";
  private static final String TARGET = "target_max_len";

  /** What no other trainer of Transformers or TRL is told. */
  private static final List<String> OWN = List.of("full_finetune", "max_memory_MB", SOURCE, TARGET);

  /** What LLaVA's program has too (llava/train/train.py), which trains in full without a switch. */
  private static final List<String> SHARED = List.of("bits", "double_quant", "quant_type");

  private static final String SWITCH_OF_LLAVA = "lora_enable";

  private static final Pattern NAMED = Pattern.compile("(?i)(?:.*[/_-])?qlora(?:[_-].*)?\\.py");

  /** The paper's own, which reads the set that this option names. */
  private static final Pattern ORIGINAL = Pattern.compile("(?:.*/)?qlora\\.py");

  private static final String DATA = "dataset";

  /** Its dataclasses TrainingArguments and DataArguments; the last two lengths are summed. */
  private static final Map<String, Object> DEFAULTS =
      Map.of(
          "optim",
          "paged_adamw_32bit",
          "per_device_train_batch_size",
          1,
          "gradient_accumulation_steps",
          16,
          "gradient_checkpointing",
          true);

  /** Steps that end the paper's run, however often that passes over its data. */
  private static final int STEPS = 10_000;

  private static final String MOST_STEPS = "max_steps";

  /** What its options say of data and of what it asks a model meanwhile. */
  private static final List<String> ELSE =
      List.of(
          DATA,
          "dataset_format",
          "train_on_source",
          "mmlu_split",
          "mmlu_dataset",
          "do_mmlu_eval",
          "max_mmlu_samples",
          "mmlu_source_max_len",
          "eval_dataset_size",
          "max_train_samples",
          "max_eval_samples",
          "use_auth_token");

  private static final int RANK = 64;
  private static final int ALPHA = 16;
  private static final long SOURCE_TOKENS = 1024;
  private static final long TARGET_TOKENS = 256;

  private final TrainingFile file;
  private final Map<String, Node> keys;

  private QloraArguments(TrainingFile file) {
    this.file = file;
    this.keys = new LinkedHashMap<>(file.root().fields());
  }

  /** Whether it has options of one of these programs. */
  public static boolean isOne(TrainingFile file) {
    int own = file.count(OWN.toArray(String[]::new));
    int all = own + file.count(SHARED.toArray(String[]::new));
    return file.form() != Form.PROGRAM
        && (own > 0 && all > 1 || all > 0 && isNamed(file, NAMED) || isUntold(file))
        && file.has("model_name_or_path")
        && !file.has(SWITCH_OF_LLAVA);
  }

  /** Whether the paper's program is not told when its run ends. */
  private static boolean ends(TrainingFile file) {
    return !file.has(MOST_STEPS) && isNamed(file, ORIGINAL);
  }

  /** Whether a command leaves all that is its own to its defaults. */
  public static boolean isUntold(TrainingFile file) {
    boolean told = Stream.concat(OWN.stream(), SHARED.stream()).anyMatch(file::has);
    return !told && file.has(DATA) && isNamed(file, ORIGINAL);
  }

  private static boolean isNamed(TrainingFile file, Pattern name) {
    return file.command().stream()
        .flatMap(command -> command.words().stream())
        .anyMatch(word -> name.matcher(word).matches());
  }

  /** The file with the names that PEFT's examples have for the same. */
  public static TrainingFile renamed(TrainingFile file) {
    return isOne(file) ? new QloraArguments(file).read() : file;
  }

  /** What it makes of the loaded model: adapters in bf16 under {@code bf16}, norms in fp32. */
  public static void prepared(JobBuilder job) {
    job.put(JobKey.LORA_KBIT_PREPARE, true);
    job.get("bf16")
        .filter(Setting::bool)
        .ifPresent(
            on -> {
              job.put(JobKey.LORA_DTYPE, "bf16", on);
              job.say(
                  FindingCode.NOT_COUNTED,
                  on,
                  "embeddings and head are counted in fp32, which the program makes bf16 again");
            });
  }

  /** Says whose defaults count where a command names none of what is its own. */
  public static void say(JobBuilder job, TrainingFile file) {
    if (ends(file)) {
      job.say(
          FindingCode.SURPRISING_DEFAULT,
          MOST_STEPS,
          MOST_STEPS + " is missing: qlora.py takes 10000 steps, whatever num_train_epochs says");
    }
    if (isUntold(file)) {
      job.say(
          FindingCode.ASSUMED,
          "qlora.py",
          "qlora.py is taken for that of QLoRA's paper, whose defaults count");
    }
  }

  private TrainingFile read() {
    DEFAULTS.forEach(this::otherwise);
    if (isOn("full_finetune")) {
      otherwise("use_peft", false);
    } else {
      adapters();
    }
    if (ends(file)) {
      otherwise(MOST_STEPS, STEPS);
    }
    dtype(isOn("bf16") && !isOn("fp16") ? "bfloat16" : "float32");
    move("quant_type", "bnb_4bit_quant_type");
    move("double_quant", "use_nested_quant");
    otherwise("use_nested_quant", true);
    length();
    OWN.forEach(keys::remove);
    ELSE.forEach(keys::remove);
    SHARED.forEach(keys::remove);
    return file.withRoot(new Node.Fields(keys, file.root().mark()));
  }

  private void adapters() {
    otherwise("use_peft", true);
    if (!file.has("lora_rank")) {
      otherwise("lora_r", RANK);
    }
    otherwise("lora_alpha", ALPHA);
    otherwise("lora_dropout", 0);
    otherwise("lora_target_modules", "all-linear");
    switch (value("bits").orElse("4")) {
      case "4" -> otherwise("load_in_4bit", true);
      case "8" -> otherwise("load_in_8bit", true);
      // prepare_model_for_kbit_training makes what is not quantised fp32.
      default -> dtype("float32");
    }
  }

  private void dtype(String name) {
    if (!file.has("torch_dtype")) {
      otherwise("dtype", name);
    }
  }

  private void length() {
    boolean told =
        Stream.of("model_max_length", "max_length", "max_seq_length").anyMatch(file::has);
    Optional<Node> source = Optional.ofNullable(keys.remove(SOURCE));
    Optional<Node> target = Optional.ofNullable(keys.remove(TARGET));
    if (!told) {
      long sum = tokens(source, SOURCE_TOKENS) + tokens(target, TARGET_TOKENS);
      keys.put(
          "max_length",
          new Node.Scalar(BigDecimal.valueOf(sum), source.or(() -> target).orElse(root()).mark()));
    }
  }

  private static long tokens(Optional<Node> given, long otherwise) {
    return given
        .map(Node::value)
        .map(String::valueOf)
        .filter(text -> text.matches("\\d{1,9}"))
        .map(Long::parseLong)
        .orElse(otherwise);
  }

  private void move(String from, String to) {
    Optional.ofNullable(keys.get(from)).ifPresent(node -> keys.putIfAbsent(to, node));
  }

  private void otherwise(String key, Object value) {
    keys.putIfAbsent(key, Node.Scalar.of(value, root().mark()));
  }

  private boolean isOn(String key) {
    return value(key).filter("true"::equalsIgnoreCase).isPresent();
  }

  private Node root() {
    return file.root();
  }

  private Optional<String> value(String key) {
    return file.node(key).map(Node::value).map(String::valueOf);
  }
}
