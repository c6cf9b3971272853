package dev.vramcast.formats.training.autotrain;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.trainer.Optimizers;
import java.util.List;

/**
 * Classes of texts by Transformers' Trainer, each text filled up to one length and all weights
 * trained (autotrain/trainers/text_classification).
 */
final class TextClasses {

  private static final String TASK = "text[-_](binary[-_])?classification";

  private TextClasses() {}

  static boolean isOne(JobBuilder job) {
    return job.get("task").filter(task -> task.word().matches(TASK)).isPresent();
  }

  static void read(JobBuilder job) {
    job.put(JobKey.FRAMEWORK_NAME, FormatName.TRANSFORMERS.label());
    job.put(JobKey.TRANSFORMERS_VERSION, "4.48.0");
    job.take("base_model", JobKey.MODEL_ID);
    job.put(JobKey.STAGE, "classification", job.get("task").orElseThrow());
    job.put(JobKey.METHOD, "full");
    job.put(JobKey.MICRO_BATCH, 8);
    job.take("params.batch_size", JobKey.MICRO_BATCH);
    job.put(JobKey.GRAD_ACCUM, 1);
    job.take("params.gradient_accumulation", JobKey.GRAD_ACCUM);
    job.put(JobKey.SEQUENCE_LENGTH, 128);
    job.take("params.max_seq_length", JobKey.SEQUENCE_LENGTH);
    job.put(JobKey.EPOCHS, 3);
    job.take("params.epochs", JobKey.EPOCHS);
    job.get("params.optimizer")
        .ifPresent(
            name -> job.reads(List.of(JobKey.OPTIMIZER_NAME), () -> Optimizers.read(job, name)));
    job.reads(List.of(JobKey.PRECISION), () -> AutotrainReader.precision(job));
    if (job.get("params.max_seq_length").isEmpty()) {
      job.say(
          FindingCode.SURPRISING_DEFAULT,
          "params.max_seq_length",
          "params.max_seq_length is missing: AutoTrain takes 128");
    }
    job.assumeOneGpu();
  }
}
