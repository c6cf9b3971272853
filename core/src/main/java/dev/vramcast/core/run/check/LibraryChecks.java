package dev.vramcast.core.run.check;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.code.ExpertExecution;
import dev.vramcast.core.code.ModelingCode;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.job.objective.Settings.Companion;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.module.experts.ExpertTargets;
import dev.vramcast.core.module.part.ModulePaths;
import dev.vramcast.core.units.Version;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Heads and targets of adapters that are described, but at which Transformers or PEFT fail. */
final class LibraryChecks {

  private LibraryChecks() {}

  /** transformers/models/auto/auto_factory.py from_config, Unrecognized configuration class. */
  static void checkClasses(Architecture architecture, ResolvedJob job) {
    FrameworkCode code = job.frameworkCode();
    if (code.hasOwnModels() || !code.is(LoopCode.HEADS_OF_CLASSES)) {
      return;
    }
    Objective objective = job.objective();
    if (objective.classes().isPresent()) {
      InputError stage = InputError.about(JobKey.STAGE).isSet(objective.stage());
      checkClasses(architecture, stage, objective.classifiesTokens(), job);
    }
    objective.rewarding().stream()
        .flatMap(companion -> companion.architecture().stream())
        .forEach(
            its ->
                checkClasses(
                    its, InputError.about(JobKey.REWARD_MODELS).has(its.modelType()), false, job));
    objective
        .valuing()
        .flatMap(Companion::architecture)
        .ifPresent(
            its ->
                checkClasses(
                    its, InputError.about(JobKey.VALUE_MODEL).isSet(its.modelType()), false, job));
  }

  private static void checkClasses(
      Architecture architecture, InputError about, boolean tokens, ResolvedJob job) {
    Version release = job.framework().transformers();
    Versions having = architecture.traits().source().heads().of(tokens);
    if (having.contains(release)) {
      return;
    }
    InputError error =
        about
            .kind(ErrorKind.CONTRADICTION)
            .but("Transformers ", release, " has no class of ", architecture.modelType())
            .and(tokens ? " for classes of tokens" : " for classes or scores of sequences");
    throw (having.equals(Versions.NONE)
            ? error.allowed("another model")
            : error.allowed(
                "another model, or Transformers ",
                having.from().major(),
                ".",
                having.from().minor(),
                " and later"))
        .refusal();
  }

  static void check(Architecture architecture, AdapterSettings adapter, ResolvedJob job) {
    checkRefused(architecture, adapter, job);
    checkHead(architecture, adapter, job);
    checkRouter(architecture, adapter, job);
    checkBareRouter(architecture, adapter, job);
    checkParameters(architecture, adapter, job);
  }

  /** peft/tuners/lora/layer.py ParamWrapper, on the experts of one parameter that have one. */
  private static void checkParameters(
      Architecture architecture, AdapterSettings adapter, ResolvedJob job) {
    StepSettings settings = new StepSettings(job, architecture.traits());
    List<String> stacks =
        architecture.mixtures().stream()
            .filter(mixture -> ExpertExecution.of(mixture, settings) == ExpertExecution.GROUPED)
            .flatMap(LibraryChecks::stackNames)
            .distinct()
            .toList();
    for (String name : adapter.targetParameters()) {
      if (stacks.stream().noneMatch(stack -> ModulePaths.isTarget(stack, List.of(name)))) {
        OtherReleases.of(architecture, job)
            .refuse(JobKey.TARGET_PARAMETERS, name, stackNames(architecture));
        Gap gap = Gap.about(JobKey.TARGET_PARAMETERS).and(" with ", Shown.given(name));
        throw (stacks.isEmpty() ? gap : gap.modelled(String.join(", ", stacks))).refusal();
      }
    }
    boolean named = !adapter.targetParameters().isEmpty();
    boolean drops =
        adapter.dropout() > 0 && (named || !job.frameworkCode().is(LayerCode.DROPS_BESIDE_EXPERTS));
    if (!drops && !adapter.dora()) {
      return;
    }
    InputError refused =
        InputError.about(adapter.dora() ? JobKey.METHOD : JobKey.LORA_DROPOUT)
            .kind(ErrorKind.CONTRADICTION)
            .isSet(adapter.dora() ? "dora" : adapter.dropout());
    String allowed = adapter.dora() ? "lora, qlora, rslora" : "0";
    if (named) {
      throw refused
          .and(", which PEFT refuses beside ", JobKey.TARGET_PARAMETERS)
          .allowed(allowed)
          .refusal();
    }
    Predicate<MixtureOfExperts> stacked =
        mixture -> ExpertExecution.of(mixture, settings) == ExpertExecution.GROUPED;
    if (settings.code().rewritesExpertTargets()
        && architecture.mixtures().stream().anyMatch(stacked.and(ExpertTargets.of(job)::reach))) {
      throw refused
          .and(", which PEFT refuses on experts that are one parameter")
          .allowed(allowed)
          .hint("leave the experts out of ", JobKey.LORA_TARGETS)
          .refusal();
    }
  }

  private static List<String> stackNames(Architecture architecture) {
    return architecture.mixtures().stream().flatMap(LibraryChecks::stackNames).toList();
  }

  private static Stream<String> stackNames(MixtureOfExperts mixture) {
    return Stream.of(mixture.upParameter(), mixture.downParameter());
  }

  /** peft/tuners/tuners_utils.py _check_lora_target_modules_mamba, which asks LoRA alone. */
  private static void checkRefused(
      Architecture architecture, AdapterSettings adapter, ResolvedJob job) {
    if (job.frameworkCode().hasOwnModels() || !adapter.form().isLora()) {
      return;
    }
    Set<String> refused = architecture.traits().adapters().refusedBy(job.framework().peft());
    ModuleNames.of(architecture).linears().stream()
        .filter(linear -> refused.contains(linear.lastName()))
        .filter(linear -> ModulePaths.isTarget(linear, adapter))
        .findFirst()
        .ifPresent(linear -> refuse(linear, architecture, "refuses in"));
  }

  /**
   * trl/trainer/sft_trainer.py, dpo_trainer.py and others, __init__: an adapter on the head would
   * never be trained. The supervised trainer checks it where its loss takes chunks.
   */
  private static void checkHead(
      Architecture architecture, AdapterSettings adapter, ResolvedJob job) {
    Stage stage = job.objective().stage();
    boolean reads = job.frameworkCode().get(LossCode.UNADAPTED_HEADS).contains(stage);
    boolean whole = stage.isSupervised() && job.loss() != LossKernel.CHUNKED;
    if (!reads || whole || architecture.head().kind() != Head.Kind.LANGUAGE_MODEL) {
      return;
    }
    architecture.head().linears().stream()
        .filter(linear -> ModulePaths.isTarget(linear.name(), adapter.targets()))
        .findFirst()
        .ifPresent(LibraryChecks::refuseHead);
  }

  private static void refuseHead(Linear head) {
    throw InputError.about(JobKey.LORA_TARGETS)
        .has(head.lastName())
        .and(", whose weight TRL's loss reads by itself, so that TRL refuses an adapter on it")
        .kind(ErrorKind.CONTRADICTION)
        .allowed("the names of other linears")
        .refusal();
  }

  private static void checkRouter(
      Architecture architecture, AdapterSettings adapter, ResolvedJob job) {
    ModelingCode code = new ModelingCode(architecture.traits(), job.framework().transformers());
    boolean unnamed = adapter.allLinear() && job.frameworkCode().is(LayerCode.NAMES_BY_CLASS);
    if (!code.refusesRouterAdapter() || unnamed) {
      return;
    }
    architecture.mixtures().stream()
        .map(MixtureOfExperts::router)
        .filter(router -> ModulePaths.isTarget(router, adapter))
        .findFirst()
        .ifPresent(
            router -> refuse(router, architecture, "cannot adapt, as it returns two tensors, in"));
  }

  /** Tuners other than LoRA's wrap no parameters: peft/tuners/loha/model.py, "not supported". */
  private static void checkBareRouter(
      Architecture architecture, AdapterSettings adapter, ResolvedJob job) {
    StepSettings settings = new StepSettings(job, architecture.traits());
    if (adapter.form().isLora() || adapter.allLinear() || job.frameworkCode().hasOwnModels()) {
      return;
    }
    if (!settings.code().mixture().bareRouter()) {
      return;
    }
    architecture.mixtures().stream()
        .map(MixtureOfExperts::router)
        .filter(router -> ModulePaths.isTarget(router.name(), adapter.targets()))
        .findFirst()
        .ifPresent(router -> refuse(router, architecture, "cannot adapt, as it is no linear, in"));
  }

  private static void refuse(Linear linear, Architecture architecture, String why) {
    throw InputError.about(JobKey.LORA_TARGETS)
        .has(linear.lastName())
        .and(", which PEFT ", why, " this ", architecture.modelType(), " model")
        .kind(ErrorKind.CONTRADICTION)
        .allowed("the names of other linears")
        .refusal();
  }
}
