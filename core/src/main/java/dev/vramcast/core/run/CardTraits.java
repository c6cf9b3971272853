package dev.vramcast.core.run;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.job.AllocatorSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.megatron.Workspaces;
import java.util.Optional;

/**
 * All of a card that decides what a step allocates on it. Cards that have these in common run the
 * same step; what they differ in is outside PyTorch's allocator: {@link RankEstimate.Outside}.
 *
 * @param workspaces which PyTorch takes from its own allocator
 * @param prefersCudnn frameworks ask for cuDNN's attention
 * @param allocator the settings as they take effect
 */
public record CardTraits(Workspaces workspaces, boolean prefersCudnn, AllocatorSettings allocator) {

  /** Those of a card for a job; of none where no card is named. */
  public static CardTraits of(ResolvedJob job, Optional<Gpu> gpu) {
    return new CardTraits(
        Workspaces.of(gpu, DeviceMemory.workspaceBytes(gpu, job.framework().torch())),
        gpu.filter(card -> card.abilities().prefersCudnn()).isPresent(),
        DeviceMemory.allocator(job, gpu));
  }
}
