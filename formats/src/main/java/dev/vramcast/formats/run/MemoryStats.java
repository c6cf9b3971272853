package dev.vramcast.formats.run;

import dev.vramcast.core.calibration.Run;
import dev.vramcast.core.calibration.RunFacts;
import dev.vramcast.core.calibration.RunFigure;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * {@code torch.cuda.memory_stats()} as JSON, flat ({@code allocated_bytes.all.peak}) or nested as
 * of {@code memory_stats_as_nested_dict()}.
 */
final class MemoryStats {

  private MemoryStats() {}

  static Run read(Map<String, Object> stats, String source) {
    RunBuilder run = new RunBuilder(source);
    figure(run, RunFigure.ALLOCATED, "allocated_bytes", stats);
    figure(run, RunFigure.RESERVED, "reserved_bytes", stats);
    Object retries = stats.get("num_alloc_retries");
    if (retries instanceof Long count && count > 0) {
      run.facts(
          RunFacts.ofCard(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.of(count)));
    }
    return run.build();
  }

  private static void figure(
      RunBuilder run, RunFigure figure, String name, Map<String, Object> stats) {
    String key = name + ".all.peak";
    Object value = stats.containsKey(key) ? stats.get(key) : nested(stats, name);
    if (value == null) {
      throw run.about(key).and(" is missing, so the figures are cut off").refusal();
    }
    run.highest(figure, Amount.bytes(String.valueOf(value), 1, run.about(key), run.source()));
  }

  private static @Nullable Object nested(Map<String, Object> stats, String name) {
    return stats.get(name) instanceof Map<?, ?> pools && pools.get("all") instanceof Map<?, ?> all
        ? all.get("peak")
        : null;
  }
}
