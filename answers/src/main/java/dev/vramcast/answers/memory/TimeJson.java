package dev.vramcast.answers.memory;

import dev.vramcast.core.time.RunEstimate;
import dev.vramcast.core.time.SpeedRange;
import dev.vramcast.core.time.TimeEstimate;
import dev.vramcast.core.time.TimeParts;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The time of a job for programs: tokens a second, and seconds. */
public final class TimeJson {

  private static final double NANOS = 1e9;

  private TimeJson() {}

  public static Map<String, Object> of(TimeEstimate time, Optional<RunEstimate> run) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("tokens_per_second", time.tokensPerSecond());
    json.put("tokens_per_second_per_gpu", time.throughput().tokensPerSecondPerGpu());
    json.put("range", range(time.throughput().range()));
    json.put("step_seconds", seconds(time.step()));
    json.put("tokens_per_step", time.tokensPerStep());
    json.put("mfu", time.throughput().modelFlopsUtilization());
    json.put("parts_seconds", parts(time.parts()));
    json.put("run", run.map(TimeJson::run).orElse(null));
    return json;
  }

  private static Map<String, Object> range(SpeedRange range) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("share", SpeedRange.SHARE);
    json.put("low_tokens_per_second", range.low());
    json.put("high_tokens_per_second", range.high());
    json.put("kind", range.kind());
    json.put("runs", range.runs());
    return json;
  }

  private static Map<String, Object> parts(TimeParts parts) {
    Map<String, Object> json = new LinkedHashMap<>();
    TimeLines.parts(parts).forEach((name, time) -> json.put(name.replace(' ', '_'), seconds(time)));
    return json;
  }

  private static Map<String, Object> run(RunEstimate run) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("tokens", run.tokens());
    json.put("steps", run.steps());
    json.put("startup_seconds", seconds(run.startup()));
    json.put("training_seconds", seconds(run.training()));
    json.put("evaluation_seconds", seconds(run.evaluation()));
    json.put("checkpoint_seconds", seconds(run.checkpoints()));
    json.put("total_seconds", seconds(run.total()));
    json.put("low_seconds", seconds(run.low()));
    json.put("high_seconds", seconds(run.high()));
    return json;
  }

  private static double seconds(Duration time) {
    return time.getSeconds() + time.getNano() / NANOS;
  }
}
