package dev.vramcast.validation;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Refusal;
import dev.vramcast.core.input.Remark;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.input.Words;
import dev.vramcast.core.run.MemoryEstimate;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.time.TimeEstimate;
import dev.vramcast.core.time.TimeParts;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.TraceReading;
import dev.vramcast.validation.cases.Case;
import dev.vramcast.validation.cases.ShippedCases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every figure of the estimate of every case that is part of the product, one JSON object a line:
 * two files of it say whether a change to the code changed a number. Bytes, but for counts and for
 * what names another unit.
 */
public final class Figures {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Figures() {}

  /** The lines of the cases that are part of the product, in their order. */
  public static String text() {
    List<Case> cases = new ArrayList<>();
    for (ShippedCases shipped : ShippedCases.values()) {
      shipped.read(cases::add);
    }
    return text(cases);
  }

  /** The lines of cases, in their order. */
  static String text(List<Case> cases) {
    return cases.parallelStream().map(Figures::line).collect(Collectors.joining());
  }

  static String line(Case subject) {
    return MAPPER.writeValueAsString(fields(subject)) + "\n";
  }

  private static Map<String, Object> fields(Case subject) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", subject.id());
    try {
      add(fields, ResolvedCase.of(subject));
    } catch (InputException | UnsupportedJobException e) {
      fields.put("reason", ((Refusal) e).notice().line(Words.DOCUMENT));
    }
    return fields;
  }

  private static void add(Map<String, Object> fields, ResolvedCase settled) {
    Architecture architecture = settled.architecture();
    if (settled.subject().isThroughput()) {
      fields.putAll(speed(settled.speed(architecture)));
      return;
    }
    MemoryEstimate estimate = settled.memory(architecture);
    fields.put("total_parameters", Tensors.count(architecture));
    fields.put("assumptions", Remark.sentences(estimate.assumptions()));
    fields.put("ranks", estimate.ranks().stream().map(Figures::rank).toList());
  }

  private static Map<String, Object> speed(TimeEstimate time) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("tokens_per_second_per_gpu", time.throughput().tokensPerSecondPerGpu());
    fields.put("step_nanoseconds", time.step().toNanos());
    fields.put("model_flops_utilization", time.throughput().modelFlopsUtilization());
    fields.put("parts", parts(time.parts()));
    fields.put("low_tokens_per_second", time.throughput().range().low());
    fields.put("high_tokens_per_second", time.throughput().range().high());
    fields.put("assumptions", Remark.sentences(time.assumptions()));
    return fields;
  }

  private static Map<String, Duration> parts(TimeParts time) {
    TimeParts.Kernels kernels = time.kernels();
    Map<String, Duration> parts = new LinkedHashMap<>();
    parts.put("linear", kernels.linear());
    parts.put("head", kernels.head());
    parts.put("attention", kernels.attention());
    parts.put("memoryBound", kernels.memoryBound());
    parts.put("dequantisation", kernels.dequantisation());
    parts.put("tower", kernels.tower());
    parts.put("launch", time.launch());
    parts.put("communication", time.communication());
    parts.put("optimizer", time.optimizer());
    parts.put("experts", time.experts());
    parts.put("generation", time.generation());
    parts.put("parallelism", time.parallelism());
    return parts;
  }

  private static Map<String, Object> rank(RankEstimate rank) {
    Map<String, Object> fields = new LinkedHashMap<>();
    TraceReading reading = TraceReading.of(rank.trace());
    long reserved = rank.reservedBytes();
    fields.put("name", rank.name());
    fields.put("count", rank.count());
    fields.put("allocated", rank.allocatedBytes());
    fields.put("reserved", reserved);
    fields.put("needed", rank.neededBytes(reserved));
    fields.put("device", rank.deviceBytes());
    fields.put("host", rank.hostBytes());
    fields.put("context", rank.outside().contextBytes());
    fields.put("communicators", rank.outside().communicatorBytes());
    fields.put("peak_phase", rank.peakPhase().toString());
    fields.put("phase_peaks", new TreeMap<>(rank.phasePeaks()));
    fields.put("phase_ends", new TreeMap<>(reading.phaseEnds()));
    fields.put("breakdown", new TreeMap<>(rank.breakdown()));
    fields.put("adapters", LoadedBlocks.of(rank.trace()).elements(Category.ADAPTERS));
    fields.put("alive", rank.alive());
    fields.put("entries", rank.trace().size());
    return fields;
  }
}
