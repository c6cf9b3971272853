package dev.vramcast.answers.guide;

import dev.vramcast.catalog.model.ModelCatalog;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.rule.RuleMethod;
import dev.vramcast.core.rule.SizeClass;
import dev.vramcast.core.run.MemoryEstimator;
import dev.vramcast.core.run.RankEstimate;
import java.util.Optional;

/** The real model that stands for a size class, and the settings under which it is estimated. */
final class GuideModel {

  /** What the guide leaves open, said for all rows. */
  static final String SETTINGS =
      "micro-batch 1, sequence 2048, full checkpointing, 16-bit weights and compute, rank 64,"
          + " AdamW, defaults of transformers, all on one card of any size";

  private static final int SEQUENCE_LENGTH = 2048;

  private GuideModel() {}

  /** The catalogue name. */
  static String name(SizeClass sizeClass) {
    return switch (sizeClass) {
      case B7 -> "llama-3.1-8b";
      case B14 -> "qwen2.5-14b";
      case B32 -> "qwen2.5-32b";
      case B70 -> "llama-3.1-70b";
      case MOE_30 -> "qwen3-30b-a3b";
    };
  }

  static Architecture architecture(SizeClass sizeClass) {
    String name = name(sizeClass);
    return ModelCatalog.embedded()
        .find(name)
        .map(entry -> Families.read(entry.config()))
        .orElseThrow(() -> new IllegalStateException("the catalogue lacks " + name));
  }

  static RankEstimate estimate(Architecture architecture, RuleMethod method) {
    ResolvedJob job = JobResolver.resolve(document(method)).job();
    return MemoryEstimator.estimate(architecture, job, Optional.empty()).worst();
  }

  /** The job of a row on one card. */
  static JobDocument document(RuleMethod method) {
    JobDocument document =
        JobDocument.empty()
            .withFlag(JobKey.METHOD, method.label())
            .withFlag(JobKey.PRECISION, method == RuleMethod.FULL ? "bf16" : "bf16-mixed")
            .withFlag(JobKey.MICRO_BATCH, "1")
            .withFlag(JobKey.SEQUENCE_LENGTH, String.valueOf(SEQUENCE_LENGTH))
            .withFlag(JobKey.CHECKPOINTING, "full");
    return method == RuleMethod.FULL
        ? document
        : document.withFlag(JobKey.LORA_RANK, String.valueOf(SizeClass.RANK));
  }
}
