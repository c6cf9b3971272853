package dev.vramcast.core.shard;

import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How gradients are put into buckets: in the order in which they come, the last module's first, and
 * whole, so that the one which fills a bucket makes it larger than that
 * (torch/csrc/distributed/c10d/reducer.cpp compute_bucket_assignment_by_size).
 */
final class GradientBuckets {

  /** {@code dist._DEFAULT_FIRST_BUCKET_BYTES}: the first of a dtype is closed so early. */
  private static final long FIRST_BYTES = 1L << 20;

  /** {@code bucket_cap_mb}: others are closed when they hold as much. */
  private static final long BUCKET_BYTES = 25L << 20;

  private final List<Run> runs = new ArrayList<>();

  /** Equal layers, one behind the other, with the gradients of each in the order of its modules. */
  private record Run(int layers, List<Gradient> gradients) {}

  private record Gradient(DataType dtype, long elements) {}

  /** A bucket that is being filled. */
  private static final class Open {

    private long elements;
    private long limit = FIRST_BYTES;
  }

  /**
   * So many buckets behind each other.
   *
   * @param elements of each
   */
  record Bucket(DataType dtype, long elements, int times) {}

  /** The next parameter of the model, of so many equal layers. */
  void add(DataType dtype, long elements, int layers) {
    if (runs.isEmpty() || runs.get(runs.size() - 1).layers() != layers) {
      runs.add(new Run(layers, new ArrayList<>()));
    }
    runs.get(runs.size() - 1).gradients().add(new Gradient(dtype, elements));
  }

  /** Elements of all gradients of a dtype. */
  Map<DataType, Long> whole() {
    Map<DataType, Long> whole = new EnumMap<>(DataType.class);
    for (Run run : runs) {
      for (Gradient each : run.gradients()) {
        whole.merge(each.dtype(), each.elements() * run.layers(), Long::sum);
      }
    }
    return whole;
  }

  /** Divides them into buckets, the first that is full first. */
  List<Bucket> divide() {
    Division division = new Division();
    for (int i = runs.size() - 1; i >= 0; i--) {
      Run run = runs.get(i);
      for (int layer = 0; layer < run.layers(); layer++) {
        for (int k = run.gradients().size() - 1; k >= 0; k--) {
          division.put(run.gradients().get(k));
        }
      }
    }
    return division.close();
  }

  /** Buckets that are being filled, and those that are full. */
  private static final class Division {

    private final Map<DataType, Open> open = new EnumMap<>(DataType.class);
    private final List<Bucket> full = new ArrayList<>();

    void put(Gradient gradient) {
      DataType dtype = gradient.dtype();
      Open bucket = open.computeIfAbsent(dtype, each -> new Open());
      bucket.elements += gradient.elements();
      if (bucket.elements * dtype.bytes() >= bucket.limit) {
        close(dtype, bucket);
        bucket.limit = BUCKET_BYTES;
      }
    }

    List<Bucket> close() {
      open.forEach(this::close);
      return List.copyOf(full);
    }

    private void close(DataType dtype, Open bucket) {
      if (bucket.elements == 0) {
        return;
      }
      int last = full.size() - 1;
      Bucket before = last < 0 ? null : full.get(last);
      if (before != null && before.dtype() == dtype && before.elements() == bucket.elements) {
        full.set(last, new Bucket(dtype, bucket.elements, before.times() + 1));
      } else {
        full.add(new Bucket(dtype, bucket.elements, 1));
      }
      bucket.elements = 0;
    }
  }
}
