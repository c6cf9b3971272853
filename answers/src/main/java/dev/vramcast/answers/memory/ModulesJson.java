package dev.vramcast.answers.memory;

import dev.vramcast.core.trace.LiveTensor;
import dev.vramcast.core.trace.ModuleTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is alive at the peak by module: each module once, behind the one above it. */
public final class ModulesJson {

  private ModulesJson() {}

  /** Of the rank that needs most; modules that have nothing at the peak are left out. */
  public static List<Map<String, Object>> of(EstimateReport report) {
    List<Map<String, Object>> modules = new ArrayList<>();
    add(modules, ModuleTree.of(report.memory().worst().trace()));
    return modules;
  }

  private static void add(List<Map<String, Object>> modules, ModuleTree tree) {
    if (tree.bytes() <= 0) {
      return;
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("module", tree.path());
    json.put("bytes", tree.bytes());
    json.put("own_peak_bytes", tree.ownPeakBytes());
    json.put("tensors", tree.tensors().stream().map(ModulesJson::tensor).toList());
    modules.add(json);
    tree.modules().forEach(below -> add(modules, below));
  }

  private static Map<String, Object> tensor(LiveTensor tensor) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("operation", tensor.site().operation());
    json.put("shape", tensor.shape());
    json.put("dtype", tensor.dtype().label());
    json.put("name", tensor.name());
    json.put("category", tensor.category().name().toLowerCase(Locale.ROOT));
    json.put("code", tensor.site().code());
    json.put("count", tensor.count());
    json.put("bytes", tensor.bytes());
    return json;
  }
}
