package dev.vramcast.answers.correction;

import dev.vramcast.core.calibration.CorrectedMemory;
import dev.vramcast.core.calibration.Correction;
import dev.vramcast.core.calibration.SavedCorrection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A correction for programs. */
public final class CorrectionJson {

  private CorrectionJson() {}

  /** The correction alone. */
  public static Map<String, Object> of(SavedCorrection saved) {
    Correction correction = saved.correction();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", saved.name());
    json.put("run", saved.run());
    json.put("date", saved.date().toString());
    json.put("vramcast_version", saved.version());
    json.put("tensors", correction.tensors());
    json.put("allocator", correction.allocator());
    json.put("outside_bytes", correction.outsideBytes());
    json.put("speed", correction.speed().isEmpty() ? null : correction.speed().getAsDouble());
    json.put("parameters", saved.scope().parameters());
    json.put("tokens", saved.scope().tokens());
    json.put("jobs", new LinkedHashMap<>(saved.scope().code()));
    return json;
  }

  /** The correction and what it makes of an estimate; the figures before stand where they do. */
  public static Map<String, Object> of(CorrectedFigures figures) {
    Map<String, Object> json = of(figures.correction());
    CorrectedMemory memory = figures.memory();
    Map<String, Object> corrected = new LinkedHashMap<>();
    corrected.put("allocated_bytes", memory.allocatedBytes());
    corrected.put("reserved_bytes", memory.reservedBytes());
    corrected.put("device_bytes", memory.deviceBytes());
    corrected.put("needed_bytes", memory.neededBytes());
    corrected.put(
        "verdict",
        figures.verdict().map(verdict -> verdict.name().toLowerCase(Locale.ROOT)).orElse(null));
    corrected.put(
        "tokens_per_second", figures.speed().map(CorrectedFigures.Speed::corrected).orElse(null));
    json.put("corrected", corrected);
    return json;
  }
}
