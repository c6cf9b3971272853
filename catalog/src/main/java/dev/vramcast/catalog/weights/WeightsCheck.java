package dev.vramcast.catalog.weights;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Compares what a config says a model has with what its weight files hold. */
public final class WeightsCheck {

  private static final int MAX_NAMED = 3;
  private static final String HEAD = "lm_head.weight";
  private static final List<String> BUFFERS =
      List.of(
          "rotary_emb.inv_freq",
          ".attn.bias",
          ".attn.masked_bias",
          ".attention.bias",
          ".attention.masked_bias",
          ".e_score_correction_bias");

  private WeightsCheck() {}

  /**
   * One warning with both numbers and the first tensors that differ, or nothing when the counts
   * agree or the files have no headers. Buffers, and a head that is tied but stored as well, are
   * left out.
   */
  public static Optional<Notice> compare(
      String source, Architecture architecture, StoredWeights stored) {
    if (stored.tensors().isEmpty()) {
      return Optional.empty();
    }
    if (stored.quantized()) {
      return Optional.of(
          Notice.of("the files hold quantised weights (", types(stored))
              .and("), which the job has to say; the parameter count is the config's")
              .at(Optional.of(Place.of(source))));
    }
    long expected = Tensors.count(architecture);
    long found =
        stored.tensors().stream()
            .filter(tensor -> isParameter(tensor, architecture))
            .mapToLong(StoredTensor::elements)
            .sum();
    if (expected == found) {
      return Optional.empty();
    }
    return Optional.of(
        Notice.of(
                "the config makes %,d parameters, the weight files hold %,d"
                    .formatted(expected, found),
                differences(architecture, stored))
            .at(Optional.of(Place.of(source))));
  }

  private static boolean isParameter(StoredTensor tensor, Architecture architecture) {
    boolean repeatedHead =
        architecture.head().tied() && tensor.name().endsWith(HEAD) && tensor.shape().size() == 2;
    return !repeatedHead && BUFFERS.stream().noneMatch(tensor.name()::endsWith);
  }

  private static String types(StoredWeights stored) {
    return stored.byType().keySet().stream()
        .sorted()
        .map(Enum::name)
        .collect(Collectors.joining(", "));
  }

  private static String differences(Architecture architecture, StoredWeights stored) {
    Map<String, List<Long>> expected = new HashMap<>();
    for (ParameterTensor tensor : Tensors.of(architecture)) {
      expected.put(tensor.name(), tensor.shape());
    }
    Map<String, List<Long>> found = new HashMap<>();
    stored.tensors().stream()
        .filter(tensor -> isParameter(tensor, architecture))
        .forEach(tensor -> found.put(tensor.name(), tensor.shape()));
    List<String> parts = new ArrayList<>();
    name(parts, "only in the files", only(found, expected));
    name(parts, "only by the config", only(expected, found));
    Stream<String> reshaped =
        expected.entrySet().stream()
            .filter(e -> found.containsKey(e.getKey()))
            .filter(e -> !e.getValue().equals(found.get(e.getKey())))
            .map(e -> e.getKey() + " " + found.get(e.getKey()) + " for " + e.getValue())
            .sorted();
    name(parts, "other shape", reshaped.toList());
    return parts.isEmpty() ? "" : ": " + String.join("; ", parts);
  }

  private static List<String> only(Map<String, List<Long>> here, Map<String, List<Long>> there) {
    return here.entrySet().stream()
        .filter(e -> !there.containsKey(e.getKey()))
        .map(e -> e.getKey() + " " + e.getValue())
        .sorted()
        .toList();
  }

  private static void name(List<String> parts, String title, List<String> names) {
    if (!names.isEmpty()) {
      int more = names.size() - MAX_NAMED;
      String tail = more > 0 ? " and " + more + " more" : "";
      parts.add(
          title
              + ": "
              + String.join(", ", names.subList(0, Math.min(MAX_NAMED, names.size())))
              + tail);
    }
  }
}
