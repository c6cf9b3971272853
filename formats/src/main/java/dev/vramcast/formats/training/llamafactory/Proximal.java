package dev.vramcast.formats.training.llamafactory;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Settings of PPO (src/llamafactory/hparams/finetuning_args.py and generating_args.py). */
final class Proximal {

  /** {@code cutoff_len} of src/llamafactory/hparams/data_args.py. */
  private static final int PROMPT = 2048;

  /** {@code max_new_tokens}. */
  private static final int COMPLETION = 1024;

  private final JobBuilder job;

  Proximal(JobBuilder job) {
    this.job = job;
  }

  void read() {
    job.reads(List.of(JobKey.REWARD_MODELS), this::rewards);
    job.reads(List.of(JobKey.REFERENCE), this::reference);
    job.reads(List.of(JobKey.SEQUENCE_LENGTH), this::lengths);
    job.take("ppo_epochs", JobKey.ITERATIONS);
    evaluation();
    job.reads(List.of(JobKey.STEPS_PER_GENERATION), this::buffer);
  }

  /** Adapters on the policy's own base are no model of their own, and a server's is elsewhere. */
  private void rewards() {
    checkRewarded();
    Optional<Setting> type = job.get("reward_model_type");
    String word = type.map(Setting::word).orElse("lora");
    switch (word) {
      case "full" -> job.take("reward_model", JobKey.REWARD_MODELS);
      case "api" -> job.put(JobKey.REWARD_MODELS, List.of(), type.orElseThrow());
      case "lora" -> adapters(type);
      default ->
          throw type.orElseThrow().unusable("lora, full, api", word, Set.of("lora", "full", "api"));
    }
  }

  /** FinetuningArguments.__post_init__: "`reward_model` is necessary for PPO training". */
  private void checkRewarded() {
    Optional<Setting> stage = job.get("stage");
    if (stage.isPresent() && job.get("reward_model").filter(r -> !r.isNothing()).isEmpty()) {
      throw InputError.of("stage is ppo, but no reward_model is named, without which")
          .and(" LLaMA-Factory does not start")
          .at(stage.get().place())
          .kind(ErrorKind.CONTRADICTION)
          .allowed("reward_model, with reward_model_type lora, full or api")
          .refusal();
    }
  }

  /** train/trainer_utils.py create_ref_model, whatever the method is. */
  private void reference() {
    job.get("ref_model").ifPresent(model -> job.put(JobKey.REFERENCE, "copy", model));
  }

  /** train/ppo/trainer.py: "PPOTrainer does not support eval dataset yet". */
  private void evaluation() {
    job.get("val_size")
        .filter(size -> size.number().signum() > 0)
        .ifPresent(
            size -> job.say(FindingCode.REFUSED, size, "val_size is refused with stage ppo"));
  }

  private void adapters(Optional<Setting> type) {
    job.get("finetuning_type")
        .filter(each -> List.of("full", "freeze").contains(each.word()))
        .ifPresent(
            each ->
                job.say(
                    FindingCode.REFUSED,
                    type.orElse(each),
                    "finetuning_type "
                        + each.word()
                        + " is refused with reward_model_type lora,"
                        + (type.isEmpty() ? " which is the default:" : " and not with")
                        + " full or api"));
  }

  /**
   * Prompts are cut at {@code cutoff_len}, and completions come on top (data/processor/
   * unsupervised.py, train/ppo/trainer.py get_inputs).
   */
  private void lengths() {
    Optional<Setting> cut = job.get("cutoff_len");
    Optional<Setting> made = job.get("max_new_tokens").filter(tokens -> tokens.whole() > 0);
    int prompt = cut.map(Setting::whole).orElse(PROMPT);
    int completion = made.map(Setting::whole).orElse(COMPLETION);
    put(JobKey.PROMPT_LENGTH, prompt, cut);
    put(JobKey.COMPLETION_LENGTH, completion, made);
    put(JobKey.SEQUENCE_LENGTH, prompt + completion, cut);
  }

  private void put(JobKey key, int tokens, Optional<Setting> from) {
    from.ifPresentOrElse(at -> job.put(key, tokens, at), () -> job.put(key, tokens));
  }

  /** So many steps' micro-batches are generated at once. */
  private void buffer() {
    job.get("ppo_buffer_size")
        .ifPresent(
            size -> {
              int each = job.whole(JobKey.GRAD_ACCUM).orElse(1);
              job.put(JobKey.STEPS_PER_GENERATION, size.times(each), size);
            });
  }
}
