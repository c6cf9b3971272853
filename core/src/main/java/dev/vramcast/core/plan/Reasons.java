package dev.vramcast.core.plan;

import static dev.vramcast.core.units.Multiples.gib;

import dev.vramcast.core.cost.Usd;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.Remark;
import dev.vramcast.core.job.Batch;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.plan.search.Confidence;
import dev.vramcast.core.plan.search.Machine;
import dev.vramcast.core.plan.search.Question;
import dev.vramcast.core.plan.setting.Settings;
import dev.vramcast.core.units.DataType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Why a job is legal on a machine, in the order in which it was asked.
 *
 * @param billed the time that is held against a deadline
 * @param cost of that time
 * @param hostBytes that a machine holds in its own memory
 */
record Reasons(
    Question question,
    Machine machine,
    Offer offer,
    FitCheck check,
    Duration billed,
    Usd cost,
    long hostBytes) {

  /** One for each constraint. */
  List<Remark> remarks() {
    ResolvedJob job = check.resolution().job();
    List<Remark> all = new ArrayList<>();
    all.add(Remark.about(JobKey.PRECISION, kernels(job, machine.gpu())));
    all.add(Remark.about(JobKey.STRATEGY, strategy(job.parallelism())));
    all.add(Remark.about(JobKey.MICRO_BATCH, batch(job)));
    loss(job.loss(), all);
    if (job.optimizer().name() == OptimizerName.ADAMW_8BIT) {
      all.add(
          Remark.about(
              JobKey.OPTIMIZER_NAME,
              "States of 8 bits are for weights, which are what is trained."));
    }
    offloaded(all);
    limits(all);
    all.add(Remark.about(JobKey.GPU, memory()));
    return all;
  }

  private static String kernels(ResolvedJob job, Gpu gpu) {
    String compute = job.computeDtype().label();
    boolean bf16 = job.computeDtype() == DataType.BF16;
    return "Products run in "
        + compute
        + (bf16 ? ", which " + gpu.name() + " has matrix units for." : ", which every GPU takes.");
  }

  private static String strategy(Parallelism degrees) {
    String words =
        switch (degrees.strategy()) {
          case NONE -> "nothing has to be divided";
          case DDP -> "every GPU holds the whole model, gradients are averaged";
          case FSDP1, FSDP2 ->
              "parameters, gradients and states are divided by " + degrees.shards();
          case ZERO1 -> "states are divided by " + degrees.shards();
          case ZERO2 -> "gradients and states are divided by " + degrees.shards();
          case ZERO3 -> "parameters, gradients and states are divided by " + degrees.shards();
          case MEGATRON -> "the model is divided as the job says";
        };
    String gpus = degrees.gpus() == 1 ? "1 GPU" : degrees.gpus() + " GPUs";
    gpus += degrees.nodes() > 1 ? " of " + degrees.nodes() + " machines" : "";
    return "On " + gpus + ", strategy " + degrees.strategy().label() + ": " + words + ".";
  }

  private static String batch(ResolvedJob job) {
    Batch batch = job.batch();
    long sequences = Settings.sequences(job);
    return "A step sees "
        + batch.microBatch()
        + " × "
        + batch.gradAccum()
        + " × "
        + job.parallelism().dataParallel()
        + " = "
        + sequences
        + " sequences: micro-batch, accumulation, ranks.";
  }

  private static void loss(LossKernel loss, List<Remark> all) {
    switch (loss) {
      case FULL -> {}
      case LIGER ->
          all.add(
              Remark.about(
                  JobKey.LOSS, "Liger patches models of Transformers; it has to know this one."));
      case CHUNKED, CCE, TRITON ->
          all.add(
              Remark.about(JobKey.LOSS, "The loss is the framework's own " + loss.label() + "."));
    }
  }

  private void limits(List<Remark> all) {
    boolean sure = question.limits().confidence() == Confidence.HIGH;
    String end = sure ? ", where training is as slow as the slowest of ten runs." : ".";
    question
        .limits()
        .deadline()
        .ifPresent(
            deadline ->
                all.add(
                    Remark.of(
                        "It takes "
                            + hours(billed)
                            + " of the "
                            + hours(deadline)
                            + " allowed"
                            + end)));
    question
        .limits()
        .budget()
        .ifPresent(
            budget ->
                all.add(
                    Remark.of(
                        "It costs $"
                            + cost.text(2)
                            + " of the $"
                            + rounded(budget)
                            + " allowed"
                            + end)));
  }

  /** What stands on the host, of which the machine is known to have enough. */
  private void offloaded(List<Remark> all) {
    boolean states = !check.resolution().job().parallelism().offload().isEmpty();
    if (states) {
      all.add(
          Remark.about(
              JobKey.OFFLOAD,
              "Each machine holds "
                  + rounded(gib(hostBytes))
                  + " GiB in its own memory, of "
                  + rounded(gib(offer.host().memoryBytes().orElseThrow()))
                  + "."));
    }
  }

  private String memory() {
    return "It needs "
        + rounded(gib(check.deviceBytes()))
        + " GiB of each GPU, by the range of such jobs up to "
        + rounded(gib(check.range().highBytes()))
        + ", of "
        + rounded(gib(check.usableBytes()))
        + " that it may take.";
  }

  private static String hours(Duration time) {
    return rounded(time.toSeconds() / 3600.0) + " h";
  }

  private static String rounded(double value) {
    return BigDecimal.valueOf(value).setScale(2, RoundingMode.HALF_UP).toPlainString();
  }
}
