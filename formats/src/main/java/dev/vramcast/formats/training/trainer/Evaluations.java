package dev.vramcast.formats.training.trainer;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.List;
import java.util.Optional;

/** Whether a run on transformers' Trainer evaluates, and over which batches. */
public final class Evaluations {

  /** As many as show what one finds of another: without metrics a third needs no more. */
  private static final int BATCHES = 2;

  private Evaluations() {}

  /** What TrainingArguments say, which refuse a strategy without a data set to evaluate. */
  public static void read(JobBuilder job) {
    job.reads(
        List.of(JobKey.EVALUATION_BATCHES),
        () -> job.get("eval_strategy").filter(Evaluations::asks).ifPresent(at -> put(job, at)));
  }

  /**
   * As {@link #read}, where what is evaluated decides, and a strategy may only say no.
   *
   * @param evaluated what a run evaluates; empty when it has nothing for that
   */
  public static void readOf(JobBuilder job, Optional<Setting> evaluated) {
    boolean never = job.get("eval_strategy").filter(at -> !asks(at)).isPresent();
    if (!never) {
      evaluated.ifPresent(at -> put(job, at));
    }
  }

  private static void put(JobBuilder job, Setting at) {
    put(job, at, "per_device_eval_batch_size");
  }

  /**
   * Says that a run evaluates. Evaluations that generate are left out: they are not those of a
   * loss.
   *
   * @param batch the key of their batch
   */
  public static void put(JobBuilder job, Setting at, String batch) {
    if (!StageNames.generates(job)) {
      job.put(JobKey.EVALUATION_BATCHES, BATCHES, at);
      job.take(batch, JobKey.EVALUATION_BATCH);
    }
  }

  /** A strategy other than {@code no}, which YAML reads as false. */
  public static boolean asks(Setting strategy) {
    return strategy.isBool() ? strategy.bool() : !strategy.word().equals("no");
  }
}
