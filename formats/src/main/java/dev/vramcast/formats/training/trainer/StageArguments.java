package dev.vramcast.formats.training.trainer;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The arguments of TRL's trainers beside the supervised one (trl/trainer/dpo_config.py,
 * kto_config.py, reward_config.py, grpo_config.py, rloo_config.py, and trl/experimental for the
 * others), which frameworks on TRL take under the same names.
 */
public final class StageArguments {

  /** trl/trainer/grpo_config.py until 0.26: max_prompt_length. */
  private static final int PROMPT = 512;

  /** Whose length is that of a prompt and its completion together. */
  private static final Set<String> CUTS =
      Set.of(FormatName.TRL.label(), FormatName.TRANSFORMERS.label(), FormatName.UNSLOTH.label());

  private final JobBuilder job;
  private final String section;

  private StageArguments(JobBuilder job, String section) {
    this.job = job;
    this.section = section;
  }

  /** Reads the arguments of the stage that was read. */
  public static void read(JobBuilder job) {
    read(job, "");
  }

  /**
   * As {@link #read(JobBuilder)}.
   *
   * @param section in which they stand, with a dot behind it
   */
  public static void read(JobBuilder job, String section) {
    new StageArguments(job, section).read();
  }

  private void read() {
    if (is("dpo", "kto", "orpo", "cpo", "grpo", "rloo", "ebft", "ppo", "distillation")) {
      take("beta", JobKey.BETA);
    }
    if (is("cpo")) {
      take("cpo_alpha", JobKey.LOSS_ALPHA);
      // simpo_config.py of its authors: sft_weight is 0 where nothing is said.
      at("gamma_beta_ratio")
          .filter(own -> !job.has(JobKey.LOSS_ALPHA))
          .ifPresent(own -> job.put(JobKey.LOSS_ALPHA, BigDecimal.ZERO, own));
      take("sft_weight", JobKey.LOSS_ALPHA);
    }
    if (is("dpo")) {
      take("use_weighting", JobKey.WEIGHTING);
      take("loss_weights", JobKey.LOSS_WEIGHTS);
    }
    if (is("dpo", "kto", "cpo", "grpo", "ebft") && !job.has(JobKey.LOSS_TYPE)) {
      take("loss_type", JobKey.LOSS_TYPE);
    }
    if (is("dpo", "cpo")) {
      at("label_smoothing")
          .filter(setting -> !setting.isIdle())
          .ifPresent(
              share ->
                  job.reads(
                      List.of(JobKey.LABEL_SMOOTHING),
                      () -> job.put(JobKey.LABEL_SMOOTHING, share)));
    }
    if (is("dpo", "kto")) {
      reference();
    }
    if (is("distillation")) {
      Stream.of("teacher_model_name_or_path", "teacher_model")
          .forEach(name -> take(name, JobKey.TEACHER));
      engine();
      divergence();
    }
    if (StageNames.generates(job)) {
      generation();
    }
  }

  private void reference() {
    job.reads(
        List.of(JobKey.REFERENCE),
        () ->
            at("precompute_ref_log_probs")
                .filter(Setting::bool)
                .ifPresent(setting -> job.put(JobKey.REFERENCE, "precomputed", setting)));
    // A model that a program hands over, which stays beside adapters too.
    at("ref_model")
        .filter(setting -> !job.has(JobKey.REFERENCE))
        .ifPresent(setting -> job.put(JobKey.REFERENCE, "copy", setting));
  }

  /**
   * Of GKD and GOLD: {@code lmbda} is the share of batches whose answers the student generates; a
   * teacher with other tokens has another loss (trl/experimental/gold/gold_config.py).
   */
  private void divergence() {
    at("use_uld_loss")
        .filter(Setting::bool)
        .ifPresent(set -> job.notModelled(JobKey.STAGE, Gap.of(set.key(), " of distillation")));
    job.reads(
        List.of(JobKey.ENGINE),
        () ->
            at("lmbda")
                .filter(share -> share.number().signum() == 0 && !job.has(JobKey.ENGINE))
                .ifPresent(share -> job.put(JobKey.ENGINE, "none", share)));
  }

  private void generation() {
    take("num_generations", JobKey.GROUP_SIZE);
    take("steps_per_generation", JobKey.STEPS_PER_GENERATION);
    job.reads(List.of(JobKey.STEPS_PER_GENERATION), this::generationBatch);
    take("num_iterations", JobKey.ITERATIONS);
    take("vllm_max_model_length", JobKey.ENGINE_LENGTH);
    Stream.of("reward_model_path", "reward_model_name_or_path", "reward_model")
        .forEach(name -> take(name, JobKey.REWARD_MODELS));
    job.reads(List.of(JobKey.SEQUENCE_LENGTH), this::lengths);
    at("ds3_gather_for_generation")
        .filter(setting -> !setting.isNothing() && setting.isIdle())
        .ifPresent(
            setting ->
                job.say(
                    FindingCode.NOT_COUNTED,
                    setting,
                    setting.key()
                        + " off: where ZeRO-3 divides the model and Transformers generates, all"
                        + " weights are counted as gathered meanwhile"));
    engine();
  }

  /** trl/trainer/grpo_config.py: completions of all ranks that are generated at once. */
  private void generationBatch() {
    Optional<Setting> batch = at("generation_batch_size");
    int micro = job.whole(JobKey.MICRO_BATCH).orElse(0);
    if (batch.isEmpty()
        || micro < 1
        || job.has(JobKey.STEPS_PER_GENERATION)
        || job.is(JobKey.STRATEGY, "megatron")) {
      return;
    }
    long each = (long) micro * Math.max(1, job.whole(JobKey.GPU_COUNT).orElse(1));
    if (batch.get().whole() % each != 0) {
      job.say(
          FindingCode.REFUSED,
          batch.get(),
          batch.get().key()
              + " is refused unless it is a multiple of the "
              + each
              + " completions that all GPUs take at once");
    }
    int steps = (int) Math.max(1, batch.get().whole() / each);
    job.put(JobKey.STEPS_PER_GENERATION, steps, batch.get());
  }

  private void engine() {
    Optional<Setting> used = at("use_vllm").filter(Setting::bool);
    if (used.isPresent() || !is("distillation")) {
      take("vllm_gpu_memory_utilization", JobKey.ENGINE_FRACTION);
      take("vllm_tensor_parallel_size", JobKey.ENGINE_TENSOR);
    }
    job.reads(List.of(JobKey.ENGINE), () -> used.ifPresent(this::engine));
  }

  /**
   * A prompt and a completion are the length. Where nothing cuts prompts, since TRL 0.29, what an
   * engine beside the policy can hold does, or what the model was loaded for.
   */
  private void lengths() {
    Optional<Setting> prompt = at("max_prompt_length").filter(this::isKnown);
    Optional<Setting> completion = at("max_completion_length").filter(this::isKnown);
    if (completion.isEmpty()) {
      prompt
          .filter(tokens -> !job.has(JobKey.SEQUENCE_LENGTH))
          .ifPresent(tokens -> job.put(JobKey.PROMPT_LENGTH, tokens));
      return;
    }
    int tokens = completion.get().whole();
    int engine = job.whole(JobKey.ENGINE_LENGTH).orElse(0);
    if (prompt.isPresent()) {
      both(prompt.get().whole(), prompt.get(), completion.get());
    } else if (engine > tokens) {
      both(engine - tokens, completion.get(), completion.get());
    } else if (job.given(JobKey.SEQUENCE_LENGTH).filter(length -> length > tokens).isPresent()) {
      job.put(JobKey.COMPLETION_LENGTH, completion.get());
    } else if (job.is(JobKey.FRAMEWORK_NAME, FormatName.AXOLOTL.label())) {
      assumed(completion.get(), "sequence_len");
    } else if (job.whole(JobKey.SEQUENCE_LENGTH).orElse(Integer.MAX_VALUE) > tokens) {
      job.put(JobKey.COMPLETION_LENGTH, completion.get());
    } else if (job.text(JobKey.FRAMEWORK_NAME).filter(CUTS::contains).isPresent()) {
      // ms-swift's max_length is that of prompts (swift/trainers/arguments.py).
      assumed(completion.get(), JobKey.SEQUENCE_LENGTH.path());
    }
  }

  /**
   * A length that cuts no prompt: Axolotl drops no row of GRPO by {@code sequence_len}
   * (utils/data/rl.py), and TRL none by {@code max_length}; it had prompts of 512 tokens as long as
   * it cut them.
   */
  private void assumed(Setting completion, String length) {
    Optional<Integer> given = job.given(JobKey.PROMPT_LENGTH);
    both(given.orElse(PROMPT), completion, completion);
    if (given.isPresent()) {
      return;
    }
    job.assume(
        JobKey.PROMPT_LENGTH,
        length + " cuts no prompt of completions, and nothing else says how long they are: ",
        PROMPT + " tokens are counted; ",
        JobKey.PROMPT_LENGTH,
        " says how many");
  }

  /** What a program works out from its data; both together are what the model was loaded for. */
  private boolean isKnown(Setting length) {
    if (length.isVariable() && job.has(JobKey.SEQUENCE_LENGTH)) {
      job.assume(
          JobKey.COMPLETION_LENGTH,
          length.key(),
          " is filled in from outside the file, so prompt and completion are counted as long as ",
          JobKey.SEQUENCE_LENGTH,
          " allows");
      return false;
    }
    return true;
  }

  private void both(int prompt, Setting from, Setting completion) {
    job.put(JobKey.PROMPT_LENGTH, prompt, from);
    job.put(JobKey.COMPLETION_LENGTH, completion);
    int tokens = job.given(JobKey.COMPLETION_LENGTH).orElseGet(completion::whole);
    job.put(JobKey.SEQUENCE_LENGTH, Math.addExact(prompt, tokens), completion);
  }

  /**
   * Beside the policy unless a server is named, or another GPU than the first as until TRL 0.15
   * (grpo_trainer.py, vllm_device), or nothing of TRL before 1.0 (MIGRATION.md) or of Axolotl,
   * whose word for it is then server (axolotl/utils/schemas/validation.py check_vllm_mode_set);
   * asleep at level 2, as TRL does since 0.29.
   */
  private void engine(Setting used) {
    Optional<Setting> device = at("vllm_device").filter(given -> at("vllm_mode").isEmpty());
    Setting mode = at("vllm_mode").or(() -> device).orElse(used);
    boolean usual =
        job.is(JobKey.FRAMEWORK_NAME, FormatName.AXOLOTL.label())
            || job.is(JobKey.FRAMEWORK_NAME, FormatName.TRL.label()) && job.isBefore(1, 0);
    boolean server =
        named(used)
            || device.filter(own -> !own.shown().equals("cuda:0")).isPresent()
            || device.isEmpty()
                && at("vllm_mode").map(given -> given.word().equals("server")).orElse(usual);
    job.put(JobKey.ENGINE, server ? "vllm-server" : "vllm-colocate", mode);
    if (!server) {
      at("vllm_enable_sleep_mode")
          .ifPresent(sleeps -> job.put(JobKey.ENGINE_SLEEP, sleeps.bool() ? 2 : 0, sleeps));
    }
  }

  /**
   * A server by its address alone, as ms-swift had it before {@code vllm_mode}, which later
   * releases ask for (swift/arguments/rlhf_args.py _init_rollout).
   */
  private boolean named(Setting used) {
    Optional<Setting> host =
        at("vllm_server_host")
            .or(() -> at("vllm_server_base_url"))
            .filter(address -> job.is(JobKey.FRAMEWORK_NAME, FormatName.MS_SWIFT.label()))
            .filter(address -> at("vllm_mode").isEmpty());
    host.ifPresent(
        address ->
            job.assume(
                address,
                address.key() + " names a server, which is taken beside " + used.key() + "; ",
                JobKey.ENGINE,
                " says otherwise"));
    return host.isPresent();
  }

  private boolean is(String... stages) {
    return Stream.of(stages).anyMatch(stage -> job.is(JobKey.STAGE, stage));
  }

  private Optional<Setting> at(String name) {
    return job.get(section + name);
  }

  private void take(String name, JobKey key) {
    job.take(section + name, key);
  }
}
