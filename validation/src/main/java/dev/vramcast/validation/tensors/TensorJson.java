package dev.vramcast.validation.tensors;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** All differences between an estimate and a run, for programs. */
public final class TensorJson {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private TensorJson() {}

  public static String of(TensorComparison comparison) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("id", comparison.id());
    root.put("phase", comparison.phase().name().toLowerCase(Locale.ROOT));
    root.put("estimated_bytes", comparison.estimatedBytes());
    root.put("measured_bytes", comparison.measuredBytes());
    root.put("differences", comparison.differences().stream().map(TensorJson::fields).toList());
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
  }

  private static Map<String, Object> fields(TensorDifference difference) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("dtype", difference.dtype());
    fields.put("elements", difference.elements());
    fields.put("bytes", difference.bytes());
    fields.put("estimated_count", difference.estimatedCount());
    fields.put("measured_count", difference.measuredCount());
    fields.put("estimated", difference.estimated());
    fields.put("measured", difference.measured());
    return fields;
  }
}
