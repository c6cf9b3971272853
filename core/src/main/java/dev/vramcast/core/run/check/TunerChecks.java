package dev.vramcast.core.run.check;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Embedding;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.Quantization;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.module.part.ModulePaths;

/** On what PEFT's adapters other than LoRA are described. */
final class TunerChecks {

  private TunerChecks() {}

  static void check(Architecture architecture, AdapterSettings adapter, ResolvedJob job) {
    if (adapter.form().hasRank()) {
      return;
    }
    if (job.frameworkCode().hasOwnModels()) {
      throw gap(job)
          .and(" under a ", JobKey.FRAMEWORK_NAME, " that has models of its own")
          .modelled("frameworks that train with PEFT")
          .refusal();
    }
    // peft/tuners/oft/layer.py turned weights, not inputs, until 0.15.
    if (!job.framework().peft().atLeast(0, 16)) {
      throw gap(job).and(" of ", JobKey.PEFT_VERSION, " before 0.16").refusal();
    }
    Quantization base = job.quantization();
    if (!base.isNone() && !base.byBitsandbytes()) {
      throw gap(job)
          .and(" on ", JobKey.QUANTIZATION_SCHEME, " ", base.scheme())
          .modelled("none, nf4, fp4, int8 of bitsandbytes")
          .refusal();
    }
    for (Embedding embedding : ModuleNames.of(architecture).embeddings()) {
      if (!adapter.allLinear() && ModulePaths.isTarget(embedding.name(), adapter.targets())) {
        throw gap(job)
            .and(" on the embedding ", embedding.name(), ", one of ", JobKey.LORA_TARGETS, ",")
            .refusal();
      }
    }
  }

  private static Gap gap(ResolvedJob job) {
    return Gap.value(JobKey.METHOD, job.method());
  }
}
