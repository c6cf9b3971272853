package dev.vramcast.formats.write.train;

import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.formats.write.TrainingFiles;
import dev.vramcast.formats.write.TrainingJob;
import dev.vramcast.formats.write.TrainingWriter;
import java.util.EnumSet;
import java.util.List;

/** DeepSpeed's JSON on its own: deepspeed/runtime/config.py of 0.19. */
public final class DeepSpeedWriter implements TrainingWriter {

  @Override
  public String name() {
    return "deepspeed";
  }

  @Override
  public boolean isCompanion() {
    return true;
  }

  @Override
  public TrainingFiles write(TrainingJob wanted) {
    JobCoverage coverage =
        new JobCoverage(
            name(),
            wanted.resolution().job().framework().name(),
            wanted,
            EnumSet.allOf(Stage.class));
    ResolvedJob job = coverage.job();
    OutputKeys output = new OutputKeys();
    output.put("train_micro_batch_size_per_gpu", job.batch().microBatch());
    output.put("gradient_accumulation_steps", job.batch().gradAccum());
    output.put("gradient_clipping", 1.0);
    boolean half = job.precision() == Precision.FP16 || job.precision() == Precision.FP16_MIXED;
    boolean full = job.precision() == Precision.FP32;
    output.put("bf16.enabled", !half && !full);
    output.put("fp16.enabled", half);
    boolean zero = job.parallelism().strategy().isZero();
    ZeroFile.zero(coverage, output);
    if (!zero) {
      coverage.warn(
          JobKey.STRATEGY,
          " is ",
          job.parallelism().strategy(),
          ", which is none of ZeRO's: stage 0 is written");
    }
    if (job.parallelism().tensor() > 1) {
      output.put("tensor_parallel.autotp_size", job.parallelism().tensor());
    }
    coverage.warn(
        "the file holds batch, precision and ZeRO; model, method, optimizer and the rest of the job"
            + " are said by the program that is trained with it");
    return coverage.companion(List.of(output.json("deepspeed.json")));
  }
}
