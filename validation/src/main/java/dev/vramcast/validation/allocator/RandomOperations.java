package dev.vramcast.validation.allocator;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.trace.replay.AllocatorOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Lists of allocations and frees drawn from a seed, which for ever gives the same list. Half of
 * them have sizes of any kind, some again and again; the others look like training: weights that
 * stay, then steps of layers whose results are freed backwards.
 */
public final class RandomOperations {

  /** Streams on which nothing waits. */
  private static final List<Stream> STREAMS =
      List.of(Stream.COMPUTE, Stream.PRE_UNSHARD, Stream.POST_BACKWARD, Stream.ALL_GATHER_COPY_IN);

  private static final long[] LARGEST = {1L << 21, 1L << 24, 1L << 27, 1L << 30, 1L << 32};
  private static final long[] MOST_HELD = {1L << 30, 1L << 33, 60L << 30};
  private static final int[] LENGTHS = {200, 1000, 3000};

  private final SplittableRandom random;
  private final long largest;
  private final long mostHeld;
  private final int streams;
  private final List<AllocatorOperation> written = new ArrayList<>();
  private int allocations;

  private RandomOperations(long seed) {
    random = new SplittableRandom(seed);
    largest = LARGEST[random.nextInt(LARGEST.length)];
    mostHeld = MOST_HELD[random.nextInt(MOST_HELD.length)];
    streams = random.nextInt(5) < 3 ? 1 : 2 + random.nextInt(STREAMS.size() - 1);
  }

  /** The list of a seed. */
  public static List<AllocatorOperation> of(long seed) {
    RandomOperations operations = new RandomOperations(seed);
    if (operations.random.nextBoolean()) {
      operations.mixed(LENGTHS[operations.random.nextInt(LENGTHS.length)]);
    } else {
      operations.training();
    }
    return operations.written;
  }

  private void mixed(int length) {
    long[] favourites = sizes(3 + random.nextInt(28), largest);
    double again = new double[] {0, 0.3, 0.7, 0.95}[random.nextInt(4)];
    double young = new double[] {0, 0.5, 0.9, 0.99}[random.nextInt(4)];
    List<AllocatorOperation.Allocate> living = new ArrayList<>();
    long held = 0;
    for (int i = 0; i < length; i++) {
      boolean grows =
          living.isEmpty() || random.nextDouble() < 0.5 + 0.2 * Math.sin(20.0 * i / length);
      if (held < mostHeld && grows) {
        long size =
            random.nextDouble() < again
                ? favourites[random.nextInt(favourites.length)]
                : size(1, largest);
        living.add(allocate(size));
        held += size;
      } else if (!living.isEmpty()) {
        int back = random.nextDouble() < young ? random.nextInt(Math.min(4, living.size())) : -1;
        int index = back < 0 ? random.nextInt(living.size()) : living.size() - 1 - back;
        AllocatorOperation.Allocate freed = living.remove(index);
        held -= freed.bytes();
        free(freed);
      }
    }
  }

  private void training() {
    int weights = 5 + random.nextInt(150);
    for (int i = 0; i < weights; i++) {
      allocate(size(512, Math.min(largest, 1L << 28)));
    }
    long[] layer = sizes(1 + random.nextInt(12), Math.min(largest, 1L << 29));
    int layers = 1 + random.nextInt(40);
    int steps = 1 + random.nextInt(4);
    for (int step = 0; step < steps; step++) {
      step(layer, layers);
      if (step == 0) {
        weights = random.nextInt(60);
        for (int i = 0; i < weights; i++) {
          allocate(size(512, Math.min(largest, 1L << 27)));
        }
      }
    }
  }

  private void step(long[] layer, int layers) {
    List<AllocatorOperation.Allocate> kept = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      forward(layer, kept);
    }
    List<AllocatorOperation.Allocate> gradients = new ArrayList<>();
    for (int i = kept.size() - 1; i >= 0; i--) {
      AllocatorOperation.Allocate gradient = allocate(layer[random.nextInt(layer.length)]);
      if (random.nextInt(10) < 3) {
        gradients.add(gradient);
      } else {
        free(gradient);
      }
      free(kept.get(i));
    }
    gradients.forEach(this::free);
  }

  private void forward(long[] layer, List<AllocatorOperation.Allocate> kept) {
    List<AllocatorOperation.Allocate> dropped = new ArrayList<>();
    for (long size : layer) {
      boolean same = random.nextInt(50) > 0;
      AllocatorOperation.Allocate made =
          allocate(same ? size : Math.max(1, size + random.nextInt(1200) - 600));
      if (random.nextInt(10) < 6) {
        kept.add(made);
      } else {
        dropped.add(made);
      }
      if (random.nextInt(10) < 3) {
        free(allocate(size(512, 1L << 27)));
      }
    }
    dropped.forEach(this::free);
  }

  private long[] sizes(int count, long most) {
    return random.ints(count).mapToLong(each -> size(512, most)).toArray();
  }

  /** As many sizes between 1 and 2 MiB as between 1 and 2 GiB. */
  private long size(long least, long most) {
    return (long) Math.exp(random.nextDouble(Math.log(least), Math.log(most)));
  }

  private AllocatorOperation.Allocate allocate(long bytes) {
    Stream stream = STREAMS.get(random.nextInt(streams));
    AllocatorOperation.Allocate made =
        new AllocatorOperation.Allocate(allocations, Math.max(1, bytes), stream);
    allocations++;
    written.add(made);
    return made;
  }

  private void free(AllocatorOperation.Allocate allocated) {
    written.add(new AllocatorOperation.Free(allocated.number()));
  }
}
