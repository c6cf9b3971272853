package dev.vramcast.validation.allocator;

import dev.vramcast.core.allocator.CachingAllocator;
import dev.vramcast.core.allocator.Chunk;
import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.job.AllocatorSettings;
import dev.vramcast.core.trace.replay.AllocatorOperation;
import dev.vramcast.core.trace.replay.AllocatorOperation.Allocate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How a list of operations went through the model of the allocator.
 *
 * @param runs whether there was memory for all of it
 * @param at index of the operation that failed, or how many there are
 * @param reserved the most bytes that were taken from the driver at a time
 */
public record ModelRun(boolean runs, int at, long reserved) {

  private record Held(Chunk chunk, Stream stream) {}

  /**
   * Plays a list.
   *
   * @param limit bytes that the driver has to give
   */
  public static ModelRun of(
      List<AllocatorOperation> operations, AllocatorSettings settings, long limit) {
    CachingAllocator allocator = new CachingAllocator(settings, limit);
    Map<Integer, Held> held = new HashMap<>();
    for (int i = 0; i < operations.size(); i++) {
      AllocatorOperation operation = operations.get(i);
      if (operation instanceof Allocate asked) {
        Stream stream = withoutWaiting(asked.stream());
        Chunk chunk = allocator.allocate(asked.bytes(), stream);
        if (chunk == null) {
          return new ModelRun(false, i, allocator.mostReserved());
        }
        held.put(operation.number(), new Held(chunk, stream));
      } else {
        Held freed = Objects.requireNonNull(held.remove(operation.number()));
        allocator.free(freed.chunk(), freed.stream());
      }
    }
    return new ModelRun(true, operations.size(), allocator.mostReserved());
  }

  /** In a list a block is freed when nothing waits for it any more. */
  private static Stream withoutWaiting(Stream stream) {
    return switch (stream) {
      case COMPUTE_READ_ASIDE, PRE_UNSHARD_READ_ASIDE -> stream.memory();
      case UNSHARD -> Stream.REDUCE_SCATTER;
      default -> stream;
    };
  }
}
