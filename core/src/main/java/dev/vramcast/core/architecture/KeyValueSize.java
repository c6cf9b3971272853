package dev.vramcast.core.architecture;

import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.CompressedAttention;
import dev.vramcast.core.architecture.mixer.Compressor;
import dev.vramcast.core.architecture.mixer.CrossBlock;
import dev.vramcast.core.architecture.mixer.LatentAttention;
import dev.vramcast.core.architecture.mixer.ParallelMixers;
import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.architecture.mixer.TokenMixer;
import dev.vramcast.core.units.Rounding;

/** Elements of the keys and values that a model keeps of a sequence while it generates. */
public final class KeyValueSize {

  private KeyValueSize() {}

  /**
   * Those of all layers, {@code 2 x kv heads x head size} a token; of a sliding window only its
   * tokens. Latent attention keeps its compressed vector and the rotary part, once for all heads.
   * Recurrent layers keep a state that does not grow, which is left out.
   *
   * @param tokens of the sequence
   */
  public static long elements(Architecture architecture, long tokens) {
    return onRank(architecture, tokens, 1);
  }

  /**
   * As {@link #elements}, those that one of the GPUs of a tensor-parallel engine keeps: its part of
   * the heads, and what all heads share whole.
   */
  public static long onRank(Architecture architecture, long tokens, int ranks) {
    return Tensors.inLayers(architecture, layer -> of(layer.mixer(), tokens, ranks));
  }

  /**
   * Of so many heads of keys and values those of one rank: where ranks are more, several have the
   * same one ({@code get_num_kv_heads} of vllm/config/model.py).
   */
  public static long heads(int all, int ranks) {
    return Math.max(1, Rounding.ceilDivide(all, ranks));
  }

  /** As {@link #expanded}, those of the layer that keeps most. */
  public static long largest(Architecture architecture, long tokens) {
    return architecture
        .distinctLayers()
        .mapToLong(layer -> expanded(layer.mixer(), tokens))
        .max()
        .orElse(0);
  }

  /**
   * As {@link #elements}, where latent attention keeps what it has made of its vector for every
   * head (transformers/models/deepseek_v3/modeling_deepseek_v3.py).
   */
  public static long expanded(Architecture architecture, long tokens) {
    return Tensors.inLayers(architecture, layer -> expanded(layer.mixer(), tokens));
  }

  /** Those that all layers of a decoder keep of what its encoder has read. */
  public static long read(Architecture architecture, long tokens) {
    return Tensors.inLayers(architecture, layer -> read(layer, tokens));
  }

  /** As {@link #read}, those of the layer that keeps most. */
  public static long largestRead(Architecture architecture, long tokens) {
    return architecture.distinctLayers().mapToLong(layer -> read(layer, tokens)).max().orElse(0);
  }

  /** Whether layers keep a state that does not grow, which is left out. */
  public static boolean leavesOut(Architecture architecture) {
    return architecture.distinctLayers().anyMatch(layer -> isRecurrent(layer.mixer()));
  }

  private static boolean isRecurrent(TokenMixer mixer) {
    return mixer instanceof RecurrentMixer
        || mixer instanceof ParallelMixers parallel
            && parallel.mixers().stream().anyMatch(KeyValueSize::isRecurrent);
  }

  private static long read(DecoderLayer layer, long tokens) {
    return layer
        .extras()
        .cross()
        .map(CrossBlock::attention)
        .map(each -> 2L * each.kvHeads() * each.headSize() * tokens)
        .orElse(0L);
  }

  private static long expanded(TokenMixer mixer, long tokens) {
    return mixer instanceof LatentAttention latent
        ? (long) latent.heads()
            * (latent.nopeSize() + latent.ropeSize() + latent.valueSize())
            * tokens
        : of(mixer, tokens, 1);
  }

  private static long of(TokenMixer mixer, long tokens, int ranks) {
    if (mixer instanceof Attention each) {
      long kept = each.slidingWindow() > 0 ? Math.min(tokens, each.slidingWindow()) : tokens;
      long index = each.blocks().map(choice -> choice.headSize() * tokens).orElse(0L);
      long size = (long) each.headSize() + each.valueSize();
      return heads(each.kvHeads(), ranks) * size * kept + index;
    } else if (mixer instanceof LatentAttention latent) {
      return ((long) latent.keyValueRank() + latent.ropeSize()) * tokens;
    } else if (mixer instanceof CompressedAttention compressed) {
      long window = Math.min(tokens, compressed.slidingWindow()) * compressed.heads().size();
      return window + compressed.compressor().map(each -> made(each, tokens)).orElse(0L);
    } else if (mixer instanceof ParallelMixers parallel) {
      return parallel.mixers().stream().mapToLong(each -> of(each, tokens, ranks)).sum();
    }
    return 0;
  }

  private static long made(Compressor compressor, long tokens) {
    long own = compressor.windows(tokens) * compressor.headSize();
    return own + compressor.choice().map(each -> made(each.compressor(), tokens)).orElse(0L);
  }
}
