package dev.vramcast.validation.allocator;

import dev.vramcast.catalog.model.ModelCatalog;
import dev.vramcast.catalog.model.ModelEntry;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.TrainedModel;
import dev.vramcast.core.run.MemoryEstimator;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.formats.jobdocument.JobDocumentReader;
import dev.vramcast.validation.cases.Case;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Jobs of shipped cases, of all frameworks and spreads, with settings that are drawn anew. */
final class RandomCases {

  /** One of so many jobs has all the layers of its model. */
  private static final int DEEP = 40;

  private static final String LAYERS = "num_hidden_layers";

  private static final List<Map.Entry<JobKey, List<String>>> CHOICES =
      List.of(
          Map.entry(JobKey.MICRO_BATCH, List.of("1", "2", "3", "4", "8")),
          Map.entry(JobKey.SEQUENCE_LENGTH, List.of("64", "320", "512", "1000", "2048", "6144")),
          Map.entry(JobKey.GRAD_ACCUM, List.of("1", "2", "8")),
          Map.entry(JobKey.PRECISION, List.of("bf16", "bf16-mixed", "fp16-mixed", "fp32")),
          Map.entry(JobKey.METHOD, List.of("full", "lora", "qlora", "dora")),
          Map.entry(JobKey.LORA_RANK, List.of("4", "8", "16", "64", "100")),
          Map.entry(JobKey.CHECKPOINTING, List.of("none", "full", "full", "offloaded")),
          Map.entry(JobKey.ATTENTION, List.of("flash", "sdpa", "eager")),
          Map.entry(JobKey.LOSS, List.of("full", "liger", "chunked")),
          Map.entry(JobKey.OPTIMIZER_NAME, List.of("adamw", "adamw-8bit", "adafactor", "sgd")),
          Map.entry(JobKey.STRATEGY, List.of("ddp", "fsdp1", "fsdp2", "zero2", "zero3")),
          Map.entry(JobKey.GPU_COUNT, List.of("1", "2", "4", "8", "64")));

  private final List<Case> cases = ProofCases.mixed();

  /** The worst rank of the next job; empty where settings do not go together. */
  Optional<RankEstimate> next(Random random) {
    Case subject = cases.get(random.nextInt(cases.size()));
    try {
      return Optional.of(rank(drawn(subject, random)));
    } catch (InputException | UnsupportedJobException e) {
      return Optional.empty();
    }
  }

  private static JobDocument drawn(Case subject, Random random) {
    JobDocument document = JobDocumentReader.read(subject.job(), Place.of("job"));
    for (Map.Entry<JobKey, List<String>> choice : CHOICES) {
      if (random.nextInt(5) == 0) {
        List<String> values = choice.getValue();
        document = document.withFlag(choice.getKey(), values.get(random.nextInt(values.size())));
      }
    }
    Map<String, Object> config = new HashMap<>(config(document));
    if (config.get(LAYERS) instanceof Integer stated && random.nextInt(DEEP) > 0) {
      config.put(LAYERS, Math.min(stated, 2 + random.nextInt(4)));
    }
    return document.with(JobKey.MODEL_CONFIG, config, Place.of("random"));
  }

  private static Map<String, Object> config(JobDocument document) {
    return document
        .modelConfig()
        .or(
            () ->
                document
                    .text(JobKey.MODEL_ID)
                    .flatMap(id -> ModelCatalog.embedded().find(id))
                    .map(ModelEntry::config)
                    .map(ModelConfig::values))
        .orElse(Map.of());
  }

  private static RankEstimate rank(JobDocument document) {
    ResolvedJob job = JobResolver.resolve(document).job();
    ModelConfig config = new ModelConfig("random", document.modelConfig().orElseThrow());
    Architecture architecture = TrainedModel.read(config, job.objective());
    return MemoryEstimator.estimate(architecture, job, Optional.empty()).worst();
  }
}
