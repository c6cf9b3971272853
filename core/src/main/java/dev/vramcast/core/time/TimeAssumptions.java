package dev.vramcast.core.time;

import static dev.vramcast.core.units.Multiples.GIGA;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.GpuClass;
import dev.vramcast.core.hardware.MatmulClass;
import dev.vramcast.core.input.Remark;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.time.rate.Layout;
import dev.vramcast.core.time.rate.Links;
import dev.vramcast.core.time.rate.OptimizerTraffic;
import dev.vramcast.core.time.rate.Stack;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What an estimate of time takes for granted, one sentence each. */
final class TimeAssumptions {

  private final List<Remark> remarks = new ArrayList<>();

  private TimeAssumptions() {}

  static List<Remark> of(
      ResolvedJob job, Gpu gpu, Layout layout, Links links, Optional<StepTime.Experts> experts) {
    TimeAssumptions all = new TimeAssumptions();
    all.aboutSoftware(job);
    experts.ifPresent(all::aboutExperts);
    all.aboutRouters(job.parallelism());
    all.aboutData(job);
    all.aboutDevice(job, gpu);
    all.aboutLinks(job, layout, links, gpu);
    return List.copyOf(all.remarks);
  }

  private void add(boolean holds, JobKey about, String sentence) {
    if (holds) {
      remarks.add(Remark.about(about, sentence));
    }
  }

  private void aboutSoftware(ResolvedJob job) {
    remarks.add(
        Remark.about(
            JobKey.FRAMEWORK_NAME,
            switch (Stack.of(job)) {
              case TUNED ->
                  "Speed is that of a tuned stack, whose kernels hardly wait for the CPU.";
              case COMPILED -> "Speed is that of compiled PyTorch, without the time to compile.";
              case NATIVE ->
                  "Speed is that of a framework's own modules launched one by one from Python.";
              case EAGER -> "Speed is that of PyTorch modules launched one by one from Python.";
              case FUSED -> "Speed is that of fused kernels launched one by one from Python.";
            }));
  }

  private void aboutExperts(StepTime.Experts experts) {
    add(
        !experts.looped(),
        JobKey.MODEL_ID,
        "Routing and uneven experts cost "
            + rounded(experts.factor() - 1, 1)
            + " times what dense products of their active part take.");
    add(
        experts.looped(),
        JobKey.MODEL_ID,
        "Experts run one by one, which took runs of that kind 9 to 190 times as long.");
  }

  private void aboutRouters(Parallelism degrees) {
    add(
        degrees.expert() > 1 && degrees.expertImbalance() > 1,
        JobKey.EXPERT_IMBALANCE,
        "Time is that of tokens spread evenly over the GPUs' experts; where one gets more, the"
            + " others wait for it.");
  }

  private void aboutData(ResolvedJob job) {
    add(
        job.evaluation().isPresent(),
        JobKey.EVALUATION_BATCHES,
        "Evaluations between steps take time too, which is not part of theirs.");
    add(
        job.batch().padding() != Padding.PACKED,
        JobKey.PADDING,
        "Padding is counted as tokens: it takes as long as they do.");
    remarks.add(
        Remark.of(
            "Data is taken to be read and tokenised as fast as it is trained on, and the first"
                + " step's warm-up is left out."));
  }

  private void aboutDevice(ResolvedJob job, Gpu gpu) {
    add(
        gpu.throughput().reached() == MatmulClass.UNKNOWN,
        JobKey.GPU,
        "No runs on such a GPU are known; it is taken to reach 0.7 of its peak.");
    add(
        gpu.gpuClass() == GpuClass.LAPTOP,
        JobKey.GPU,
        "The laptop is taken to give its GPU the most power that such laptops do; a thinner one is"
            + " slower.");
    add(
        job.precision() == Precision.FP32,
        JobKey.PRECISION,
        "Products in fp32 run as TF32, at half of the bf16 rate.");
    add(
        job.parallelism().offload().contains(OffloadTarget.OPTIMIZER)
            && !OptimizerTraffic.swapsStates(job),
        JobKey.OFFLOAD,
        "The GPU waits while the CPU updates what is offloaded.");
  }

  private void aboutLinks(ResolvedJob job, Layout layout, Links links, Gpu gpu) {
    add(
        layout.gpus() > 1,
        JobKey.GPU,
        "Between GPUs of one machine, "
            + rounded(links.within() / GIGA, 1)
            + " GB a second are reached in each direction.");
    add(
        links.rough() && layout.gpus() > 1,
        JobKey.GPU,
        "GPUs reach each other through the host's memory, as such cards do under NCCL, and "
            + "nothing hides these copies.");
    add(
        layout.machines() > 1,
        JobKey.NODES,
        layout.machines()
            + " machines of up to "
            + Layout.perMachine(gpu)
            + " GPUs reach "
            + rounded(links.outside().network() / GIGA, 0)
            + " GB a second for each GPU between them"
            + (job.parallelism().network().isEmpty() ? ", as over InfiniBand." : "."));
    add(
        job.parallelism().pipeline() > 1,
        JobKey.PIPELINE,
        "Pipeline stages wait "
            + rounded(100 * layout.bubble(), 0)
            + " % of their busy time for the first and the last micro-batch.");
  }

  private static String rounded(double value, int decimals) {
    return BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP).toPlainString();
  }
}
