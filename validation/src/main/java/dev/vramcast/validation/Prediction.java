package dev.vramcast.validation;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.life.TrainedTensors;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.TraceReading;
import dev.vramcast.validation.cases.MeasuredKind;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What the product says about a case.
 *
 * @param deviceBytes what readings of the driver show, or for a run out of memory has to give at
 *     least
 * @param totalParameters elements of the base model
 * @param trainableParameters those of them that full fine-tuning trains
 * @param adapterParameters elements of adapters and of modules trained beside them
 */
record Prediction(
    long allocatedBytes,
    long reservedBytes,
    long deviceBytes,
    Map<MeasuredPhase, Long> phases,
    long totalParameters,
    long trainableParameters,
    long adapterParameters,
    long loadedBytes) {

  Prediction {
    phases = Map.copyOf(phases);
  }

  /**
   * The figures of an estimate.
   *
   * @param beside bytes of what is no pass, by its name
   * @param contextBytes the CUDA context, where the source measured it
   * @param ranOut the run ended out of memory, after the allocator had given back what it could
   */
  static Prediction of(
      Architecture architecture,
      ResolvedJob job,
      RankEstimate estimate,
      Map<String, Long> beside,
      OptionalLong contextBytes,
      boolean ranOut) {
    long reserved = estimate.reservedBytes();
    long outside =
        contextBytes.orElse(estimate.outside().contextBytes())
            + estimate.outside().communicatorBytes();
    LoadedBlocks loaded = LoadedBlocks.of(estimate.trace());
    TraceReading reading = TraceReading.of(estimate.trace());
    return new Prediction(
        estimate.stepBytes(),
        reserved,
        (ranOut ? estimate.neededBytes(reserved) : estimate.readBytes()) + outside,
        MeasuredPhase.of(new MeasuredPhase.Step(reading, loaded, beside)),
        Tensors.count(architecture),
        trainable(architecture, job),
        loaded.elements(Category.ADAPTERS),
        estimate.loadedBytes());
  }

  /**
   * What is allocated in passes before the first update, and nothing by phase.
   *
   * @param bytes of the optimizer's states, which are there throughout a later step
   */
  Prediction withoutStates(long bytes) {
    return new Prediction(
        allocatedBytes - bytes,
        reservedBytes,
        deviceBytes,
        Map.of(),
        totalParameters,
        trainableParameters,
        adapterParameters,
        loadedBytes);
  }

  /** Of a full fine-tune. */
  private static long trainable(Architecture architecture, ResolvedJob job) {
    return job.frozen().isEmpty()
        ? Tensors.trainableCount(architecture)
        : TrainedTensors.count(architecture, job);
  }

  /**
   * The figure to hold against a measured one. A source that does not say what it read is taken to
   * show the reserved bytes: so does the largest of them, since the memory that ms-swift writes
   * beside its results is {@code torch.cuda.max_memory_reserved} (1.5.4, trainers/trainers.py), and
   * its published series flatten towards the size of the card, as only the caching allocator's do.
   * Where a figure came from nvidia-smi after all, the estimate lacks the CUDA context, about half
   * a GiB.
   */
  long bytes(MeasuredKind kind) {
    return switch (kind) {
      case ALLOCATED -> allocatedBytes;
      case RESERVED, UNSTATED -> reservedBytes;
      case DEVICE -> deviceBytes;
    };
  }

  /** What is there before the first pass, as a share of an estimate. */
  double loadedShare(long estimatedBytes) {
    return (double) loadedBytes / estimatedBytes;
  }
}
