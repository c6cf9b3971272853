package dev.vramcast.answers.estimate;

import dev.vramcast.answers.memory.EstimateReport;
import dev.vramcast.answers.memory.Expectation;
import dev.vramcast.answers.memory.ExpectedMemory;
import dev.vramcast.answers.memory.TimeJson;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.job.rule.ResolvedValue;
import dev.vramcast.core.range.ByteRange;
import dev.vramcast.core.range.ErrorRange;
import dev.vramcast.core.range.RangeRow;
import dev.vramcast.core.run.MemoryEstimate;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.EpisodePeak;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.TraceReading.Alive;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An estimate for programs: snake_case keys, bytes as whole numbers. */
public final class EstimateJson {

  private EstimateJson() {}

  /** The report as nested maps and lists. */
  public static Map<String, Object> of(EstimateReport report, String version) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("vramcast_version", version);
    json.put("kind", "estimate");
    json.put("model", model(report));
    ExpectedMemory expected = report.expected();
    json.put("gpu", report.gpu().map(gpu -> gpu(gpu, expected)).orElse(null));
    json.put("memory", memory(report, expected));
    json.put("ranks", ranks(report.memory(), expected));
    report.data().ifPresent(data -> json.put("worst_batch", WorstBatchJson.of(data)));
    json.put("time", report.time().map(time -> TimeJson.of(time, report.run())).orElse(null));
    json.put("job", report.resolution().document().toMap());
    json.put("settings", report.resolution().values().stream().map(EstimateJson::value).toList());
    json.put("assumptions", report.assumptions());
    json.put("warnings", report.warnings());
    return json;
  }

  private static Map<String, Object> model(EstimateReport report) {
    Architecture architecture = report.model().architecture();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", report.model().id());
    json.put("origin", report.model().origin());
    json.put("model_type", architecture.modelType());
    json.put("parameters", Tensors.count(architecture));
    json.put("active_parameters", Tensors.activeCount(architecture));
    json.put("layers", architecture.layerCount());
    json.put("hidden_size", architecture.hiddenSize());
    json.put("vocabulary_size", architecture.vocabularySize());
    json.put("max_positions", architecture.maxPositions());
    return json;
  }

  private static Map<String, Object> gpu(Gpu gpu, ExpectedMemory expected) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", gpu.name());
    json.put("memory_bytes", gpu.allocatableBytes());
    json.put("headroom_bytes", expected.headroomBytes(gpu));
    json.put("verdict", expected.verdict(gpu).map(EstimateJson::name).orElse(null));
    return json;
  }

  private static Map<String, Object> memory(EstimateReport report, ExpectedMemory expected) {
    RankEstimate memory = report.memory().worst();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("allocated_bytes", memory.allocatedBytes());
    json.put("reserved_bytes", expected.reserved().bytes());
    json.put("device_bytes", expected.device().bytes());
    json.put("needed_bytes", expected.needed().bytes());
    json.put("context_bytes", memory.outside().contextBytes());
    json.put("communicator_bytes", memory.outside().communicatorBytes());
    json.put("host_bytes", report.memory().hostBytes());
    json.put("ranges", ranges(expected));
    json.put("peak_episode", memory.peakEpisode().label());
    json.put("peak_phase", name(memory.peakPhase()));
    json.put("episodes", memory.episodes().stream().map(EstimateJson::episode).toList());
    Map<String, Object> phases = new LinkedHashMap<>();
    for (Phase phase : Phase.values()) {
      if (memory.phasePeaks().containsKey(phase)) {
        phases.put(name(phase), memory.phasePeaks().get(phase));
      }
    }
    json.put("phase_peak_bytes", phases);
    json.put("breakdown_bytes", parts(memory));
    json.put("alive", alive(report.alive()));
    return json;
  }

  private static List<Map<String, Object>> ranks(MemoryEstimate memory, ExpectedMemory expected) {
    return memory.ranks().stream().map(rank -> rank(rank, expected.reservedBytes(rank))).toList();
  }

  private static Map<String, Object> rank(RankEstimate rank, long reserved) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", rank.name());
    json.put("gpus", rank.count());
    json.put("allocated_bytes", rank.allocatedBytes());
    json.put("reserved_bytes", reserved);
    json.put("device_bytes", reserved + rank.outside().bytes());
    json.put("needed_bytes", rank.neededBytes(reserved) + rank.outside().bytes());
    json.put("host_bytes", rank.hostBytes());
    json.put("peak_episode", rank.peakEpisode().label());
    json.put("peak_phase", name(rank.peakPhase()));
    json.put("breakdown_bytes", parts(rank));
    return json;
  }

  private static Map<String, Object> episode(EpisodePeak peak) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("episode", peak.episode().label());
    json.put("allocated_bytes", peak.bytes());
    json.put("peak_phase", name(peak.phase()));
    return json;
  }

  private static Map<String, Object> parts(RankEstimate rank) {
    Map<String, Object> parts = new LinkedHashMap<>();
    for (Category category : Category.values()) {
      parts.put(name(category), rank.breakdown().getOrDefault(category, 0L));
    }
    return parts;
  }

  private static Map<String, Object> ranges(ExpectedMemory expected) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("share", ErrorRange.SHARE);
    json.put("allocated", range(expected.allocated()));
    json.put("reserved", range(expected.reserved()));
    json.put("device", range(expected.device()));
    json.put("needed", range(expected.needed()));
    return json;
  }

  /** Null when there is no range for such a job. */
  private static @Nullable Map<String, Object> range(Expectation expectation) {
    if (expectation.row().isEmpty()) {
      return null;
    }
    RangeRow row = expectation.row().get();
    ByteRange bytes = row.range().about(expectation.bytes());
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("low_bytes", bytes.lowBytes());
    json.put("high_bytes", bytes.highBytes());
    json.put("kind", row.key().words());
    json.put("runs", row.runs());
    json.put("sources", row.sources());
    return json;
  }

  private static List<Object> alive(List<Alive> alive) {
    List<Object> list = new ArrayList<>();
    for (Alive tensor : alive) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("name", tensor.name());
      json.put("category", name(tensor.category()));
      json.put("count", tensor.count());
      json.put("bytes", tensor.bytes());
      list.add(json);
    }
    return list;
  }

  private static Map<String, Object> value(ResolvedValue value) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("key", value.key().path());
    json.put("value", plain(value));
    json.put("provenance", value.provenance().label().replace(' ', '_'));
    json.put("note", value.note());
    return json;
  }

  private static @Nullable Object plain(ResolvedValue value) {
    if (value.isLeftOpen()) {
      return null;
    }
    // A key may carry a number that has no key of its own, such as GaLore's rank.
    return value.value() instanceof Number
        ? value.value()
        : value.key().kind().plain(value.value());
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
