package dev.vramcast.answers.estimate;

import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.catalog.source.LocatedModel;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.MergeDevice;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.life.Life;
import dev.vramcast.core.life.Life.Resource;
import dev.vramcast.core.life.Life.Shortage;
import dev.vramcast.core.range.Verdict;
import dev.vramcast.core.run.MemoryEstimator;
import java.util.List;
import java.util.Optional;

/**
 * What a job takes that trains nothing: it merges adapters, puts shards together or converts
 * weights. It has no step, so that there is no speed, no cost and no range of training.
 *
 * @param gpu empty where the job names none
 * @param keptFreeBytes of the card, by the user's wish
 * @param elsewhere the same where the other device merges; empty where nothing is merged, or file
 *     by file
 * @param warnings what is to be known of it
 */
public record WeightsAnswer(
    LocatedModel model,
    Optional<Gpu> gpu,
    long keptFreeBytes,
    Resolution resolution,
    Life life,
    Optional<Elsewhere> elsewhere,
    List<Notice> warnings)
    implements Answer {

  public WeightsAnswer {
    warnings = List.copyOf(warnings);
  }

  /** What a job takes where it merges on another device. */
  public record Elsewhere(MergeDevice device, Life life) {}

  /** The answer in one sentence. */
  public String sentence() {
    return WeightsWords.of(this);
  }

  /**
   * Whether it fits: by what is known to be too little, else by what decides, which is the card
   * where one is used and the machine's memory where none is; empty where that is not known.
   */
  public Optional<Verdict> verdict() {
    if (shortage().isPresent()) {
      return Optional.of(Verdict.DOES_NOT_FIT);
    }
    boolean known =
        usesGpu() ? gpu.isPresent() : resolution.job().machine().memoryBytes().isPresent();
    return known ? Optional.of(Verdict.FITS) : Optional.empty();
  }

  /** Whether anything is on a card. */
  boolean usesGpu() {
    return gpuBytes() > 0;
  }

  /** What there is too little of; of the card first. */
  Optional<Shortage> shortage() {
    return gpu.flatMap(card -> life.shortage(usableBytes(card)))
        .or(() -> life.shortage(resolution.job().machine()));
  }

  /** What the card holds of tensors at most; 0 where all is done in the machine's memory. */
  long gpuBytes() {
    return life.neededBytes(Resource.GPU);
  }

  private long usableBytes(Gpu card) {
    ResolvedJob job = resolution.job();
    long context = MemoryEstimator.outside(job, gpu).contextBytes();
    return card.allocatableBytes() - keptFreeBytes - context;
  }

  /** Its cards, over which a whole model is spread. */
  int gpus() {
    return resolution.job().parallelism().gpus();
  }

  @Override
  public List<String> lines(Terminal terminal) {
    return WeightsWords.lines(this, terminal);
  }

  @Override
  public Record record() {
    return WeightsRecord.of(this);
  }
}
