package dev.vramcast.core.life;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.input.Remark;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.GgufType;
import dev.vramcast.core.job.option.MergeDevice;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.life.Life.DiskShare;
import dev.vramcast.core.life.Life.EpisodeNeed;
import dev.vramcast.core.life.file.GgufFile;
import dev.vramcast.core.module.part.Trainable;
import dev.vramcast.core.run.MemoryEstimate;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.time.work.RunWork;
import dev.vramcast.core.time.work.TrainingData;
import dev.vramcast.core.trace.EpisodePeak;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Puts the life of a run together: what every episode takes of GPUs, machines and disk. */
public final class LifeEstimator {

  /**
   * Ids of four bytes, a mask of one and labels of eight (datasets/arrow_writer.py
   * OptimizedTypedSequence).
   */
  private static final long TOKENISED = 4 + 1 + 8;

  private final Resolution resolution;
  private final ResolvedJob job;
  private final RankEstimate worst;
  private final Checkpoint checkpoint;
  private final HostMemory host;
  private final CardMemory card;
  private final Architecture architecture;
  private final long published;
  private final long merged;
  private final long step;
  private final Optional<RunWork> work;
  private final List<EpisodeNeed> episodes = new ArrayList<>();
  private final List<DiskShare> disk = new ArrayList<>();

  private LifeEstimator(Architecture architecture, Resolution resolution, MemoryEstimate memory) {
    this.architecture = architecture;
    this.resolution = resolution;
    this.job = resolution.job();
    this.worst = memory.worst();
    List<Trainable> trained = TrainedTensors.of(architecture, job);
    this.checkpoint = Checkpoint.of(architecture, job, trained);
    DataType dtype = resolution.job().checkpointDtype();
    this.host =
        new HostMemory(architecture, job, trained, checkpoint, dtype, LoadedDtype.of(resolution));
    long product = Factors.largestProduct(trained);
    this.card = new CardMemory(architecture, job, checkpoint, trained, worst, product);
    this.published = Tensors.count(architecture) * dtype.bytes();
    this.merged = Tensors.count(architecture) * host.mergedDtype().bytes();
    this.step = host.stepping(memory);
    this.work = TrainingData.of(resolution).map(data -> data.work(job));
  }

  /**
   * The life of a job whose memory was estimated.
   *
   * @param memory of the same job
   */
  public static Life estimate(
      Architecture architecture, Resolution resolution, MemoryEstimate memory) {
    return new LifeEstimator(architecture, resolution, memory).life();
  }

  private Life life() {
    share("weights in the Hub's cache", published);
    work.ifPresent(
        all -> share("tokenised data", Capped.times(TOKENISED, Math.round(all.tokens()))));
    for (EpisodePeak peak : worst.episodes()) {
      add(peak.episode().label(), true, peak.bytes(), own(peak));
    }
    int kept = kept();
    share(
        kept == 1 ? "a checkpoint" : kept + " checkpoints", Capped.times(kept, checkpoint.bytes()));
    share("the last weights", checkpoint.weightBytes());
    add("save", false, card.saving(), Capped.plus(step, host.saving()));
    if (job.saving().resumes()) {
      add("resume", false, card.resuming(), Capped.plus(step, host.resuming()));
    }
    job.saving().merge().ifPresent(this::merge);
    job.saving().gguf().ifPresent(this::export);
    return new Life(episodes, host.standing(), checkpoint.files(), kept, disk, assumptions());
  }

  private void merge(MergeDevice device) {
    share("merged weights", merged);
    add("merge", false, card.merging(device, host.mergedDtype()), host.merging(device));
  }

  /**
   * To llama.cpp's format (unsloth/save.py save_to_gguf): a file in 16 bits first where the
   * converter does not write the type, and all of them at once on the disk.
   */
  private void export(GgufType type) {
    if (!type.isConverted()) {
      share("GGUF in 16 bits", GgufFile.bytes(architecture, GgufType.BF16));
    }
    share("GGUF in " + type.label(), GgufFile.bytes(architecture, type));
    add("export", false, 0, host.exporting());
  }

  private long own(EpisodePeak peak) {
    if (peak.episode() instanceof Episode.Load) {
      return host.loading();
    }
    return peak.episode() instanceof Episode.Evaluation
        ? Capped.plus(step, host.evaluating())
        : step;
  }

  private void share(String what, long bytes) {
    if (bytes > 0) {
      disk.add(new DiskShare(what, bytes));
    }
  }

  private void add(String name, boolean traced, long gpuBytes, long ownBytes) {
    long onDisk = disk.stream().mapToLong(DiskShare::bytes).reduce(0, Capped::plus);
    long hostBytes = Capped.plus(host.standing(), ownBytes);
    episodes.add(new EpisodeNeed(name, traced, gpuBytes, hostBytes, onDisk));
  }

  /**
   * An old checkpoint goes when the new one is there, so one more than is kept (transformers/
   * trainer.py _save_checkpoint, rotate_checkpoints).
   */
  private int kept() {
    SaveCode.Kept limit = job.saving().kept();
    Optional<Integer> written = written();
    if (written.isEmpty()) {
      return limit.equals(SaveCode.Kept.ALL) ? 1 : limit.count() + 1;
    }
    int most = limit.equals(SaveCode.Kept.ALL) ? written.get() : limit.count() + 1;
    return Math.min(written.get(), most);
  }

  /** How many are written; empty where the job does not say on how much data it trains. */
  private Optional<Integer> written() {
    SaveCode.Interval interval = job.saving().interval();
    if (interval instanceof SaveCode.AtEnd) {
      return Optional.of(1);
    } else if (interval instanceof SaveCode.Epochs) {
      double epochs = TrainingData.number(resolution, JobKey.EPOCHS).orElse(1);
      return work.map(all -> (int) Math.ceil(epochs));
    }
    return interval instanceof SaveCode.Steps every
        ? steps().stream().mapToObj(steps -> (int) Math.ceil(steps / every.count())).findFirst()
        : Optional.of(0);
  }

  private OptionalDouble steps() {
    return work.stream().mapToDouble(RunWork::steps).findFirst();
  }

  private List<Remark> assumptions() {
    List<Remark> all = new ArrayList<>();
    if (checkpoint.files().isEmpty()) {
      all.add(
          Remark.about(
              JobKey.FRAMEWORK_NAME,
              "How this framework writes checkpoints is not described, so none are counted."));
    } else if (written().isEmpty() && job.saving().kept().equals(SaveCode.Kept.ALL)) {
      all.add(
          Remark.about(
              JobKey.TOKENS,
              "One checkpoint is counted: how many are written needs the amount of data."));
    }
    all.add(
        Remark.of(
            "Of the machine's memory, what processes allocate; of the disk, files that grow with"
                + " the model: tokenizer, logs, data as downloaded and environments come on top."));
    return all;
  }
}
