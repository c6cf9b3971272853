package dev.vramcast.formats.training.trainer;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What in the arguments of TRL's trainers does not do what it seems to, as of 1.16. */
public final class StageTraps {

  /** Of the Trainer, where nobody says it. */
  private static final int MICRO_BATCH = 8;

  /** trl/trainer/grpo_config.py num_generations. */
  private static final int GROUP = 8;

  /** Of accelerate's ParallelismConfig in a program: context and sequence parallelism. */
  private static final Pattern WAYS_OF_A_SEQUENCE =
      Pattern.compile("\\b[cs]p_size\\s*=\\s*(?:[2-9]|1\\d)");

  /** Names of models that look at images. */
  private static final Pattern SEES_IMAGES =
      Pattern.compile("(?i).*(?:[-_.\\d]vl(?:[-_.\\d].*)?|vision.*|llava.*|pixtral.*|smolvlm.*)");

  private final JobBuilder job;

  private StageTraps(JobBuilder job) {
    this.job = job;
  }

  /** Looks at what was read of a stage beside the supervised one. */
  public static void find(JobBuilder job) {
    StageTraps traps = new StageTraps(job);
    traps.shared();
    if (traps.is("dpo")) {
      traps.padding();
      traps.images();
    }
    if (traps.is("dpo", "kto", "grpo", "rloo", "ebft")) {
      traps.loss();
      traps.prompts();
    }
    if (traps.is("grpo", "rloo", "ebft")) {
      traps.online();
    }
  }

  /** What holds for every framework that runs these trainers, or trainers like them. */
  public static void group(JobBuilder job) {
    new StageTraps(job).groupSize();
  }

  /**
   * Takes as many GPUs as a group of completions needs, where nothing says how many there are: TRL
   * refuses what does not divide (trl/trainer/grpo_config.py).
   */
  public static void gpusOfGroup(JobBuilder job) {
    Optional<Integer> group = job.whole(JobKey.GROUP_SIZE).filter(size -> size > 0);
    if (group.isEmpty() || job.has(JobKey.GPU_COUNT)) {
      return;
    }
    int micro = job.whole(JobKey.MICRO_BATCH).orElse(MICRO_BATCH);
    int steps =
        job.whole(JobKey.STEPS_PER_GENERATION).or(() -> job.whole(JobKey.GRAD_ACCUM)).orElse(1);
    BigInteger size = BigInteger.valueOf(group.get());
    BigInteger one = BigInteger.valueOf(micro).multiply(BigInteger.valueOf(steps));
    int gpus = size.divide(size.gcd(one)).intValue();
    if (gpus > 1) {
      job.unassume(JobKey.GPU_COUNT);
      job.put(JobKey.GPU_COUNT, gpus, JobKey.GROUP_SIZE);
      job.any("num_generations", "trl.num_generations")
          .ifPresent(
              at ->
                  job.say(
                      FindingCode.NOT_COUNTED,
                      at,
                      at.key()
                          + " is "
                          + at.shown()
                          + " and how many GPUs there are is not said: the "
                          + gpus
                          + " are assumed by which it divides what is generated"));
    }
  }

  /**
   * TRL 0.14 takes a batch for prompts, and runs all completions of each at once, which it
   * generates for every micro-batch (trl/trainer/grpo_trainer.py compute_loss).
   */
  public static void promptsOfBatch(JobBuilder job) {
    int prompts = job.whole(JobKey.MICRO_BATCH).orElse(MICRO_BATCH);
    int group = job.whole(JobKey.GROUP_SIZE).orElse(GROUP);
    int sequences = (int) Math.min(1_000_000, (long) prompts * group);
    job.put(JobKey.MICRO_BATCH, sequences, JobKey.FRAMEWORK_VERSION);
    job.any("per_device_train_batch_size", "num_generations")
        .ifPresent(
            from ->
                job.assume(
                    from,
                    "per_device_train_batch_size counts prompts in TRL 0.14: "
                        + prompts
                        + " of "
                        + group
                        + " completions each are "
                        + sequences
                        + " sequences at once"));
  }

  /** {@code expandable_segments} has no pools of vLLM's, whose memory could be given back. */
  public static void sleep(JobBuilder job) {
    boolean sleeps = job.whole(JobKey.ENGINE_SLEEP).filter(level -> level > 0).isPresent();
    if (sleeps && job.is(JobKey.EXPANDABLE_SEGMENTS, true)) {
      job.say(
          FindingCode.REFUSED,
          "PYTORCH_CUDA_ALLOC_CONF",
          "expandable_segments is refused by an engine that sleeps");
    }
  }

  private void shared() {
    groupSize();
    sleep(job);
    boolean copied = is("dpo", "kto") && job.is(JobKey.METHOD, "full");
    // The reference takes the dtype of a model that the program loads (dpo_trainer.py).
    boolean loaded = job.has(JobKey.MODEL_DTYPE) && !job.is(JobKey.MODEL_DTYPE, "fp32");
    boolean stated = job.any("dtype", "torch_dtype", "model_init_kwargs").isPresent();
    if (copied && !loaded && !stated) {
      job.say(
          FindingCode.SURPRISING_DEFAULT,
          "dtype",
          "dtype is missing: the reference is in float32 too, 4 bytes of a parameter twice");
    }
  }

  /** trl/trainer/dpo_trainer.py warns, and pads. */
  private void padding() {
    on("padding_free")
        .ifPresent(
            at ->
                job.say(
                    FindingCode.IGNORED_KEY,
                    at,
                    "padding_free does nothing in DPO since TRL 0.29: pairs are padded"));
  }

  /** trl/trainer/dpo_trainer.py _is_vision_dataset: images are processed on the fly. */
  private void images() {
    boolean sees =
        job.has(JobKey.IMAGES)
            || job.text(JobKey.MODEL_ID)
                .filter(name -> SEES_IMAGES.matcher(name).matches())
                .isPresent();
    on("precompute_ref_log_probs")
        .filter(at -> sees && !job.isBefore(1, 0))
        .ifPresent(
            at ->
                job.say(
                    FindingCode.SURPRISING_DEFAULT,
                    at,
                    "precompute_ref_log_probs is refused where the data have images"));
  }

  /** In 1.14 it asks for the trainer's own loss in chunks; RLOO never had one. */
  private void loss() {
    on("use_liger_kernel")
        .filter(at -> !job.isBefore(1, 15) || is("rloo"))
        .ifPresent(
            at ->
                job.say(
                    FindingCode.SURPRISING_DEFAULT,
                    at,
                    "use_liger_kernel replaces layers alone"
                        + (is("rloo") ? "" : " since TRL 1.15")
                        + ", and no loss of this stage"));
  }

  private void prompts() {
    job.get("max_prompt_length")
        .filter(at -> !job.isBefore(0, 29))
        .ifPresent(
            at ->
                job.say(
                    FindingCode.REFUSED,
                    at,
                    "max_prompt_length is gone since TRL 0.29, whose scripts refuse it and cut no"
                        + " prompts"));
  }

  private void online() {
    on("auto_find_batch_size")
        .ifPresent(
            at -> job.say(FindingCode.REFUSED, at, "auto_find_batch_size is refused by GRPO"));
    boolean divides =
        job.get("parallelism_config")
            .filter(at -> WAYS_OF_A_SEQUENCE.matcher(at.shown()).find())
            .isPresent();
    if (divides || job.whole(JobKey.CONTEXT).filter(degree -> degree > 1).isPresent()) {
      job.say(
          FindingCode.REFUSED,
          "parallelism_config",
          "context and sequence parallelism are refused by GRPO");
    }
    reference();
    if (job.is(JobKey.ENGINE, "vllm-colocate") && !job.has(JobKey.ENGINE_LENGTH)) {
      job.say(
          FindingCode.SURPRISING_DEFAULT,
          "vllm_max_model_length",
          "vllm_max_model_length is missing: the engine has to hold a sequence of the model's whole"
              + " context, or does not start");
    }
    boolean gathers = job.is(JobKey.STRATEGY, "zero3") && !job.is(JobKey.METHOD, "full");
    on("use_vllm")
        .filter(at -> gathers)
        .ifPresent(
            at ->
                job.say(
                    FindingCode.NOT_COUNTED,
                    at,
                    "under ZeRO-3 adapters are merged into the whole model on every GPU when the"
                        + " engine gets their weights"));
  }

  /** A second model, where beta is not 0 and there are no adapters that could be off. */
  private void reference() {
    if (!job.is(JobKey.METHOD, "full")) {
      return;
    }
    Optional<Setting> beta = job.get("beta").filter(setting -> !setting.isIdle());
    if (beta.isPresent()) {
      job.say(
          FindingCode.SURPRISING_DEFAULT,
          beta.get(),
          "beta is " + beta.get().shown() + ": a second model is kept as the reference");
    } else if (is("rloo") && job.get("beta").isEmpty()) {
      job.say(
          FindingCode.SURPRISING_DEFAULT,
          "beta",
          "beta is missing: it is 0.05, for which a second model is kept as the reference");
    }
  }

  /** trl/trainer/grpo_config.py: generation_batch_size is divisible by num_generations. */
  private void groupSize() {
    Optional<Integer> group = job.whole(JobKey.GROUP_SIZE);
    Optional<Integer> gpus = job.whole(JobKey.GPU_COUNT);
    Optional<Integer> micro = job.whole(JobKey.MICRO_BATCH);
    if (group.isEmpty() || gpus.isEmpty() || micro.isEmpty()) {
      return;
    }
    int steps =
        job.whole(JobKey.STEPS_PER_GENERATION).or(() -> job.whole(JobKey.GRAD_ACCUM)).orElse(1);
    long batch = (long) micro.get() * gpus.get() * steps;
    if (batch % group.get() != 0) {
      job.any("num_generations", "trl.num_generations")
          .ifPresent(
              at ->
                  job.say(
                      FindingCode.REFUSED,
                      at,
                      at.key()
                          + " "
                          + group.get()
                          + " does not divide the "
                          + batch
                          + " completions of a generation"));
    }
  }

  private boolean is(String... stages) {
    return List.of(stages).stream().anyMatch(stage -> job.is(JobKey.STAGE, stage));
  }

  private Optional<Setting> on(String key) {
    return job.get(key).filter(setting -> setting.isBool() && setting.bool());
  }
}
