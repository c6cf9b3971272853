package dev.vramcast.core.architecture.vision;

import dev.vramcast.core.architecture.tensor.Linear;
import java.util.List;
import java.util.Optional;

/**
 * Frames of sound that are cut into chunks, each of which runs through convolutions with a GELU
 * behind it, before states of what there is are taken out of all (transformers
 * Qwen2_5OmniAudioEncoder, Qwen3OmniMoeAudioEncoder).
 *
 * @param convolutions as products of what each reads; the first is the tower's input embedding
 * @param out a linear over what the last gives of a frame in all bands; empty where convolutions
 *     run over time alone
 * @param frames of a chunk
 * @param bands numbers of a frame
 * @param filled frames that a processor fills a recording up to; 0 where it does not
 */
public record SoundChunks(
    List<Linear> convolutions, Optional<Linear> out, int frames, int bands, int filled) {

  public SoundChunks {
    convolutions = List.copyOf(convolutions);
  }

  /** Chunks of a recording. */
  public long chunks(long recorded) {
    return (recorded + frames - 1) / frames;
  }

  /** Frames of the longest chunk of a recording. */
  public long longest(long recorded) {
    return Math.min(frames, recorded);
  }

  /** Features of a state. */
  public long features() {
    return out.orElseGet(() -> convolutions.get(convolutions.size() - 1)).out();
  }

  /** Weights that run for a state, each as often as it does. */
  public double weights() {
    double all = out.map(Linear::weightCount).orElse(0L);
    long over = out.isPresent() ? 1L << convolutions.size() : 2;
    long height = bands;
    for (int i = 0; i < convolutions.size(); i++) {
      boolean halves = out.isPresent() || i > 0;
      over = halves ? over / 2 : over;
      height = out.isPresent() ? (height + 1) / 2 : 1;
      all += (double) over * height * convolutions.get(i).weightCount();
    }
    return all;
  }
}
