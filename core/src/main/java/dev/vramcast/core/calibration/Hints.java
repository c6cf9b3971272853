package dev.vramcast.core.calibration;

import dev.vramcast.core.input.Notice;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Padding;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Common causes of a difference, named where the data or the job point to them. */
public final class Hints {

  /** Below this share of an estimate a difference needs no explanation. */
  private static final double SMALL = 0.03;

  private static final double CLEARLY_SHORTER = 0.9;
  private static final double OTHER_CARD = 0.1;

  private final Run run;
  private final Estimated estimated;
  private final ResolvedJob job;
  private final List<Notice> hints = new ArrayList<>();

  private Hints(Run run, Estimated estimated, ResolvedJob job) {
    this.run = run;
    this.estimated = estimated;
    this.job = job;
  }

  /**
   * One sentence for each.
   *
   * @param cardBytes of the card that the estimate is for
   */
  public static List<Notice> of(
      Run run, Estimated estimated, ResolvedJob job, OptionalLong cardBytes) {
    Hints hints = new Hints(run, estimated, job);
    hints.aboutRanks();
    hints.aboutData();
    hints.aboutTensors();
    hints.aboutAllocator();
    hints.aboutCard(cardBytes);
    hints.aboutSpeed();
    return List.copyOf(hints.hints);
  }

  private void aboutRanks() {
    int gpus = job.parallelism().gpus();
    if (gpus > 1 && !run.figures().isEmpty()) {
      say(
          "The estimate is of the rank that needs most of %d; figures of another are lower."
              .formatted(gpus));
    }
  }

  private void aboutData() {
    if (run.facts().tokensPerSample().isEmpty()) {
      return;
    }
    double mean = run.facts().tokensPerSample().getAsDouble();
    int length = job.batch().sequenceLength();
    if (mean < CLEARLY_SHORTER * length) {
      say(
          ("Examples had %d tokens on average, the estimate is for %d: unless the longest batch"
                  + " was full, its peak was lower than estimated")
              .formatted(Math.round(mean), length),
          JobKey.SEQUENCE_LENGTH,
          JobKey.LENGTHS);
    }
  }

  private void aboutTensors() {
    double off = relative(RunFigure.ALLOCATED);
    double loaded = relative(RunFigure.AFTER_LOAD);
    if (loaded > SMALL) {
      say(
          "More weights were there than estimated: a part that was not quantised, another dtype"
              + " of loading, or a second model",
          JobKey.MODEL_DTYPE,
          JobKey.QUANTIZATION_SCHEME);
    } else if (loaded < -SMALL) {
      say(
          "Fewer weights were there than estimated: another quantisation, weights that were not"
              + " on the GPU yet, or another model.");
    }
    if (off > SMALL && loaded <= SMALL) {
      say(
          "More tensors than estimated: eager attention in place of a fused one, logits in full"
              + " precision, checkpointing that did not take effect, or an evaluation with a"
              + " larger batch",
          JobKey.ATTENTION,
          JobKey.LOSS,
          JobKey.CHECKPOINTING);
    } else if (off < -SMALL && run.facts().tokensPerSample().isEmpty()) {
      say(
          "Fewer tensors than estimated: sequences shorter than the cap, a smaller batch, or fused"
              + " kernels for loss and norms",
          JobKey.SEQUENCE_LENGTH,
          JobKey.LOSS,
          JobKey.LIGER_KERNELS);
    }
  }

  private void aboutAllocator() {
    long retries = run.facts().retries().orElse(0);
    if (retries > 0) {
      say(
          ("The allocator ran out of memory %d times and gave back what it kept, so reserved bytes"
                  + " are what the card had, not what the job would take.")
              .formatted(retries));
    }
    boolean both =
        run.figure(RunFigure.ALLOCATED).isPresent() && run.figure(RunFigure.RESERVED).isPresent();
    double off = both ? relative(RunFigure.RESERVED) - relative(RunFigure.ALLOCATED) : 0;
    if (off > SMALL) {
      hints.add(
          Notice.of(
              "The caching allocator kept more than estimated: batches of changing lengths leave"
                  + " pieces that no tensor fits (",
              JobKey.EXPANDABLE_SEGMENTS,
              " true avoids them)."));
    }
  }

  private void aboutCard(OptionalLong cardBytes) {
    long others = run.facts().otherBytes().orElse(0);
    if (others > 0) {
      say(
          "Other processes had %d MiB of the card; they are not counted here."
              .formatted(others >> 20));
    }
    if (run.figure(RunFigure.DEVICE).isPresent()
        && run.figure(RunFigure.RESERVED).isPresent()
        && others == 0
        && outside() > SMALL * estimated.deviceBytes()) {
      say(
          "More was on the device than PyTorch and a context take: another process on the card,"
              + " a display, or libraries with memory of their own (NCCL, vLLM).");
    }
    if (cardBytes.isPresent() && run.facts().cardBytes().isPresent()) {
      double card = cardBytes.getAsLong();
      long seen = run.facts().cardBytes().getAsLong();
      if (Math.abs(seen - card) > OTHER_CARD * card) {
        say(
            "The run's card had %d MiB, the estimate's has %d MiB"
                .formatted(seen >> 20, cardBytes.getAsLong() >> 20),
            JobKey.GPU);
      }
    }
  }

  private long outside() {
    return run.figure(RunFigure.DEVICE).orElseThrow().bytes()
        - run.figure(RunFigure.RESERVED).orElseThrow().bytes()
        - estimated.besideReservedBytes();
  }

  private void aboutSpeed() {
    if (run.speed().isEmpty() && run.facts().samplesPerSecond().isPresent()) {
      double most = run.facts().samplesPerSecond().getAsDouble() * job.batch().sequenceLength();
      say(
          ("The run counted examples and no tokens; at %d tokens each they were at most %d"
                  + " tokens/s (include_num_input_tokens_seen=\"all\" counts tokens).")
              .formatted(job.batch().sequenceLength(), Math.round(most)));
    }
    boolean whole = run.speed().isPresent() && estimated.tokensPerSecond().isPresent();
    if (!whole) {
      return;
    }
    MeasuredSpeed speed = run.speed().get();
    double ratio =
        speed.total(job.parallelism().gpus()) / estimated.tokensPerSecond().getAsDouble();
    boolean padded = job.batch().padding() != Padding.PACKED;
    if (!speed.counted().isComparable(padded)) {
      say(
          "The run counted %s, the estimate counts all that a GPU works on."
              .formatted(speed.counted().words()));
    } else if (ratio < 1 - SMALL) {
      say(
          "Slower than estimated: short steps on which the process waits for data, evaluations and"
              + " checkpoints within the time, a GPU that is throttled or shared.");
    }
  }

  private void say(String sentence) {
    hints.add(Notice.of(sentence));
  }

  /** A sentence without its full stop, and the settings to look at. */
  private void say(String sentence, JobKey first, JobKey... others) {
    Notice hint = Notice.of(sentence, " (", first);
    for (JobKey other : others) {
      hint = hint.and(", ", other);
    }
    hints.add(hint.and(")."));
  }

  private double relative(RunFigure figure) {
    return run.figure(figure)
        .map(measured -> (double) measured.bytes() / estimated.bytes(figure) - 1)
        .orElse(0.0);
  }
}
