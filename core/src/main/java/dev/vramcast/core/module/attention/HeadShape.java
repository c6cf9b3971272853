package dev.vramcast.core.module.attention;

import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.CrossAttention;
import dev.vramcast.core.architecture.mixer.LatentAttention;
import dev.vramcast.core.autograd.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel of an attention module has to know.
 *
 * @param headSize features of a query or key head
 * @param valueSize features of a value head
 * @param slidingWindow 0 for none
 * @param sinks one learned score a head; null for none
 */
record HeadShape(
    int heads,
    int kvHeads,
    int headSize,
    int valueSize,
    int slidingWindow,
    double logitSoftcap,
    double dropout,
    @Nullable Parameter sinks) {

  static HeadShape of(Attention attention, @Nullable Parameter sinks) {
    return new HeadShape(
        attention.heads(),
        attention.kvHeads(),
        attention.headSize(),
        attention.valueSize(),
        attention.slidingWindow(),
        attention.logitSoftcap(),
        attention.dropout(),
        sinks);
  }

  static HeadShape of(CrossAttention cross) {
    int size = cross.headSize();
    return new HeadShape(cross.heads(), cross.kvHeads(), size, size, 0, 0, cross.dropout(), null);
  }

  static HeadShape of(LatentAttention latent) {
    int size = latent.nopeSize() + latent.ropeSize();
    return new HeadShape(latent.heads(), latent.heads(), size, latent.valueSize(), 0, 0, 0, null);
  }

  /** The same where keys and values come repeated for all query heads. */
  HeadShape repeated() {
    return new HeadShape(
        heads, heads, headSize, valueSize, slidingWindow, logitSoftcap, dropout, sinks);
  }

  /** FlashAttention takes heads of equal sizes up to 256 (pytorch sdp_utils.cpp). */
  boolean fitsFlash() {
    return headSize == valueSize && headSize <= 256;
  }

  /** The same with values as wide as keys. */
  HeadShape padded() {
    return new HeadShape(
        heads, kvHeads, headSize, headSize, slidingWindow, logitSoftcap, dropout, sinks);
  }
}
