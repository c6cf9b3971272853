package dev.vramcast.core.run.check;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.module.linear.FakeQuantisedLinear;
import dev.vramcast.core.module.part.ModulePaths;

/** Models on which fake-quantised linears are described, and those on which they do not run. */
final class FakeQuantisationChecks {

  private FakeQuantisationChecks() {}

  static void check(Architecture model, ResolvedJob job) {
    if (!job.fakeQuantises()) {
      return;
    }
    boolean routed = model.hasLayer(layer -> layer.mlp() instanceof MixtureOfExperts);
    if (routed || !model.towers().isEmpty()) {
      throw Gap.about(JobKey.TRAINING_SCHEME)
          .and(" of a ", model.modelType())
          .modelled("dense language models")
          .refusal();
    }
    job.adapter().ifPresent(adapter -> checkTargets(model, adapter));
  }

  /** torchtune/modules/peft/lora.py QATLoRALinear. */
  private static void checkTargets(Architecture model, AdapterSettings adapter) {
    ModuleNames.of(model).linears().stream()
        .filter(linear -> linear.bias() || !FakeQuantisedLinear.covers(linear))
        .filter(linear -> ModulePaths.isTarget(linear, adapter))
        .findFirst()
        .ifPresent(FakeQuantisationChecks::refuse);
  }

  private static void refuse(Linear linear) {
    throw InputError.about(JobKey.LORA_TARGETS)
        .has(linear.lastName())
        .but(JobKey.TRAINING_SCHEME)
        .and(" qat-int4 puts no adapters on linears ")
        .and(linear.bias() ? "with a bias" : "whose inputs are no multiple of 256")
        .allowed("the names of other linears")
        .refusal();
  }
}
