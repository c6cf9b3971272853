package dev.vramcast.core.trace;

import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Equal tensors that are alive at a time.
 *
 * @param site where they are allocated
 * @param shape rows and features, or elements where the last dimension is not known
 * @param count how many there are; less than none where more were freed under this description than
 *     allocated under it
 */
public record LiveTensor(
    Site site,
    List<Long> shape,
    DataType dtype,
    String name,
    Category category,
    long count,
    long bytes) {

  /**
   * Where tensors are allocated.
   *
   * @param module path of the module that makes them
   * @param operation that allocates them
   * @param code file and function that allocates them
   */
  public record Site(String module, String operation, String code) {

    private static Site of(Block block) {
      String source = block.operation().source();
      return new Site(
          block.module().path(),
          block.operation().name(),
          source.isEmpty() ? block.module().code() : source);
    }
  }

  private static final Comparator<LiveTensor> LARGEST_FIRST =
      Comparator.comparingLong(LiveTensor::bytes)
          .reversed()
          .thenComparing(tensor -> tensor.site().module())
          .thenComparing(tensor -> tensor.site().operation())
          .thenComparing(LiveTensor::name)
          .thenComparing(tensor -> tensor.shape().toString());

  /** What is alive at the highest running sum of a trace, largest first. */
  public static List<LiveTensor> atPeak(AllocationTrace trace) {
    return alive(PeakScan.of(trace, null));
  }

  /** What is alive at the highest running sum of a phase, largest first. */
  public static List<LiveTensor> atPeakOf(AllocationTrace trace, Phase phase) {
    return alive(PeakScan.of(trace, phase));
  }

  private static List<LiveTensor> alive(PeakScan scan) {
    Map<LiveTensor, Long> counts = new LinkedHashMap<>();
    scan.forEachAlive((block, count) -> counts.merge(one(block), count, Long::sum));
    List<LiveTensor> alive = new ArrayList<>();
    counts.forEach(
        (tensor, count) -> {
          if (count != 0 && tensor.bytes() != 0) {
            alive.add(tensor.times(count));
          }
        });
    alive.sort(LARGEST_FIRST);
    return alive;
  }

  private static LiveTensor one(Block block) {
    return new LiveTensor(
        Site.of(block),
        block.shape(),
        block.dtype(),
        block.name(),
        block.category(),
        1,
        block.bytes());
  }

  private LiveTensor times(long copies) {
    return new LiveTensor(site, shape, dtype, name, category, copies, copies * bytes);
  }
}
