package dev.vramcast.formats.training.run;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import java.util.Optional;

/**
 * Whether DDP looks for parameters that no pass has used, which decides when its buckets are made.
 * Where nothing is said, the Trainer has it do so but for a checkpointed model without adapters
 * (src/transformers/trainer.py), and that is what is counted.
 */
final class UnusedParameters {

  private static final String KEY = "ddp_find_unused_parameters";

  private UnusedParameters() {}

  /** Says where a file asks for the other, once method, strategy and checkpointing are read. */
  static void read(JobBuilder job) {
    boolean copies = !job.has(JobKey.STRATEGY) || job.is(JobKey.STRATEGY, "ddp");
    Optional<Boolean> counted = counted(job);
    if (!copies || counted.isEmpty() || job.whole(JobKey.GPU_COUNT).orElse(1) < 2) {
      return;
    }
    job.get(KEY)
        .filter(given -> given.bool() != counted.get())
        .ifPresent(
            given ->
                job.say(
                    FindingCode.NOT_COUNTED,
                    given,
                    KEY,
                    " is ",
                    given.shown(),
                    ": DDP's buckets are counted as where it is ",
                    String.valueOf(counted.get())));
  }

  /** What the Trainer does by itself; empty where the file leaves what that depends on open. */
  private static Optional<Boolean> counted(JobBuilder job) {
    if (!job.has(JobKey.METHOD)) {
      return Optional.empty();
    }
    if (!job.is(JobKey.METHOD, "full")) {
      return Optional.of(true);
    }
    return job.has(JobKey.CHECKPOINTING)
        ? Optional.of(job.is(JobKey.CHECKPOINTING, "none"))
        : Optional.empty();
  }
}
