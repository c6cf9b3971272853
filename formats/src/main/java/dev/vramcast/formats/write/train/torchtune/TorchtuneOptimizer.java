package dev.vramcast.formats.write.train.torchtune;

import dev.vramcast.core.job.OptimizerSettings;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.formats.write.train.FileDefaults;
import dev.vramcast.formats.write.train.JobCoverage;
import dev.vramcast.formats.write.train.OutputKeys;

/** Optimizers by their classes. */
final class TorchtuneOptimizer {

  private TorchtuneOptimizer() {}

  static void put(JobCoverage coverage, OutputKeys output) {
    OptimizerSettings optimizer = coverage.job().optimizer();
    output.put("optimizer._component_", component(coverage));
    boolean adamw = optimizer.name() == OptimizerName.ADAMW;
    boolean fused = adamw && optimizer.implementation() == OptimizerImplementation.FUSED;
    if (adamw) {
      output.put("optimizer.fused", fused);
      coverage.settles(
          JobKey.OPTIMIZER_IMPLEMENTATION,
          fused ? OptimizerImplementation.FUSED : OptimizerImplementation.FOREACH);
    } else if (optimizer.name() == OptimizerName.ADAMW_8BIT) {
      coverage.settles(
          JobKey.OPTIMIZER_IMPLEMENTATION,
          isTorchao(optimizer)
              ? OptimizerImplementation.TORCHAO
              : OptimizerImplementation.BITSANDBYTES);
    }
    output.put("optimizer.lr", FileDefaults.learningRate(coverage.job()));
    coverage.says(JobKey.OPTIMIZER_NAME);
    boolean whole = coverage.job().adapter().isEmpty();
    if (whole) {
      boolean inBackward = optimizer.inBackward() && coverage.job().batch().gradAccum() == 1;
      output.put("optimizer_in_bwd", inBackward);
      coverage.settles(JobKey.OPTIMIZER_IN_BACKWARD, inBackward);
    } else {
      String scheduler = "torchtune.training.lr_schedulers.get_cosine_schedule_with_warmup";
      output.put("lr_scheduler._component_", scheduler);
      output.put("lr_scheduler.num_warmup_steps", 10);
    }
  }

  private static boolean isTorchao(OptimizerSettings optimizer) {
    return optimizer.implementation() == OptimizerImplementation.TORCHAO;
  }

  private static String component(JobCoverage coverage) {
    boolean torchao = isTorchao(coverage.job().optimizer());
    return switch (coverage.job().optimizer().name()) {
      case ADAMW -> "torch.optim.AdamW";
      case ADAMW_8BIT -> torchao ? "torchao.optim.AdamW8bit" : "bitsandbytes.optim.AdamW8bit";
      case ADAMW_4BIT -> "torchao.optim.AdamW4bit";
      case PAGED_ADAMW -> "bitsandbytes.optim.PagedAdamW";
      case PAGED_ADAMW_8BIT -> "bitsandbytes.optim.PagedAdamW8bit";
      case ADAFACTOR -> "torch.optim.Adafactor";
      case LION -> "bitsandbytes.optim.Lion";
      case LION_8BIT -> "bitsandbytes.optim.Lion8bit";
      case SGD -> "torch.optim.SGD";
      default ->
          throw coverage.refusal(
              JobKey.OPTIMIZER_NAME,
              "adamw, adamw-8bit, adamw-4bit, paged-adamw, paged-adamw-8bit, adafactor, lion,"
                  + " lion-8bit, sgd");
    };
  }
}
