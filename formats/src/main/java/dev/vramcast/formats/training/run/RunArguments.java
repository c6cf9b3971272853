package dev.vramcast.formats.training.run;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.SavedState;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a run on transformers' Trainer saves, evaluates for metrics and adds to its loss. To be read
 * behind the method, the stage and the evaluation.
 */
public final class RunArguments {

  private final JobBuilder job;

  private RunArguments(JobBuilder job) {
    this.job = job;
  }

  /** Takes all of them (transformers training_args.py). */
  public static void read(JobBuilder job) {
    RunArguments run = new RunArguments(job);
    job.reads(List.of(JobKey.LOADER_WORKERS), run::workers);
    job.reads(List.of(JobKey.SAVE_INTERVAL), run::interval);
    job.reads(List.of(JobKey.SAVE_LIMIT), run::limit);
    job.take("save_only_model", JobKey.SAVE_ONLY_MODEL);
    job.reads(List.of(JobKey.RESUME), run::resumed);
    run.state();
    job.take("torch_empty_cache_steps", JobKey.EMPTY_CACHE_STEPS);
    job.reads(List.of(JobKey.LABEL_SMOOTHING), run::regularised);
    job.reads(
        List.of(JobKey.EVALUATION_METRICS, JobKey.EVALUATION_NEW_TOKENS, JobKey.EVALUATION_BEAMS),
        run::metrics);
    job.reads(List.of(JobKey.STRATEGY), () -> UnusedParameters.read(job));
  }

  private void workers() {
    job.get("dataloader_num_workers")
        .filter(workers -> !workers.isIdle())
        .ifPresent(workers -> job.put(JobKey.LOADER_WORKERS, workers));
  }

  private void interval() {
    job.get("save_strategy")
        .ifPresent(
            strategy -> {
              // YAML reads no as false.
              String word = strategy.isBool() && !strategy.bool() ? "no" : strategy.word();
              switch (word) {
                case "no", "steps", "epoch" -> job.put(JobKey.SAVE_STRATEGY, word, strategy);
                case "best" ->
                    job.say(
                        FindingCode.NOT_COUNTED,
                        strategy,
                        "save_strategy is best: how often the model is better is not known, so"
                            + " save_steps is counted");
                default -> throw strategy.unusable("no, steps, epoch, best");
              }
            });
    job.get("save_steps").ifPresent(this::steps);
  }

  /** A number below 1 is a share of all steps. */
  private void steps(Setting steps) {
    if (steps.number().compareTo(BigDecimal.ONE) >= 0) {
      job.put(JobKey.SAVE_INTERVAL, steps);
    } else {
      job.say(
          FindingCode.NOT_COUNTED,
          steps,
          "save_steps is a share of all steps: ",
          JobKey.SAVE_INTERVAL,
          " says how many that are");
    }
  }

  /** trainer.py rotate_checkpoints: the best one is kept beside the last. */
  private void limit() {
    job.get("save_total_limit")
        .filter(limit -> limit.whole() > 0)
        .ifPresent(
            limit -> {
              boolean best =
                  job.get("load_best_model_at_end")
                      .filter(asked -> !asked.isVariable() && asked.bool())
                      .isPresent();
              int least = best ? 2 : 1;
              job.put(JobKey.SAVE_LIMIT, Math.max(least, limit.whole()), limit);
            });
  }

  /** A checkpoint's path, or the last one of the folder. */
  private void resumed() {
    job.get("resume_from_checkpoint")
        .filter(from -> !from.isIdle())
        .ifPresent(from -> job.put(JobKey.RESUME, true, from));
  }

  /** Whatever FSDP and ZeRO hand over, PEFT writes adapters. */
  private void state() {
    boolean adapters =
        Stream.of(
                "lora", "qlora", "dora", "rslora", "pissa", "oft", "ia3", "vera", "loha", "lokr",
                "miss")
            .anyMatch(method -> job.is(JobKey.METHOD, method));
    if (adapters && job.has(JobKey.SAVED_STATE)) {
      job.put(JobKey.SAVED_STATE, SavedState.ADAPTER, JobKey.SAVED_STATE);
    }
  }

  /** TRL's trainers of preferences and rewards compute a loss of their own, without smoothing. */
  private void regularised() {
    boolean supervised =
        !job.has(JobKey.STAGE)
            || Stream.of("sft", "pretrain", "classification")
                .anyMatch(stage -> job.is(JobKey.STAGE, stage));
    job.get("label_smoothing_factor")
        .filter(share -> supervised && !share.isIdle())
        .ifPresent(share -> job.put(JobKey.LABEL_SMOOTHING, share));
    job.get("neftune_noise_alpha")
        .filter(alpha -> !alpha.isIdle())
        .ifPresent(alpha -> job.put(JobKey.NEFTUNE_ALPHA, alpha));
  }

  /**
   * trainer.py evaluation_loop gathers logits for a function of metrics, unless another one makes
   * them small first; Seq2SeqTrainer gathers the tokens that it generates.
   */
  private void metrics() {
    if (!job.has(JobKey.EVALUATION_BATCHES)) {
      return;
    }
    GeneratingEvaluation.read(job);
    boolean gathers =
        !job.isOn("predict_with_generate")
            && !job.isOn("prediction_loss_only")
            && job.get("preprocess_logits_for_metrics").isEmpty();
    job.get("compute_metrics")
        .filter(at -> gathers && !at.isIdle())
        .ifPresent(
            at -> {
              job.put(JobKey.EVALUATION_METRICS, true, at);
              job.take("eval_accumulation_steps", JobKey.EVALUATION_ACCUMULATION);
              job.say(
                  FindingCode.NOT_COUNTED,
                  at,
                  "compute_metrics: logits of every batch are kept, and 2 batches are counted; ",
                  JobKey.EVALUATION_BATCHES,
                  " says how many there are");
            });
  }
}
