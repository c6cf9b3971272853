package dev.vramcast.core.job.document;

import static dev.vramcast.core.job.document.Fallback.is;
import static dev.vramcast.core.job.document.Fallback.rule;
import static dev.vramcast.core.job.document.ValueKind.choice;
import static dev.vramcast.core.job.document.ValueKind.choices;
import static dev.vramcast.core.job.document.ValueKind.dataType;
import static dev.vramcast.core.job.document.ValueKind.lengths;
import static dev.vramcast.core.job.document.ValueKind.number;
import static dev.vramcast.core.job.document.ValueKind.text;
import static dev.vramcast.core.job.document.ValueKind.version;
import static dev.vramcast.core.job.document.ValueKind.whole;
import static dev.vramcast.core.job.document.ValueKind.words;
import static dev.vramcast.core.job.document.ValueKind.yesOrNo;
import static dev.vramcast.core.units.DataType.BF16;
import static dev.vramcast.core.units.DataType.FP16;
import static dev.vramcast.core.units.DataType.FP32;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.NearestName;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LigerKernel;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.option.RootGroup;
import dev.vramcast.core.job.option.Strategy;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A key of the job document: its path, its flag, what it may hold and what holds without it. Files,
 * flags, help texts and error messages are all read off this list.
 */
public enum JobKey {
  MODEL_ID(
      "model.id",
      "--model",
      text(),
      rule("required, or model.config"),
      "Hub id or catalogue name of the model"),
  MODEL_CONFIG(
      "model.config",
      "--model-config",
      ValueKind.objectOrPath(),
      rule("looked up by model.id"),
      "config.json of the model; wins over the catalogue"),
  MODEL_DTYPE(
      "model.dtype",
      "--model-dtype",
      dataType(FP32, BF16, FP16),
      is("bf16"),
      "dtype of loaded weights that are not quantised"),
  QUANTIZATION_SCHEME(
      "model.quantization.scheme",
      "--quantization",
      choice(QuantizationScheme.values()),
      is("none"),
      "storage of the frozen base"),
  DOUBLE_QUANT(
      "model.quantization.double_quant",
      yesOrNo(),
      is("false"),
      "the block constants of nf4 and fp4 are quantised again"),
  QUANTIZATION_IMPLEMENTATION(
      "model.quantization.implementation",
      "--quantization-implementation",
      text(),
      is("bitsandbytes"),
      "who holds the quantised weight"),
  STAGE("objective.stage", choice(Stage.values()), is("sft"), "what a step optimises"),
  LABELS("objective.labels", whole(1, 1_000_000), is("2"), "classes of stage classification"),
  METHOD("method", choice(Method.values()), is("lora"), "what is trained, and how"),
  LORA_RANK("lora.rank", whole(1, 65_536), is("16"), "rank of the adapters"),
  LORA_ALPHA("lora.alpha", number(0, 1e6), rule("2 x lora.rank"), "scale of the adapters"),
  LORA_DROPOUT("lora.dropout", number(0, 1), is("0"), "dropout before the adapters"),
  LORA_TARGETS(
      "lora.targets",
      words(1),
      is("all-linear"),
      "all-linear, or names of the modules that get adapters"),
  LORA_MODULES_TO_SAVE(
      "lora.modules_to_save", words(0), is(""), "modules trained in full beside the adapters"),
  LORA_DTYPE(
      "lora.dtype",
      "--lora-dtype",
      dataType(FP32, BF16, FP16),
      rule("PEFT's rule: fp32"),
      "dtype of the adapter weights"),
  LORA_KBIT_PREPARE(
      "lora.kbit_prepare",
      yesOrNo(),
      rule("framework's rule"),
      "prepare_model_for_kbit_training was run: fp32 norms, embeddings and head"),
  PRECISION(
      "precision",
      choice(Precision.values()),
      is("bf16-mixed"),
      "dtype of compute; -mixed is autocast, without it parameters have that dtype too"),
  MASTER_WEIGHTS(
      "master_weights",
      yesOrNo(),
      rule("strategy's rule"),
      "the optimizer keeps an fp32 copy of the parameters"),
  OPTIMIZER_NAME(
      "optimizer.name",
      "--optimizer",
      choice(OptimizerName.values()),
      is("adamw"),
      "the update rule"),
  OPTIMIZER_IMPLEMENTATION(
      "optimizer.implementation",
      "--optimizer-implementation",
      choice(OptimizerImplementation.values()),
      rule("framework's rule"),
      "whose code runs the update"),
  OPTIMIZER_STATE_DTYPE(
      "optimizer.state_dtype",
      dataType(FP32, BF16, FP16),
      rule("parameter's dtype"),
      "dtype of the moments"),
  OPTIMIZER_IN_BACKWARD(
      "optimizer.in_backward", yesOrNo(), is("false"), "the step is fused into the backward pass"),
  MICRO_BATCH(
      "batch.micro_batch", whole(1, 1_000_000), is("1"), "sequences per GPU and forward pass"),
  GRAD_ACCUM("batch.grad_accum", whole(1, 1_000_000), is("1"), "micro-batches per optimizer step"),
  SEQUENCE_LENGTH(
      "batch.sequence_length",
      whole(1, 100_000_000),
      rule("required"),
      "tokens per sequence really processed at the peak"),
  PADDING(
      "batch.padding",
      choice(Padding.values()),
      is("packed"),
      "how sequences fill a batch; padded means that attention takes a mask"),
  CHECKPOINTING(
      "checkpointing",
      choice(Checkpointing.values()),
      is("none"),
      "activation checkpointing per decoder layer"),
  CHECKPOINTING_REENTRANT(
      "checkpointing_reentrant", yesOrNo(), rule("framework's rule"), "PyTorch's use_reentrant"),
  ATTENTION("attention", choice(AttentionKernel.values()), is("sdpa"), "attention implementation"),
  LOSS(
      "loss", choice(LossKernel.values()), is("full"), "how logits and cross-entropy are computed"),
  LIGER_KERNELS(
      "liger_kernels", choices(LigerKernel.values()), is(""), "fused kernels beside the loss"),
  COMPILE("compile", yesOrNo(), is("false"), "torch.compile"),
  STRATEGY(
      "parallelism.strategy",
      choice(Strategy.values()),
      rule("none, ddp when hardware.count > 1"),
      "how work is spread over GPUs"),
  SHARD(
      "parallelism.shard",
      whole(1, 1_000_000),
      rule("all GPUs left"),
      "degree of parameter sharding"),
  REPLICATE(
      "parallelism.replicate",
      whole(1, 1_000_000),
      is("1"),
      "data-parallel degree without sharding"),
  TENSOR("parallelism.tensor", whole(1, 1_000_000), is("1"), "tensor-parallel degree"),
  PIPELINE("parallelism.pipeline", whole(1, 1_000_000), is("1"), "pipeline stages"),
  CONTEXT("parallelism.context", whole(1, 1_000_000), is("1"), "context-parallel degree"),
  EXPERT("parallelism.expert", whole(1, 1_000_000), is("1"), "expert-parallel degree"),
  EXPERT_IMBALANCE(
      "parallelism.expert_imbalance",
      number(1, 1e6),
      is("1"),
      "Megatron: tokens at the fullest rank of experts over those at the mean one; up to the number"
          + " of experts"),
  VIRTUAL_PIPELINE(
      "parallelism.virtual_pipeline",
      whole(1, 10_000),
      is("1"),
      "interleaved stages per pipeline rank"),
  SEQUENCE_PARALLEL(
      "parallelism.sequence_parallel",
      yesOrNo(),
      is("false"),
      "norms are split along the sequence"),
  RESHARD_AFTER_FORWARD(
      "parallelism.reshard_after_forward",
      yesOrNo(),
      is("true"),
      "gathered parameters are freed after the forward pass"),
  REDUCE_DTYPE(
      "parallelism.reduce_dtype", dataType(FP32, BF16), is("fp32"), "dtype of gradient reduction"),
  PARAM_DTYPE(
      "parallelism.param_dtype",
      dataType(FP32, BF16, FP16),
      rule("compute dtype"),
      "FSDP's dtype of gathered parameters"),
  ROOT_GROUP(
      "parallelism.root_group",
      choice(RootGroup.values()),
      rule("framework's rule"),
      "FSDP2: which parameters share the root's group"),
  OFFLOAD(
      "parallelism.offload",
      choices(OffloadTarget.values()),
      is(""),
      "what is kept in host memory"),
  EXPANDABLE_SEGMENTS(
      "allocator.expandable_segments",
      yesOrNo(),
      is("false"),
      "PyTorch's caching allocator grows its segments, which keeps them in one piece"),
  MAX_SPLIT_SIZE(
      "allocator.max_split_size_mib",
      // PyTorch: "max_split_size_mb too small, must be > 20".
      whole(21, 1_000_000),
      rule("none"),
      "MiB from which PyTorch's caching allocator does not split blocks"),
  FRAMEWORK_NAME(
      "framework.name",
      "--framework",
      text(),
      is("transformers"),
      "who runs the job; decides the defaults"),
  FRAMEWORK_VERSION(
      "framework.version",
      "--framework-version",
      text(),
      rule("newest supported"),
      "version of the framework"),
  TORCH_VERSION("framework.torch", version(), is(SupportedVersions.TORCH), "version of PyTorch"),
  TRANSFORMERS_VERSION(
      "framework.transformers",
      version(),
      is(SupportedVersions.TRANSFORMERS),
      "version of Transformers"),
  PEFT_VERSION("framework.peft", version(), is(SupportedVersions.PEFT), "version of PEFT"),
  BITSANDBYTES_VERSION(
      "framework.bitsandbytes",
      version(),
      is(SupportedVersions.BITSANDBYTES),
      "version of bitsandbytes"),
  GPU(
      "hardware.gpu",
      text(),
      rule("none"),
      "GPU of the catalogue, with a count as in H100:8, or local"),
  GPU_COUNT("hardware.count", whole(1, 1_000_000), is("1"), "GPUs in all"),
  NODES("hardware.nodes", whole(1, 1_000_000), is("1"), "machines"),
  EXAMPLES("data.examples", number(1, 1e15), rule("none"), "examples of the data set"),
  TOKENS_PER_EXAMPLE(
      "data.tokens_per_example", number(1, 1e9), rule("none"), "mean tokens per example"),
  EPOCHS("data.epochs", number(0, 1e6), rule("none"), "passes over the data set"),
  TOKENS(
      "data.tokens",
      number(1, 1e18),
      rule("none"),
      "tokens of the whole run, in place of the other three"),
  LENGTHS("data.lengths", lengths(), rule("none"), "tokens of the examples, before a cut-off"),
  DATA_FILE(
      "data.file",
      "--data-file",
      text(),
      rule("none"),
      "JSONL file whose examples are measured, plain or gzip"),
  CHARACTERS_PER_TOKEN(
      "data.characters_per_token",
      number(0.1, 1_000),
      is("4"),
      "for guessing the tokens of data.file"),
  TOKENIZER(
      "data.tokenizer", text(), rule("none"), "tokenizer.json that counts the tokens of data.file");

  private static final Map<String, JobKey> BY_PATH = index(JobKey::path);
  private static final Map<String, JobKey> BY_FLAG = index(JobKey::flag);
  private static final Set<String> SECTIONS =
      BY_PATH.keySet().stream()
          .filter(path -> path.contains("."))
          .map(path -> path.substring(0, path.lastIndexOf('.')))
          .collect(Collectors.toUnmodifiableSet());

  private final String path;
  private final String flag;
  private final ValueKind kind;
  private final Fallback fallback;
  private final String description;

  /** The flag is the last part of the path. */
  JobKey(String path, ValueKind kind, Fallback fallback, String description) {
    this(path, "--" + lastPart(path).replace('_', '-'), kind, fallback, description);
  }

  JobKey(String path, String flag, ValueKind kind, Fallback fallback, String description) {
    this.path = path;
    this.flag = flag;
    this.kind = kind;
    this.fallback = fallback;
    this.description = description;
  }

  /** The place in the document, e.g. {@code batch.micro_batch}. */
  public String path() {
    return path;
  }

  /** The command line flag, e.g. {@code --micro-batch}. */
  public String flag() {
    return flag;
  }

  public ValueKind kind() {
    return kind;
  }

  /** What holds when neither the user nor a named framework decides. */
  public Fallback fallback() {
    return fallback;
  }

  /** One line for help texts. */
  public String description() {
    return description;
  }

  /** The fixed default, if there is one. */
  public Optional<Object> defaultValue() {
    return fallback.literal() ? kind.parse(fallback.text()) : Optional.empty();
  }

  /**
   * Checks a value that a file or a caller gave and returns it typed.
   *
   * @param origin where it stands, e.g. {@code job.yaml line 12}
   */
  public Object read(Object raw, String origin) {
    return kind.read(raw).orElseThrow(() -> notAllowed(raw, origin));
  }

  /** Checks the text behind a flag and returns the value typed; lists are separated by commas. */
  public Object parse(String text, String origin) {
    return kind.parse(text).orElseThrow(() -> notAllowed(text, origin));
  }

  /** As {@link #parse(String, String)}, for this key's own flag. */
  public Object parse(String text) {
    return parse(text, flag);
  }

  public static Optional<JobKey> ofPath(String path) {
    return Optional.ofNullable(BY_PATH.get(path));
  }

  public static Optional<JobKey> ofFlag(String flag) {
    return Optional.ofNullable(BY_FLAG.get(flag));
  }

  /** The keys below a path, e.g. those of {@code lora}; empty when it is no section. */
  public static List<JobKey> below(String section) {
    return Arrays.stream(values()).filter(key -> key.path.startsWith(section + ".")).toList();
  }

  /**
   * {@code ". Did you mean 'lora.rank'?"} for a path that is not known, or nothing; what is near no
   * key may be near a section.
   */
  public static String hint(String unknownPath) {
    String hint = UnknownKey.hint(unknownPath, BY_PATH.keySet());
    return hint.isEmpty() ? NearestName.hint(unknownPath, SECTIONS) : hint;
  }

  private InputException notAllowed(Object raw, String origin) {
    Object wrong = kind.isList() ? wrongItem(raw) : raw;
    String hint = wrong instanceof String word ? NearestName.hint(word, kind.words()) : "";
    return new InputException(
        origin + ": " + path + " is " + Shown.given(wrong) + ", allowed: " + kind.allowed() + hint);
  }

  /** The first item that is not allowed, or all of a list in which each item is. */
  private Object wrongItem(Object raw) {
    List<?> items = raw instanceof String text ? RawValues.split(text) : RawValues.items(raw);
    for (Object item : items) {
      if (kind.read(Collections.singletonList(item)).isEmpty()) {
        return item;
      }
    }
    return raw;
  }

  private static String lastPart(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  private static Map<String, JobKey> index(Function<JobKey, String> name) {
    return Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(name, key -> key));
  }
}
