package dev.vramcast.core.code;

import dev.vramcast.core.autograd.op.EfficientKernel;
import dev.vramcast.core.hardware.Capability;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.AttentionCode;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.units.DataType;
import dev.vramcast.core.units.Version;
import java.util.Optional;

/**
 * What of a card decides which kernel PyTorch's SDPA takes and what that allocates
 * (aten/src/ATen/native/transformers/cuda/sdp_utils.cpp).
 *
 * @param prefersCudnn cuDNN's attention is the fastest on it
 * @param flashHeads features of the widest heads that FlashAttention trains
 * @param efficient the memory-efficient kernel; empty where what it takes is not known
 */
public record SdpaCard(boolean prefersCudnn, int flashHeads, Optional<EfficientKernel> efficient) {

  /** As on a card of which nothing is known: the kernels of data centres, without scratch. */
  public static final SdpaCard UNKNOWN = unknown(false);

  private static final int WIDEST = 256;

  /** The same, where cuDNN's attention may be the fastest. */
  public static SdpaCard unknown(boolean prefersCudnn) {
    return new SdpaCard(prefersCudnn, WIDEST, Optional.empty());
  }

  /** That of NVIDIA's cards with a release of PyTorch. */
  public static SdpaCard of(boolean prefersCudnn, Capability card, Version torch) {
    return new SdpaCard(prefersCudnn, flashHeads(card, torch), EfficientKernel.of(card, torch));
  }

  /** Whether PyTorch chooses among kernels, and not the job or a package that it asks first. */
  public static boolean decides(ResolvedJob job) {
    return job.attention() == AttentionKernel.SDPA
        && !job.frameworkCode().is(AttentionCode.XFORMERS);
  }

  /** Flash kernels take no fp32, and not all heads on all cards. */
  public boolean takesFlash(DataType dtype, long headSize) {
    return dtype != DataType.FP32 && headSize <= flashHeads;
  }

  /**
   * FlashAttention 2, in PyTorch since 2.2, runs from 8.0 on ({@code
   * check_flash_attention_hardware_support}). The first trained heads of more than 64 features on
   * 8.0 and 9.0 alone (2.1: {@code check_requires_grad_and_head_dim_gt64_and_sm_ge86_lt90}).
   */
  private static int flashHeads(Capability card, Version torch) {
    if (!torch.atLeast(2, 1)) {
      return WIDEST;
    }
    boolean runs = card.isAtLeast(8, 0);
    if (torch.atLeast(2, 2)) {
      return runs ? WIDEST : 0;
    }
    boolean wide = runs && (card.minor() == 0 || card.major() != 8);
    return wide ? 128 : card.isAtLeast(7, 5) ? 64 : 0;
  }
}
