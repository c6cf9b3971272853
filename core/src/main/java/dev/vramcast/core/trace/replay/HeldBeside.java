package dev.vramcast.core.trace.replay;

import dev.vramcast.core.trace.replay.program.Loading;
import java.util.Optional;

/**
 * What the caching allocator holds beside what two equal steps hand out.
 *
 * @param lengths where micro-batches differ in length
 * @param waiting bytes that are freed, but were recorded on a stream for which the process does not
 *     wait ({@code record_stream}), so that they cannot be handed out again
 * @param loading how weights came
 * @param ahead the same run on a rank whose cache keeps more of loading
 */
public record HeldBeside(
    Optional<VaryingLengths> lengths, long waiting, Loading loading, Optional<LoadedAhead> ahead) {

  public static final HeldBeside NOTHING = new HeldBeside(Optional.empty(), 0, Loading.PLAIN);

  /** Where all ranks load alike. */
  public HeldBeside(Optional<VaryingLengths> lengths, long waiting, Loading loading) {
    this(lengths, waiting, loading, Optional.empty());
  }
}
