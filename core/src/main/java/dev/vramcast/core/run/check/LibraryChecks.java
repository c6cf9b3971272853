package dev.vramcast.core.run.check;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.code.ModelingCode;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.module.part.ModulePaths;
import java.util.Set;
import java.util.stream.Stream;

/** Targets of adapters that exist, but at which PEFT fails. */
final class LibraryChecks {

  private LibraryChecks() {}

  static void check(Architecture architecture, AdapterSettings adapter, ResolvedJob job) {
    checkRefused(architecture, adapter, job);
    checkRouter(architecture, adapter, job);
  }

  /** peft/tuners/tuners_utils.py _check_lora_target_modules_mamba. */
  private static void checkRefused(
      Architecture architecture, AdapterSettings adapter, ResolvedJob job) {
    if (job.frameworkCode().hasOwnModels()) {
      return;
    }
    Set<String> refused = architecture.traits().adapters().refusedBy(job.framework().peft());
    ModuleNames.of(architecture).linears().stream()
        .filter(linear -> refused.contains(linear.lastName()))
        .filter(linear -> ModulePaths.isTarget(linear, adapter))
        .findFirst()
        .ifPresent(linear -> refuse(linear, architecture, "refuses in"));
  }

  private static void checkRouter(
      Architecture architecture, AdapterSettings adapter, ResolvedJob job) {
    ModelingCode code = new ModelingCode(architecture.traits(), job.framework().transformers());
    if (!code.refusesRouterAdapter()) {
      return;
    }
    layers(architecture)
        .map(DecoderLayer::mlp)
        .filter(MixtureOfExperts.class::isInstance)
        .map(mlp -> ((MixtureOfExperts) mlp).router())
        .filter(router -> ModulePaths.isTarget(router, adapter))
        .findFirst()
        .ifPresent(
            router -> refuse(router, architecture, "cannot adapt, as it returns two tensors, in"));
  }

  private static Stream<DecoderLayer> layers(Architecture architecture) {
    return architecture.layers().stream().flatMap(run -> run.period().stream());
  }

  private static void refuse(Linear linear, Architecture architecture, String why) {
    throw InputError.about(JobKey.LORA_TARGETS)
        .has(linear.lastName())
        .and(", which PEFT ", why, " this ", architecture.modelType(), " model")
        .allowed("the names of other linears")
        .refusal();
  }
}
