package dev.vramcast.core.trace.replay;

import java.util.Optional;

/**
 * What the caching allocator holds beside what two equal steps hand out.
 *
 * @param lengths where micro-batches differ in length
 * @param waiting bytes that are freed, but were recorded on a stream for which the process does not
 *     wait ({@code record_stream}), so that they cannot be handed out again
 * @param loading how weights came
 */
public record HeldBeside(Optional<VaryingLengths> lengths, long waiting, Loading loading) {

  public static final HeldBeside NOTHING = new HeldBeside(Optional.empty(), 0, Loading.PLAIN);
}
