package dev.vramcast.core.job.document;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.NearestName;
import dev.vramcast.core.input.Phrase;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.value.ListOf;
import dev.vramcast.core.job.value.RawValues;
import dev.vramcast.core.job.value.ValueKind;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A key of the job document: its path, its flag, what it may hold and what holds without it. Files,
 * flags, help texts and error messages are all read off this list.
 */
public enum JobKey implements Subject.Key {
  MODEL_ID("model.id"),
  MODEL_CONFIG("model.config"),
  MODEL_DTYPE("model.dtype"),
  QUANTIZATION_SCHEME("model.quantization.scheme"),
  DOUBLE_QUANT("model.quantization.double_quant"),
  QUANTIZATION_IMPLEMENTATION("model.quantization.implementation"),
  QUANTIZED_EXPERTS("model.quantization.experts"),
  MIXER("model.mixer"),
  MODEL_CLASS("model.class"),
  USE_CACHE("model.use_cache"),
  PROFILE("profile"),
  METHOD("method"),
  FROZEN("frozen"),
  TRAINABLE_LAYERS("trainable_layers"),
  TRAINABLE_PLACE("trainable_place"),
  LORA_RANK("lora.rank"),
  LORA_ALPHA("lora.alpha"),
  BLOCK_SIZE("lora.block_size"),
  FEEDFORWARD("lora.feedforward_modules"),
  LORA_DROPOUT("lora.dropout"),
  LORA_TARGETS("lora.targets"),
  LORA_MODULES_TO_SAVE("lora.modules_to_save"),
  LORA_DTYPE("lora.dtype"),
  LORA_KBIT_PREPARE("lora.kbit_prepare"),
  TARGET_PARAMETERS("lora.target_parameters"),
  PRECISION("precision"),
  MASTER_WEIGHTS("master_weights"),
  OPTIMIZER_NAME("optimizer.name"),
  OPTIMIZER_IMPLEMENTATION("optimizer.implementation"),
  OPTIMIZER_STATE_DTYPE("optimizer.state_dtype"),
  OPTIMIZER_IN_BACKWARD("optimizer.in_backward"),
  MICRO_BATCH("batch.micro_batch"),
  GRAD_ACCUM("batch.grad_accum"),
  SEQUENCE_LENGTH("batch.sequence_length"),
  PADDING("batch.padding"),
  SEGMENTS("batch.segments"),
  IMAGES("batch.images"),
  IMAGE_SIZE("batch.image_size"),
  AUDIO_SECONDS("batch.audio_seconds"),
  CHECKPOINTING("checkpointing"),
  CHECKPOINTING_REENTRANT("checkpointing_reentrant"),
  CHECKPOINTING_EVERY("checkpointing_every"),
  CHECKPOINTING_LAYERS("checkpointing_layers"),
  CHECKPOINTING_GROUP("checkpointing_group"),
  TILED_MLP("tiled_mlp"),
  MLP_TILES("mlp_tiles"),
  ATTENTION("attention"),
  LOSS("loss"),
  LIGER_KERNELS("liger_kernels"),
  COMPILE("compile"),
  STRATEGY("parallelism.strategy"),
  SHARD("parallelism.shard"),
  REPLICATE("parallelism.replicate"),
  TENSOR("parallelism.tensor"),
  PIPELINE("parallelism.pipeline"),
  LAYERS_PER_STAGE("parallelism.layers_per_stage"),
  CONTEXT("parallelism.context"),
  SEQUENCE_SCHEME("parallelism.sequence_scheme"),
  EXPERT("parallelism.expert"),
  EXPERT_TENSOR("parallelism.expert_tensor"),
  EXPERT_IMBALANCE("parallelism.expert_imbalance"),
  VIRTUAL_PIPELINE("parallelism.virtual_pipeline"),
  PIPELINE_SCHEDULE("parallelism.pipeline_schedule"),
  PIPELINE_MICRO_BATCHES("parallelism.pipeline_micro_batches"),
  STAGE_ROUNDING("parallelism.stage_rounding"),
  SEQUENCE_PARALLEL("parallelism.sequence_parallel"),
  RESHARD_AFTER_FORWARD("parallelism.reshard_after_forward"),
  FIRST_RANK_LOADS("parallelism.first_rank_loads"),
  REDUCE_DTYPE("parallelism.reduce_dtype"),
  PARAM_DTYPE("parallelism.param_dtype"),
  ROOT_GROUP("parallelism.root_group"),
  LAYER_CLASSES("parallelism.layer_classes"),
  FSDP_CHECKPOINTING("parallelism.fsdp_checkpointing"),
  OFFLOAD("parallelism.offload"),
  ZERO_INIT("parallelism.zero_init"),
  ZERO_SIZES("parallelism.zero_sizes"),
  REDUCE_BUCKET("parallelism.reduce_bucket_size"),
  OVERLAP_COMM("parallelism.overlap_comm"),
  PREFETCH_BUCKET("parallelism.prefetch_bucket_size"),
  PERSISTENCE_THRESHOLD("parallelism.param_persistence_threshold"),
  MAX_LIVE_PARAMETERS("parallelism.max_live_parameters"),
  EXPANDABLE_SEGMENTS("allocator.expandable_segments"),
  MAX_SPLIT_SIZE("allocator.max_split_size_mib"),
  EMPTY_CACHE_STEPS("allocator.empty_cache_steps"),
  GARBAGE_COLLECTION("allocator.garbage_collection_threshold"),
  ROUNDUP_DIVISIONS("allocator.roundup_power2_divisions"),
  LARGE_SEGMENT_SIZE("allocator.large_segment_size_mib"),
  ALLOCATOR_FRACTION("allocator.memory_fraction"),
  FRAMEWORK_NAME("framework.name"),
  FRAMEWORK_VERSION("framework.version"),
  TORCH_VERSION("framework.torch"),
  TRANSFORMERS_VERSION("framework.transformers"),
  PEFT_VERSION("framework.peft"),
  BITSANDBYTES_VERSION("framework.bitsandbytes"),
  TRL_VERSION("framework.trl"),
  LIGER_VERSION("framework.liger"),
  ACCELERATE_VERSION("framework.accelerate"),
  DEEPSPEED_VERSION("framework.deepspeed"),
  VLLM_VERSION("framework.vllm"),
  FRAMEWORK_DATE("framework.date"),
  GPU("hardware.gpu"),
  GPU_COUNT("hardware.count"),
  NODES("hardware.nodes"),
  NETWORK("hardware.network"),
  MEMORY_IN_USE("hardware.memory_in_use"),
  SYSTEM("hardware.system"),
  HOST_MEMORY("hardware.host_memory"),
  DISK("hardware.disk"),
  EXAMPLES("data.examples"),
  TOKENS_PER_EXAMPLE("data.tokens_per_example"),
  EPOCHS("data.epochs"),
  TOKENS("data.tokens"),
  STEPS("data.steps"),
  LENGTHS("data.lengths"),
  DATA_FILE("data.file"),
  CHARACTERS_PER_TOKEN("data.characters_per_token"),
  TOKENIZER("data.tokenizer"),
  STAGE("objective.stage"),
  REFERENCE("objective.reference"),
  REFERENCE_DTYPE("objective.reference_dtype"),
  REFERENCE_QUANTIZATION("objective.reference_quantization"),
  PROMPT_LENGTH("objective.prompt_length"),
  COMPLETION_LENGTH("objective.completion_length"),
  COMPLETION_MEAN("objective.completion_mean"),
  CHOSEN_LENGTH("objective.chosen_length"),
  REJECTED_LENGTH("objective.rejected_length"),
  LOSS_TYPE("objective.loss_type"),
  LOSS_WEIGHTS("objective.loss_weights"),
  BETA("objective.beta"),
  LOSS_ALPHA("objective.alpha"),
  WEIGHTING("objective.weighting"),
  SCORED_FRACTION("objective.scored_fraction"),
  LABEL_SMOOTHING("objective.label_smoothing"),
  NEFTUNE_ALPHA("objective.neftune_alpha"),
  LABELS("objective.labels"),
  STRIDE("objective.stride"),
  TEXTS("objective.texts"),
  MINI_BATCH("objective.mini_batch"),
  POOLING("objective.pooling"),
  MATRYOSHKA("objective.matryoshka"),
  TEACHER("objective.teacher"),
  TEACHER_DTYPE("objective.teacher_dtype"),
  TEACHER_QUANTIZATION("objective.teacher_quantization"),
  VALUE_MODEL("objective.value_model"),
  REWARD_MODELS("objective.reward_models"),
  ENGINE("generation.engine"),
  GROUP_SIZE("generation.group_size"),
  STEPS_PER_GENERATION("generation.steps_per_generation"),
  ITERATIONS("generation.iterations"),
  ENGINE_FRACTION("generation.memory_fraction"),
  ENGINE_SLEEP("generation.sleep"),
  ENGINE_LENGTH("generation.max_model_length"),
  ENGINE_TENSOR("generation.tensor"),
  ENGINE_GPUS("generation.gpus"),
  ENGINE_AHEAD("generation.ahead"),
  OFFLOAD_WHILE_GENERATING("generation.offload_while_generating"),
  LOADER_WORKERS("data.loader_workers"),
  EVALUATION_BATCH("evaluation.micro_batch"),
  EVALUATION_BATCHES("evaluation.batches"),
  EVALUATION_METRICS("evaluation.metrics"),
  EVALUATION_ACCUMULATION("evaluation.accumulation_steps"),
  EVALUATION_NEW_TOKENS("evaluation.new_tokens"),
  EVALUATION_BEAMS("evaluation.beams"),
  SAVED_STATE("saving.state_dict"),
  SAVED_ON_GPU("saving.on_gpu"),
  SAVE_STRATEGY("saving.strategy"),
  SAVE_INTERVAL("saving.interval_steps"),
  SAVE_LIMIT("saving.total_limit"),
  SAVE_ONLY_MODEL("saving.only_model"),
  RESUME("saving.resume"),
  CONSOLIDATE("saving.consolidate"),
  MERGE("saving.merge"),
  MERGE_DEVICE("saving.merge_device"),
  GGUF("saving.gguf"),
  WEIGHTS_ALONE("saving.alone"),
  TRAINING_SCHEME("quantized_training.scheme"),
  TRAINING_IMPLEMENTATION("quantized_training.implementation"),
  TRAINING_RECIPE("quantized_training.recipe"),
  ROLES("roles");

  /** The most GPUs that a job has. */
  public static final int MOST_GPUS = 1_000_000;

  private static final Map<String, JobKey> BY_PATH = index(JobKey::path);
  private static final Map<String, JobKey> BY_FLAG = index(JobKey::flag);
  private static final Set<String> SECTIONS =
      BY_PATH.keySet().stream()
          .filter(path -> path.contains("."))
          .map(path -> path.substring(0, path.lastIndexOf('.')))
          .collect(Collectors.toUnmodifiableSet());

  private final KeyDefinition definition;

  JobKey(String path) {
    this.definition = KeyDefinition.of(path);
  }

  /** The place in the document, e.g. {@code batch.micro_batch}. */
  @Override
  public String path() {
    return definition.path();
  }

  /** The command line flag, e.g. {@code --micro-batch}. */
  @Override
  public String flag() {
    return definition.flag();
  }

  public ValueKind kind() {
    return definition.kind();
  }

  /** What holds when neither the user nor a named framework decides. */
  public Fallback fallback() {
    return definition.fallback();
  }

  /** One line for help texts. */
  public String description() {
    return definition.description();
  }

  /** Name for people, as on the page; its path where there is no other. */
  public String label() {
    return definition.label();
  }

  /** How it is set where usual values are offered; empty where it is not one that most set. */
  public Optional<Knob> knob() {
    return definition.knob();
  }

  /** The fixed default, if there is one. */
  public Optional<Object> defaultValue() {
    return Optional.ofNullable(Defaults.VALUES.get(this));
  }

  /**
   * Checks a value that a file or a caller gave and returns it typed.
   *
   * @param place where it stands
   */
  public Object read(Object raw, Place place) {
    return kind().read(raw).orElseThrow(() -> notAllowed(raw, place));
  }

  /** Checks the text behind a flag and returns the value typed; lists are separated by commas. */
  public Object parse(String text, Place place) {
    return kind().parse(text).orElseThrow(() -> notAllowed(text, place));
  }

  /** As {@link #parse(String, Place)}, for this key's own flag. */
  public Object parse(String text) {
    return parse(text, new Place.Behind(flag()));
  }

  public static Optional<JobKey> ofPath(String path) {
    return Optional.ofNullable(BY_PATH.get(path));
  }

  public static Optional<JobKey> ofFlag(String flag) {
    return Optional.ofNullable(BY_FLAG.get(flag));
  }

  /** The keys below a path, e.g. those of {@code lora}; empty when it is no section. */
  public static List<JobKey> below(String section) {
    return Arrays.stream(values()).filter(key -> key.path().startsWith(section + ".")).toList();
  }

  /** The key below a path that names what the section is about, such as {@code model.id}. */
  public static Optional<JobKey> mainBelow(String section) {
    return Stream.of("id", "name", "gpu", "stage", "engine", "rank", "micro_batch")
        .flatMap(last -> ofPath(section + "." + last).stream())
        .findFirst();
  }

  /** The path near to one that is not known, or, where no key is near, a section. */
  public static Optional<String> near(String unknownPath) {
    return UnknownKey.near(unknownPath, BY_PATH.keySet())
        .or(() -> NearestName.of(unknownPath, SECTIONS));
  }

  /** The path that is meant by one that is not known, as trainers call it too; or a section. */
  public static Optional<String> meant(String unknownPath) {
    return NearestName.oneLetterOff(unknownPath, SECTIONS)
        .or(() -> UnknownKey.called(unknownPath, BY_PATH.keySet()))
        .or(() -> NearestName.slip(unknownPath, SECTIONS))
        .or(() -> near(unknownPath));
  }

  private InputException notAllowed(Object raw, Place place) {
    Object wrong = kind().isList() ? wrongItem(raw) : raw;
    InputError error = InputError.about(this).at(place);
    if (kind() instanceof ListOf list && raw instanceof List<?> && list.wrong(raw).isPresent()) {
      return error.has(list.wrong(raw).get()).allowed(kind().allowed()).refusal();
    }
    error = error.is(wrong);
    List<String> begun = wrong instanceof String word ? SpokenWords.meant(this, word) : List.of();
    if (begun.size() > 1) {
      return error
          .and(", which may be any of '", String.join("', '", begun), "'")
          .choices(begun)
          .refusal();
    }
    Optional<Phrase> elsewhere = SpokenWords.elsewhere(this, wrong, place);
    if (elsewhere.isPresent()) {
      return error.allowed(kind().allowedFor(wrong)).hint(elsewhere.get()).refusal();
    }
    Optional<String> near =
        wrong instanceof String word ? NearestName.of(word, known()) : Optional.empty();
    if (kind() instanceof ValueKind.Decimal && RawValues.hasDecimalComma(wrong)) {
      return error.allowed(kind().allowed()).hint("write a point for the comma").refusal();
    }
    boolean isName = wrong instanceof String && !kind().words().isEmpty();
    return error
        .kind(isName ? ErrorKind.UNKNOWN : ErrorKind.NOT_ALLOWED)
        .allowed(kind().allowedFor(wrong))
        .nearest(near.or(() -> begun.stream().findFirst()))
        .refusal();
  }

  /** All words that a value may have, also those of others for it. */
  private Collection<String> known() {
    Set<String> known = new LinkedHashSet<>(kind().words());
    if (this == OPTIMIZER_NAME) {
      known.addAll(OptimizerWords.all().keySet());
    }
    if (this == STAGE) {
      known.addAll(StageWords.all());
    }
    return known;
  }

  /** The first item that is not allowed, or all of a list in which each item is. */
  private Object wrongItem(Object raw) {
    List<?> items = raw instanceof String text ? RawValues.split(text) : RawValues.items(raw);
    for (Object item : items) {
      if (kind().read(Collections.singletonList(item)).isEmpty()) {
        return item;
      }
    }
    return raw;
  }

  /** Read from their texts when the first is asked for. */
  private static final class Defaults {
    private static final Map<JobKey, Object> VALUES = new EnumMap<>(JobKey.class);

    static {
      for (JobKey key : values()) {
        Fallback fallback = key.fallback();
        if (fallback.literal()) {
          key.kind().parse(fallback.text()).ifPresent(value -> VALUES.put(key, value));
        }
      }
    }
  }

  private static Map<String, JobKey> index(Function<JobKey, String> name) {
    return Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(name, key -> key));
  }
}
