package dev.vramcast.core.life;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.input.Remark;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.MergeDevice;
import dev.vramcast.core.job.option.SavedState;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.life.Life.DiskShare;
import dev.vramcast.core.life.Life.EpisodeNeed;
import dev.vramcast.core.life.file.SavedFile;
import dev.vramcast.core.module.part.Trainable;
import dev.vramcast.core.run.MemoryEstimate;
import dev.vramcast.core.run.MemoryEstimator;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.time.work.RunWork;
import dev.vramcast.core.time.work.TrainingData;
import dev.vramcast.core.trace.EpisodePeak;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts the life of a run together: what every episode takes of GPUs, machines and disk. */
public final class LifeEstimator {

  private final ResolvedJob job;
  private final List<EpisodePeak> passes;
  private final Checkpoint checkpoint;
  private final HostMemory host;
  private final CardMemory card;
  private final RunDisk files;
  private final long step;
  private final List<EpisodeNeed> episodes = new ArrayList<>();
  private final List<DiskShare> disk = new ArrayList<>();

  private LifeEstimator(
      Architecture architecture, Resolution resolution, Optional<MemoryEstimate> memory) {
    this.job = resolution.job();
    Optional<RankEstimate> worst = memory.map(MemoryEstimate::worst);
    this.passes = worst.map(RankEstimate::episodes).orElse(List.of());
    List<Trainable> trained = TrainedTensors.of(architecture, job);
    this.checkpoint = Checkpoint.of(architecture, job, trained);
    DataType dtype = resolution.job().checkpointDtype();
    this.host =
        new HostMemory(architecture, job, trained, checkpoint, dtype, LoadedDtype.of(resolution));
    long product = TrainedTensors.Factors.largestProduct(trained);
    long resident =
        worst
            .map(rank -> rank.residentBytes(CardMemory.dropsGradients(job)))
            .orElseGet(() -> loadedBytes(architecture, job));
    this.card = new CardMemory(architecture, job, checkpoint, trained, resident, product);
    this.step = memory.map(host::stepping).orElse(0L);
    Optional<RunWork> work = TrainingData.of(resolution).map(data -> data.work(job));
    this.files = new RunDisk(architecture, job, checkpoint, work, TrainingData.epochs(resolution));
  }

  /**
   * The life of a job whose memory was estimated.
   *
   * @param memory of the same job
   */
  public static Life estimate(
      Architecture architecture, Resolution resolution, MemoryEstimate memory) {
    return new LifeEstimator(architecture, resolution, Optional.of(memory)).life();
  }

  /** The life of a job that trains nothing, by a process which has nothing of a training. */
  public static Life ofWeights(Architecture architecture, Resolution resolution) {
    return new LifeEstimator(architecture, resolution, Optional.empty()).written();
  }

  /** Only who merges in files keeps the model beside them, as it was loaded for training. */
  private static long loadedBytes(Architecture architecture, ResolvedJob job) {
    return job.saving().merge().filter(MergeDevice.FILES::equals).isPresent()
        ? MemoryEstimator.loadedBytes(architecture, job)
        : 0;
  }

  private Life written() {
    boolean joins = checkpoint.consolidation().isPresent();
    List<SavedFile> shards = joins ? checkpoint.files() : List.of();
    disk.addAll(files.found());
    ends();
    return new Life(episodes, host.standing(), shards, 1, disk, assumptions());
  }

  private Life life() {
    disk.addAll(files.downloaded());
    for (EpisodePeak peak : passes) {
      add(peak.episode().label(), true, peak.bytes(), own(peak));
    }
    disk.addAll(files.saved());
    add("save", false, card.saving(), Capped.plus(step, host.saving()));
    if (job.saving().resumes()) {
      add("resume", false, card.resuming(), Capped.plus(step, host.resuming()));
    }
    ends();
    return new Life(
        episodes, host.standing(), checkpoint.files(), files.kept(), disk, assumptions());
  }

  /** What becomes of the last weights. */
  private void ends() {
    checkpoint.consolidation().ifPresent(this::consolidate);
    job.saving().merge().ifPresent(this::merge);
    job.saving().gguf().ifPresent(type -> export());
  }

  /** By a program of its own, which uses no card. */
  private void consolidate(Consolidation whole) {
    disk.addAll(files.consolidated());
    long hostBytes = Capped.plus(HostMemory.LIBRARIES, whole.hostBytes());
    episodes.add(new EpisodeNeed("consolidate", false, 0, hostBytes, onDisk()));
  }

  private void merge(MergeDevice device) {
    disk.addAll(files.merged());
    long gpuBytes = card.merging(device, host.mergedDtype());
    long hostBytes = Capped.plus(host.besideMerge(device), host.merging(device));
    episodes.add(new EpisodeNeed("merge", false, gpuBytes, hostBytes, onDisk()));
  }

  private void export() {
    disk.addAll(files.exported());
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

  private void add(String name, boolean traced, long gpuBytes, long ownBytes) {
    long hostBytes = Capped.plus(host.standing(), ownBytes);
    episodes.add(new EpisodeNeed(name, traced, gpuBytes, hostBytes, onDisk()));
  }

  private long onDisk() {
    return disk.stream().mapToLong(DiskShare::bytes).reduce(0, Capped::plus);
  }

  private List<Remark> assumptions() {
    List<Remark> all = new ArrayList<>();
    if (checkpoint.files().isEmpty()) {
      all.add(
          Remark.about(
              JobKey.FRAMEWORK_NAME,
              "How this framework writes checkpoints is not described, so none are counted."));
    } else if (!job.saving().alone()
        && files.written().isEmpty()
        && job.saving().kept().equals(SaveCode.Kept.ALL)) {
      all.add(
          Remark.about(
              JobKey.TOKENS,
              "One checkpoint is counted: how many are written needs the amount of data."));
    }
    if (job.saving().merge().filter(MergeDevice.FILE_BY_FILE::equals).isPresent()) {
      all.add(
          Remark.about(
              JobKey.MERGE_DEVICE,
              "Files of the base are taken to hold 5 GB; those that Transformers 5 saves hold up to"
                  + " 50, and the machine's memory then the changed weights of so much."));
    }
    shards().ifPresent(sentence -> all.add(Remark.about(JobKey.CONSOLIDATE, sentence)));
    all.add(
        Remark.of(
            "Of the machine's memory, what processes allocate; of the disk, files that grow with"
                + " the model: tokenizer"
                + (job.saving().alone() ? "" : ", logs, data as downloaded")
                + " and environments come on top."));
    return all;
  }

  /** What becomes of ranks' shards, and by whom. */
  private Optional<String> shards() {
    SaveCode.Consolidator tool =
        SaveCode.consolidator(job.frameworkCode(), job.parallelism().strategy());
    if (checkpoint.consolidation().isPresent()) {
      return Optional.of("Shards are put together by " + tool.label() + " when training is over.");
    } else if (job.saving().state() != SavedState.SHARDED) {
      return Optional.empty();
    }
    String left = "The shards of its last weights are left as they are";
    return Optional.of(
        tool == SaveCode.Consolidator.NONE
            ? left + "; what it takes to put this framework's together is not modelled."
            : left + "; what it takes to put them together is counted where the job asks for it.");
  }
}
