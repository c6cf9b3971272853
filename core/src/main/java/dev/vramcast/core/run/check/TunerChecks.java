package dev.vramcast.core.run.check;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Embedding;
import dev.vramcast.core.code.ExpertExecution;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.AdapterForm;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.Quantization;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.module.part.ModulePaths;
import java.util.ArrayList;
import java.util.List;

/** On what PEFT's adapters other than LoRA are described. */
final class TunerChecks {

  private TunerChecks() {}

  static void check(Architecture architecture, AdapterSettings adapter, ResolvedJob job) {
    if (adapter.form().isLora()) {
      return;
    }
    if (job.frameworkCode().hasOwnModels()) {
      throw gap(job)
          .and(" under a ", JobKey.FRAMEWORK_NAME, " that has models of its own")
          .modelled("frameworks that train with PEFT")
          .refusal();
    }
    checkVersion(adapter.form(), job);
    checkExperts(architecture, adapter, job);
    checkBase(adapter.form(), job);
    if (adapter.form() != AdapterForm.ROTATION) {
      checkScope(architecture, adapter.form(), job);
    }
    for (Embedding embedding : ModuleNames.of(architecture).embeddings()) {
      if (!adapter.allLinear() && ModulePaths.isTarget(embedding.name(), adapter.targets())) {
        throw gap(job)
            .and(" on the embedding ", embedding.name(), ", one of ", JobKey.LORA_TARGETS, ",")
            .refusal();
      }
    }
  }

  /**
   * PEFT moves the targets of LoRA alone to experts that are one parameter
   * (peft/utils/transformers_weight_conversion.py), so that others need another linear.
   */
  private static void checkExperts(
      Architecture architecture, AdapterSettings adapter, ResolvedJob job) {
    StepSettings settings = new StepSettings(job, architecture.traits());
    List<String> stacks =
        architecture.mixtures().stream()
            .filter(mixture -> ExpertExecution.of(mixture, settings) == ExpertExecution.GROUPED)
            .map(mixture -> mixture.names().block() + ".experts.")
            .toList();
    boolean found =
        ModuleNames.of(architecture).paths().stream()
            .filter(path -> stacks.stream().noneMatch(path::startsWith))
            .anyMatch(path -> ModulePaths.isTarget(path, adapter.targets()));
    if (!adapter.allLinear() && !found) {
      throw InputError.about(JobKey.LORA_TARGETS)
          .kind(ErrorKind.CONTRADICTION)
          .has(adapter.targets().get(0))
          .and(", which here is a part of one parameter of all experts, and ")
          .and(JobKey.METHOD, " is ", job.method())
          .allowed("names of linears")
          .refusal();
    }
  }

  private static void checkVersion(AdapterForm form, ResolvedJob job) {
    // peft/tuners/oft/layer.py turned weights, not inputs, until 0.15.
    int first = form == AdapterForm.ROTATION ? 16 : 18;
    if (!job.framework().peft().atLeast(0, first)) {
      throw gap(job).and(" of ", JobKey.PEFT_VERSION, " before 0." + first).refusal();
    }
  }

  private static void checkBase(AdapterForm form, ResolvedJob job) {
    Quantization base = job.quantization();
    if (!base.isNone() && form.makesWeights()) {
      // lycoris_utils.py has layers for what is a float matrix; a packed one has another shape.
      throw JobChecks.base(job)
          .but("PEFT's ", JobKey.METHOD, " ", job.method(), " needs a weight of its own shape")
          .allowed("none")
          .refusal();
    }
    if (!base.isNone() && !runs(form, base, job)) {
      throw gap(job)
          .and(" on ", JobKey.QUANTIZATION_SCHEME, " ", base.scheme())
          .modelled(
              form == AdapterForm.ROTATION
                  ? "none, nf4, fp4, int8 of bitsandbytes, awq-int4, gptq under autocast"
                  : "none, nf4, fp4 of bitsandbytes")
          .refusal();
    }
  }

  /**
   * Whether what PEFT puts around a quantised linear is described. A rotation only turns what goes
   * into it; around GPTQ's the layer of PEFT until 0.20 leaves inputs as wide as the rotations
   * where nothing is autocast (peft/tuners/oft/gptq.py).
   */
  private static boolean runs(AdapterForm form, Quantization base, ResolvedJob job) {
    boolean rotates = form == AdapterForm.ROTATION;
    return switch (base.scheme()) {
      case NONE -> true;
      case NF4, FP4 -> base.byBitsandbytes();
      case INT8 -> rotates && base.byBitsandbytes();
      case AWQ_INT4 -> rotates;
      case GPTQ_INT4, GPTQ_INT8 ->
          rotates && (job.autocast() || job.framework().peft().atLeast(0, 21));
      case FP8, MXFP4, NVFP4, AQLM_2BIT -> false;
    };
  }

  private static void checkScope(Architecture architecture, AdapterForm form, ResolvedJob job) {
    List<String> beside = new ArrayList<>();
    if (job.frameworkCode().is(LayerCode.SPARES_COPIES)) {
      beside.add("under a framework with layers of its own for adapters");
    }
    if (job.compile()) {
      beside.add("with torch.compile");
    }
    if (job.saving().merge().isPresent()) {
      beside.add("that is merged");
    }
    Strategy strategy = job.parallelism().strategy();
    boolean known =
        switch (strategy) {
          case NONE, DDP, FSDP2, ZERO1, ZERO2 -> true;
          case FSDP1, ZERO3, MEGATRON -> false;
        };
    if (!known) {
      beside.add("under " + strategy.label());
    }
    if (form == AdapterForm.SHARED && !architecture.towers().isEmpty()) {
      beside.add("on a model with encoders");
    }
    if (!beside.isEmpty()) {
      throw gap(job).and(" ", String.join(", ", beside)).refusal();
    }
  }

  private static Gap gap(ResolvedJob job) {
    return Gap.value(JobKey.METHOD, job.method());
  }
}
