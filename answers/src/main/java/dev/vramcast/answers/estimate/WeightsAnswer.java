package dev.vramcast.answers.estimate;

import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.catalog.source.LocatedModel;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.job.MachineSettings;
import dev.vramcast.core.job.ResolvedJob;
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
 * @param warnings what is to be known of it
 */
public record WeightsAnswer(
    LocatedModel model,
    Optional<Gpu> gpu,
    long keptFreeBytes,
    Resolution resolution,
    Life life,
    List<Notice> warnings)
    implements Answer {

  public WeightsAnswer {
    warnings = List.copyOf(warnings);
  }

  /** The answer in one sentence. */
  public String sentence() {
    return WeightsWords.of(this);
  }

  /** Whether what is known of card and machine is enough; empty where nothing is. */
  public Optional<Verdict> verdict() {
    MachineSettings machine = resolution.job().machine();
    boolean known =
        gpu.isPresent() || machine.memoryBytes().isPresent() || machine.diskBytes().isPresent();
    return known
        ? Optional.of(shortage().isPresent() ? Verdict.DOES_NOT_FIT : Verdict.FITS)
        : Optional.empty();
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
