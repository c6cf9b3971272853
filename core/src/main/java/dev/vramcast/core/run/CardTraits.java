package dev.vramcast.core.run;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.code.SdpaCard;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.job.AllocatorSettings;
import dev.vramcast.core.job.NarrowLinears;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LossChunks;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.StageCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.megatron.Workspaces;
import dev.vramcast.core.trace.replay.program.Loading;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * All of a card that decides what a step allocates on it. Cards that have these in common run the
 * same step; what they differ in is outside PyTorch's allocator: {@link RankEstimate.Outside}.
 *
 * @param workspaces which PyTorch takes from its own allocator
 * @param sdpa what SDPA asks of it, where that is what attends
 * @param linears what stands where the model has linears on the card
 * @param allocator the settings as they take effect
 * @param engine what an engine that generates beside the policy takes of it
 * @param loading how weights come onto it
 * @param room what the card leaves to PyTorch's allocator; empty where no code asks for it
 */
public record CardTraits(
    Workspaces workspaces,
    SdpaCard sdpa,
    NarrowLinears linears,
    AllocatorSettings allocator,
    Loading loading,
    OptionalLong room,
    OptionalLong engine) {

  /** Those of a card for a job; of none where no card is named. */
  public static CardTraits of(Architecture architecture, ResolvedJob job, Optional<Gpu> gpu) {
    return new CardTraits(
        Workspaces.of(gpu, DeviceMemory.workspaceBytes(gpu, job.framework().torch())),
        sdpa(job, gpu),
        job.linears().on(gpu.flatMap(card -> card.generation().capability())),
        DeviceMemory.allocator(job, gpu),
        WarmUp.of(architecture, job, () -> DeviceMemory.outside(job, gpu).leftBytes()),
        asksForRoom(job) ? room(job, gpu) : OptionalLong.empty(),
        engine(architecture, job, gpu));
  }

  private static SdpaCard sdpa(ResolvedJob job, Optional<Gpu> gpu) {
    boolean prefersCudnn = gpu.filter(card -> card.abilities().prefersCudnn()).isPresent();
    return gpu.flatMap(card -> card.generation().capability())
        .filter(capability -> SdpaCard.decides(job))
        .map(capability -> SdpaCard.of(prefersCudnn, capability, job.framework().torch()))
        .orElseGet(() -> SdpaCard.unknown(prefersCudnn));
  }

  private static OptionalLong engine(
      Architecture architecture, ResolvedJob job, Optional<Gpu> gpu) {
    return GenerationEngine.sharesCards(job.objective()) && gpu.isPresent()
        ? OptionalLong.of(Engine.requested(architecture, job, gpu.get()))
        : OptionalLong.empty();
  }

  private static boolean asksForRoom(ResolvedJob job) {
    Stage stage = job.objective().stage();
    if (!stage.isSupervised()) {
      StageCode code = job.frameworkCode().stages();
      boolean scores = stage.generates() && code.does(StageHabit.SCORES_BATCH);
      return scores || code.head(stage).equals(Optional.of(StageHead.GRADIENT_BESIDE));
    }
    return job.loss() == LossKernel.CHUNKED
        && job.frameworkCode().get(LossCode.CHUNKS) instanceof LossChunks.FusedInFree;
  }

  private static OptionalLong room(ResolvedJob job, Optional<Gpu> gpu) {
    return gpu.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(DeviceMemory.outside(job, gpu).leftBytes());
  }
}
