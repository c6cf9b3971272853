package dev.vramcast.core.plan.setting;

import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.option.Strategy;
import java.util.List;
import java.util.Optional;

/** A choice of everything but the batch. What is empty stays as the job and its framework say. */
public record Variant(
    Taught taught,
    Spread spread,
    Optional<Checkpointing> checkpointing,
    Optional<LossKernel> loss,
    Optional<OptimizerName> optimizer) {

  /**
   * Keys of which a plan chooses the values where the job leaves them open: these choices and the
   * batch, which change nothing of what is learned.
   */
  public static final List<JobKey> KEYS =
      List.of(
          JobKey.MICRO_BATCH,
          JobKey.GRAD_ACCUM,
          JobKey.CHECKPOINTING,
          JobKey.LOSS,
          JobKey.OPTIMIZER_NAME,
          JobKey.STRATEGY,
          JobKey.OFFLOAD);

  /** What changes what is learned: only where a user allows it. */
  record Taught(Optional<Method> method, Optional<Integer> rank, Optional<Integer> length) {

    private JobDocument on(JobDocument job) {
      JobDocument chosen = method.map(value -> withMethod(job, value)).orElse(job);
      chosen = with(chosen, JobKey.LORA_RANK, rank);
      return with(chosen, JobKey.SEQUENCE_LENGTH, length);
    }
  }

  /**
   * How a job is spread over GPUs and their machine.
   *
   * @param offload what is kept on the host; empty for what the job says
   */
  record Spread(Optional<Strategy> strategy, List<OffloadTarget> offload) {

    static final Spread LEFT = new Spread(Optional.empty(), List.of());

    private JobDocument on(JobDocument job) {
      JobDocument chosen = with(job, JobKey.STRATEGY, strategy);
      return offload.isEmpty() ? chosen : chosen.with(JobKey.OFFLOAD, offload, ORIGIN);
    }
  }

  /** Nothing but what is learned is chosen. */
  static Variant of(Taught taught) {
    return new Variant(taught, Spread.LEFT, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Where a value comes from that a plan chose. */
  static final Place ORIGIN = new Place.Chosen("chosen by the plan");

  /** The job with these choices. */
  public JobDocument on(JobDocument job) {
    JobDocument chosen = spread.on(taught.on(job));
    chosen = with(chosen, JobKey.CHECKPOINTING, checkpointing);
    chosen = with(chosen, JobKey.LOSS, loss);
    return with(chosen, JobKey.OPTIMIZER_NAME, optimizer);
  }

  /** QLoRA is LoRA on a base of 4 bits, whose constants are usually quantised again. */
  private static JobDocument withMethod(JobDocument job, Method method) {
    JobDocument chosen = job.with(JobKey.METHOD, method, ORIGIN);
    if (method != Method.QLORA || job.has(JobKey.QUANTIZATION_SCHEME)) {
      return chosen;
    }
    chosen = chosen.with(JobKey.QUANTIZATION_SCHEME, QuantizationScheme.NF4, ORIGIN);
    return job.has(JobKey.DOUBLE_QUANT) ? chosen : chosen.with(JobKey.DOUBLE_QUANT, true, ORIGIN);
  }

  private static JobDocument with(JobDocument job, JobKey key, Optional<?> value) {
    return value.map(chosen -> job.with(key, chosen, ORIGIN)).orElse(job);
  }
}
