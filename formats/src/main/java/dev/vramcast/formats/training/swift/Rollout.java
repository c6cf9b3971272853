package dev.vramcast.formats.training.swift;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What ms-swift's stages that generate have under other names than TRL's:
 * swift/arguments/rlhf_args.py.
 */
final class Rollout {

  private static final int COMPLETION = 512;

  private final JobBuilder job;

  Rollout(JobBuilder job) {
    this.job = job;
  }

  void read() {
    job.reads(List.of(JobKey.SEQUENCE_LENGTH), this::length);
    reference();
    ahead();
    if (job.is(JobKey.ENGINE, "vllm-colocate")) {
      engine();
    }
  }

  /** Rollouts of the weights before these (swift/arguments/rlhf_args.py): of a server alone. */
  private void ahead() {
    if (job.is(JobKey.STAGE, "grpo")) {
      job.take("async_generate", JobKey.ENGINE_AHEAD);
    }
  }

  /** What an engine beside the policy takes, and what leaves the card for it. */
  void engine() {
    job.take("vllm_max_model_len", JobKey.ENGINE_LENGTH);
    job.take("sleep_level", JobKey.ENGINE_SLEEP);
    share();
    List<String> away = new ArrayList<>();
    Optional<Setting> model = job.get("offload_model").filter(Setting::bool);
    Optional<Setting> states = job.get("offload_optimizer").filter(Setting::bool);
    model.ifPresent(setting -> away.add("parameters"));
    states.ifPresent(setting -> away.add("optimizer"));
    model
        .or(() -> states)
        .ifPresent(setting -> job.put(JobKey.OFFLOAD_WHILE_GENERATING, away, setting));
  }

  /** rlhf_args.py _init_grpo: beta is 0.04, and a full fine-tune then loads its model twice. */
  private void reference() {
    if (job.get("beta").isEmpty() && job.is(JobKey.METHOD, "full")) {
      job.say(
          FindingCode.SURPRISING_DEFAULT,
          "beta",
          "beta is missing: it is 0.04, for which a second model is kept as the reference");
    }
  }

  private void share() {
    if (job.get("vllm_gpu_memory_utilization").isEmpty()) {
      job.say(
          FindingCode.SURPRISING_DEFAULT,
          "vllm_gpu_memory_utilization",
          "vllm_gpu_memory_utilization is missing: the engine takes 0.9 of the card");
    }
    if (job.whole(JobKey.ENGINE_SLEEP).orElse(0) == 0) {
      job.say(
          FindingCode.SURPRISING_DEFAULT,
          "sleep_level",
          "sleep_level is 0: the engine keeps its share of the card while the policy is trained");
    }
  }

  /** {@code max_length} cuts prompts alone (swift/rlhf_trainers/rollout_mixin.py). */
  void length() {
    Optional<Setting> prompt = job.get("max_length");
    if (prompt.isEmpty()) {
      return;
    }
    Optional<Setting> completion = job.get("max_completion_length");
    int tokens = completion.map(Setting::whole).orElse(COMPLETION);
    job.put(JobKey.PROMPT_LENGTH, prompt.get());
    job.put(JobKey.COMPLETION_LENGTH, tokens, completion.or(() -> prompt).orElseThrow());
    int both = Math.addExact(prompt.get().whole(), tokens);
    Optional<Setting> engine =
        job.get("vllm_max_model_len")
            .filter(limit -> job.is(JobKey.ENGINE, "vllm-colocate") && limit.whole() < both);
    engine.ifPresent(
        limit ->
            job.say(
                FindingCode.NOT_COUNTED,
                limit,
                "vllm_max_model_len is less than max_length and max_completion_length together: a"
                    + " completion ends there"));
    job.put(
        JobKey.SEQUENCE_LENGTH,
        engine.map(Setting::whole).orElse(both),
        engine.or(() -> prompt).orElseThrow());
    engine.ifPresent(limit -> shortened(limit, tokens));
  }

  /** Of the sequences that fill the engine those have most logits whose completions are longest. */
  private void shortened(Setting limit, int completion) {
    int longest = Math.max(1, Math.min(completion, limit.whole() - 1));
    job.put(JobKey.PROMPT_LENGTH, Math.max(1, limit.whole() - longest), limit);
    job.put(JobKey.COMPLETION_LENGTH, longest, limit);
  }
}
