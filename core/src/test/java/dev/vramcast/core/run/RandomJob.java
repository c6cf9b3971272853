package dev.vramcast.core.run;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.run.check.JobChecks;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A document that holds its model too, and what the laws ask of it. */
record RandomJob(JobDocument document) {

  RankEstimate estimate() {
    return MemoryEstimator.estimate(architecture(), resolved(), Optional.empty()).worst();
  }

  private Architecture architecture() {
    return Families.read(new ModelConfig("config.json", document.modelConfig().orElseThrow()));
  }

  ResolvedJob resolved() {
    return JobResolver.resolve(document).job();
  }

  RandomJob with(JobKey key, String value) {
    return new RandomJob(document.withFlag(key, value));
  }

  RandomJob without(JobKey key) {
    return new RandomJob(document.without(List.of(key)));
  }

  RandomJob deep(int layers) {
    Map<String, Object> config = new HashMap<>(document.modelConfig().orElseThrow());
    config.put("num_hidden_layers", layers);
    return new RandomJob(document.with(JobKey.MODEL_CONFIG, config, Place.of("deep")));
  }

  /** Whether the program takes the job. */
  boolean runs() {
    try {
      JobChecks.check(architecture(), resolved());
      return true;
    } catch (InputException | UnsupportedJobException e) {
      return false;
    }
  }
}
