package dev.vramcast.answers.estimate;

import dev.vramcast.answers.memory.DataLengths;
import dev.vramcast.answers.memory.DataReport;
import dev.vramcast.core.data.LengthDistribution;
import dev.vramcast.core.data.WorstBatch;
import dev.vramcast.core.data.WorstBatch.Survival;
import dev.vramcast.core.input.Shown;
import dev.vramcast.formats.dataset.DatasetLengths;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** For programs: how long batches get, and how long a card survives; lengths in tokens. */
final class WorstBatchJson {

  private WorstBatchJson() {}

  static Map<String, Object> of(DataReport report) {
    WorstBatch batch = report.batch();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("padding", Shown.value(report.padding()));
    json.put("source", report.data().source());
    json.put("file", report.data() instanceof DataLengths.Measured file ? file(file) : null);
    json.put("examples", lengths(batch.lengths()));
    json.put("cut_off", batch.cutOff());
    json.put("cut_share", batch.shareCut());
    json.put("longest_batch", report.varies() ? batch.longest() : batch.cutOff());
    json.put("batches", report.varies() ? batches(batch) : null);
    json.put("survives", batch.survival().map(survival -> survival(batch, survival)).orElse(null));
    return json;
  }

  private static Map<String, Object> file(DataLengths.Measured measured) {
    DatasetLengths data = measured.data();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("path", data.source());
    json.put("fields", data.shapes());
    json.put("examples", data.lengths().examples());
    json.put("complete", data.complete());
    json.put("characters_per_token", orNull(data.charactersPerToken()));
    return json;
  }

  private static Map<String, Object> lengths(LengthDistribution lengths) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("mean", Math.rint(10 * lengths.mean()) / 10);
    json.put("p50", lengths.quantile(0.5));
    json.put("p95", lengths.quantile(0.95));
    json.put("p99", lengths.quantile(0.99));
    json.put("max", lengths.max());
    return json;
  }

  private static Map<String, Object> batches(WorstBatch batch) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("micro_batch", batch.microBatch());
    json.put("data_parallel", batch.dataParallel());
    json.put("p50", batch.batches().quantile(0.5));
    json.put("p95", batch.batches().quantile(0.95));
    json.put("p99", batch.batches().quantile(0.99));
    json.put("max", batch.longest());
    return json;
  }

  private static Map<String, Object> survival(WorstBatch batch, Survival survival) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("high_end_of_range", reach(batch, survival.surely()));
    json.put("estimate", reach(batch, survival.expected()));
    json.put("low_end_of_range", reach(batch, survival.perhaps()));
    return json;
  }

  private static Map<String, Object> reach(WorstBatch batch, int tokens) {
    double steps = batch.rounds().batchesToLonger(tokens);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("tokens", tokens);
    json.put("example_share", batch.cut().shareUpTo(tokens));
    json.put("batch_share", batch.batches().shareUpTo(tokens));
    json.put("steps_to_a_longer_batch", Double.isInfinite(steps) ? null : steps);
    json.put("run_chance", orNull(batch.chanceWithin(tokens)));
    return json;
  }

  private static @Nullable Double orNull(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }
}
