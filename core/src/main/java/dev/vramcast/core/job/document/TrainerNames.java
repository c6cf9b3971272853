package dev.vramcast.core.job.document;

import static java.util.Map.entry;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys as trainers and launchers call them, for those who type these here. */
public final class TrainerNames {

  private static final Map<String, JobKey> KEYS = new HashMap<>();

  static {
    Map.ofEntries(
            entry(JobKey.MODEL_ID, List.of("model-name", "model-name-or-path", "model-id", "hf")),
            entry(
                JobKey.MICRO_BATCH,
                List.of(
                    "batch",
                    "batch-size",
                    "micro-batch-size",
                    "per-device-train-batch-size",
                    "per-device-batch-size",
                    "bs")),
            entry(JobKey.GRAD_ACCUM, List.of("gradient-accumulation-steps", "accumulation-steps")),
            entry(
                JobKey.SEQUENCE_LENGTH,
                List.of(
                    "seq",
                    "length",
                    "ctx",
                    "context-window",
                    "block-size",
                    "seq-len",
                    "seqlen",
                    "seq-length",
                    "sequence",
                    "sequence-len",
                    "max-length",
                    "max-seq-len",
                    "max-seq-length",
                    "context-length",
                    "cutoff-len")),
            entry(JobKey.LORA_RANK, List.of("r", "lora-r", "lora-rank")),
            entry(JobKey.LORA_ALPHA, List.of("lora-alpha")),
            entry(JobKey.LORA_DROPOUT, List.of("lora-dropout")),
            entry(JobKey.LORA_TARGETS, List.of("target-modules", "lora-target-modules")),
            entry(
                JobKey.QUANTIZATION_SCHEME,
                List.of("quant", "bits", "load-in-4bit", "load-in-8bit", "quantization-bit")),
            entry(JobKey.PRECISION, List.of("dtype", "bf16", "fp16", "mixed-precision")),
            entry(JobKey.CHECKPOINTING, List.of("gradient-checkpointing", "grad-checkpointing")),
            entry(JobKey.ATTENTION, List.of("attn", "attn-implementation", "flash-attn")),
            entry(JobKey.OPTIMIZER_NAME, List.of("optim", "optimiser")),
            entry(JobKey.STRATEGY, List.of("deepspeed", "fsdp", "zero", "zero-stage", "ddp")),
            entry(JobKey.TENSOR, List.of("tp", "tensor-parallel", "tensor-parallel-size")),
            entry(JobKey.PIPELINE, List.of("pp", "pipeline-parallel", "pipeline-parallel-size")),
            entry(JobKey.CONTEXT, List.of("cp", "sp", "context-parallel", "context-parallel-size")),
            entry(JobKey.EXPERT, List.of("ep", "expert-parallel", "expert-parallel-size")),
            entry(
                JobKey.GPU_COUNT,
                List.of(
                    "gpus", "num-gpus", "n-gpus", "n-gpu", "ngpu", "gpu-count", "nproc-per-node")),
            entry(JobKey.GPU, List.of("vram", "gpu-memory", "card", "device")),
            entry(JobKey.NODES, List.of("num-nodes", "nnodes", "num-machines")),
            entry(JobKey.EPOCHS, List.of("num-epochs", "num-train-epochs")),
            entry(JobKey.STEPS, List.of("max-steps", "train-iters", "num-steps")),
            entry(JobKey.EXAMPLES, List.of("samples", "rows", "dataset-size")),
            entry(JobKey.DATA_FILE, List.of("data", "dataset", "data-path", "train-file")))
        .forEach((key, names) -> names.forEach(name -> KEYS.put(name, key)));
  }

  /** Keys whose values people type as options: {@code --dpo}, {@code --qlora}. */
  private static final List<JobKey> VALUED = List.of(JobKey.METHOD, JobKey.STAGE, JobKey.STRATEGY);

  /** How wide a base is loaded, as Transformers and most who speak of it say. */
  private static final Pattern WIDTH = Pattern.compile("(?:load-?in-?)?([48])-?bits?");

  /** What trainers are told of a run's course, on which no tensor and no step's length depends. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "lr",
          "learning-rate",
          "lr-scheduler-type",
          "lr-scheduler",
          "scheduler",
          "warmup-steps",
          "warmup-ratio",
          "warmup",
          "weight-decay",
          "max-grad-norm",
          "seed",
          "output-dir",
          "logging-steps",
          "report-to",
          "run-name");

  private TrainerNames() {}

  /** Whether an option is one of trainers' that no figure depends on. */
  public static boolean changesNothing(String option) {
    return WITHOUT_EFFECT.contains(plain(option));
  }

  /** A key, and one of its values. */
  public record Valued(JobKey key, String value) {}

  /**
   * The key of which an option is a value; empty where it is none of a few. A base in 4 bits is
   * what QLoRA trains on, and one in 8 bits is bitsandbytes' int8.
   */
  public static Optional<Valued> valued(String option) {
    String word = plain(option);
    Matcher width = WIDTH.matcher(word);
    if (width.matches()) {
      boolean four = width.group(1).equals("4");
      return Optional.of(
          four
              ? new Valued(JobKey.METHOD, "qlora")
              : new Valued(JobKey.QUANTIZATION_SCHEME, "int8"));
    }
    return VALUED.stream()
        .filter(key -> SpokenWords.has(key, word))
        .findFirst()
        .map(key -> new Valued(key, word));
  }

  /**
   * The key that is meant.
   *
   * @param name an option with its dashes, or a key of a file by its path
   */
  public static Optional<JobKey> find(String name) {
    return Optional.ofNullable(KEYS.get(plain(name.substring(name.lastIndexOf('.') + 1))));
  }

  private static String plain(String name) {
    return name.replaceFirst("^-+", "").replace('_', '-').toLowerCase(Locale.ROOT);
  }
}
