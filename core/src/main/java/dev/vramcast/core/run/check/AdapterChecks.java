package dev.vramcast.core.run.check;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Embedding;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.Quantization;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.module.part.ModulePaths;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Adapter targets must exist in the model, and their rank must not exceed their dimensions. */
public final class AdapterChecks {

  /** Those of bitsandbytes, which a model in 16 bits is made while it is loaded. */
  private static final Set<QuantizationScheme> ON_LOAD =
      EnumSet.of(QuantizationScheme.NF4, QuantizationScheme.FP4, QuantizationScheme.INT8);

  private final Architecture architecture;
  private final AdapterSettings adapter;
  private final ModuleNames modules;
  private final OtherReleases others;

  private AdapterChecks(Architecture architecture, AdapterSettings adapter, ResolvedJob job) {
    this.architecture = architecture;
    this.adapter = adapter;
    this.others = OtherReleases.of(architecture, job);
    this.modules = ModuleNames.of(architecture);
  }

  static void check(Architecture architecture, AdapterSettings adapter, ResolvedJob job) {
    AdapterChecks checks = new AdapterChecks(architecture, adapter, job);
    checks.checkTargets();
    checks.checkRank();
    checks.checkSaved(job.quantization());
    if (ON_LOAD.contains(job.quantization().scheme()) && architecture.head().classifies()) {
      checks.checkClassifier(job);
    }
  }

  /** Target names that no module has; PEFT skips them as long as another one has a module. */
  public static List<String> unknownTargets(Architecture architecture, AdapterSettings adapter) {
    if (adapter.allLinear()) {
      return List.of();
    }
    ModuleNames modules = ModuleNames.of(architecture);
    List<String> paths = modules.paths();
    return adapter.targets().stream()
        .filter(name -> paths.stream().noneMatch(path -> ModulePaths.isTarget(path, List.of(name))))
        .toList();
  }

  /**
   * Target names of modules around a linear of a tower, which are no linears themselves: PEFT's
   * {@code _create_new_module} raises for them (transformers Gemma4ClippableLinear).
   */
  public static List<String> targetsAround(Architecture architecture, AdapterSettings adapter) {
    List<String> around =
        architecture.towers().stream()
            .flatMap(tower -> tower.linears().stream())
            .map(linear -> linear.name().substring(0, linear.name().lastIndexOf('.')))
            .toList();
    return adapter.targets().stream()
        .filter(name -> around.stream().anyMatch(path -> ModulePaths.isTarget(path, List.of(name))))
        .toList();
  }

  private void checkTargets() {
    String inOneLayer = architecture.layerPath() + ".";
    adapter.targets().stream()
        .filter(name -> name.startsWith(inOneLayer))
        .findFirst()
        .ifPresent(AdapterChecks::refuseOneLayer);
    List<String> unknown = unknownTargets(architecture, adapter);
    // tuners_utils.py inject_adapter only warns of unknown modules where a parameter is adapted.
    if (!adapter.allLinear()
        && unknown.size() == adapter.targets().size()
        && adapter.targetParameters().isEmpty()) {
      if (unknown.isEmpty()) {
        refuseNothing();
      }
      throw unknown(JobKey.LORA_TARGETS, unknown.get(0), "all-linear", modules.linearNames());
    }
    refuseMixedUse();
    refuseEndings();
  }

  /**
   * PEFT finds the classifier that it trains whole by how names end (peft/utils/other.py {@code
   * _set_trainable}), and fails at the adapter of another linear.
   */
  private void refuseEndings() {
    if (!architecture.head().classifies()) {
      return;
    }
    architecture.head().linears().stream()
        .filter(linear -> adapter.allLinear() || isTarget(linear.name()))
        .map(Linear::lastName)
        .filter(
            name ->
                AdapterSettings.CLASS_HEADS.stream()
                    .anyMatch(c -> name.endsWith(c) && !name.equals(c)))
        .findFirst()
        .ifPresent(AdapterChecks::refuseEnding);
  }

  private static void refuseEnding(String name) {
    throw InputError.about(JobKey.LORA_TARGETS)
        .kind(ErrorKind.CONTRADICTION)
        .has(name)
        .and(", whose name ends as that of the classifier which PEFT trains whole, and fails")
        .allowed("names of other linears")
        .refusal();
  }

  private static void refuseNothing() {
    throw InputError.about(JobKey.LORA_TARGETS)
        .kind(ErrorKind.MISSING)
        .and(" is an empty list, and ", JobKey.TARGET_PARAMETERS, " names nothing either")
        .allowed("all-linear, names of modules, or ", JobKey.TARGET_PARAMETERS)
        .refusal();
  }

  private void refuseMixedUse() {
    boolean dora = adapter.dora();
    for (Embedding embedding : modules.embeddings()) {
      if (dora && isTarget(embedding.name())) {
        throw Gap.value(JobKey.METHOD, Method.DORA)
            .and(" on the embedding ", embedding.name(), ", one of ", JobKey.LORA_TARGETS, ",")
            .refusal();
      }
    }
  }

  private static void refuseOneLayer(String name) {
    throw Gap.about(JobKey.LORA_TARGETS)
        .and(" with ", Shown.given(name), ", which is in one layer alone,")
        .refusal();
  }

  private boolean isTarget(String path) {
    return ModulePaths.isTarget(path, adapter.targets());
  }

  /**
   * PEFT takes any rank (peft/tuners/lora/layer.py update_layer); one that no target has room for
   * is a slip.
   */
  private void checkRank() {
    Stream<Linear> heads = modules.heads().stream().filter(head -> isTarget(head.name()));
    Stream<Linear> inside =
        modules.linears().stream().filter(linear -> adapter.allLinear() || isTarget(linear.name()));
    Stream.concat(inside, heads)
        .max(Comparator.comparingLong(AdapterChecks::room))
        .filter(linear -> adapter.form().isLora() && adapter.rank() > room(linear))
        .ifPresent(this::refuseRank);
  }

  private static long room(Linear linear) {
    return Math.min(linear.in(), linear.out());
  }

  private void refuseRank(Linear linear) {
    boolean narrow = linear.out() < linear.in();
    throw InputError.about(JobKey.LORA_RANK)
        .isSet(adapter.rank())
        .but(
            linear.lastName(),
            " has ",
            narrow ? linear.out() + " output" : linear.in() + " input",
            " features")
        .allowed("up to ", Math.min(linear.in(), linear.out()))
        .refusal();
  }

  private void checkSaved(Quantization quantization) {
    List<String> paths = modules.paths();
    for (String name : adapter.modulesToSave()) {
      if (isOfClassifier(name)) {
        continue;
      }
      if (paths.stream().noneMatch(path -> ModulePaths.isSaved(path, List.of(name)))) {
        throw unknown(JobKey.LORA_MODULES_TO_SAVE, name, "", modules.names());
      }
    }
    for (Linear linear : modules.everyLinear().toList()) {
      if (!ModulePaths.isSaved(linear.name(), adapter.modulesToSave())) {
        continue;
      }
      boolean head = modules.heads().contains(linear);
      if (isTarget(linear.name()) || (adapter.allLinear() && !head)) {
        throw InputError.about(JobKey.LORA_MODULES_TO_SAVE)
            .kind(ErrorKind.CONTRADICTION)
            .has(linear.lastName())
            .and(", which is a target of the adapters too")
            .allowed("one of both")
            .refusal();
      }
      if (!quantization.isNone() && !head) {
        throw InputError.about(JobKey.LORA_MODULES_TO_SAVE)
            .kind(ErrorKind.CONTRADICTION)
            .has(linear.lastName())
            .and(", which is stored as ", quantization.scheme(), " and cannot be trained")
            .allowed("modules that are not quantised")
            .refusal();
      }
    }
  }

  /** PEFT trains a copy of the classifier, in which no linear may be quantised. */
  private void checkClassifier(ResolvedJob job) {
    List<Linear> linears = architecture.head().linears();
    Linear last = linears.get(linears.size() - 1);
    linears.stream()
        .filter(AdapterChecks::isOfTrained)
        .filter(linear -> !linear.equals(last) || !keepsLast(last, job))
        .findFirst()
        .ifPresent(linear -> refuseClassifier(linear, job));
  }

  private static boolean isOfTrained(Linear linear) {
    String name = linear.name();
    return AdapterSettings.CLASS_HEADS.stream()
        .anyMatch(module -> name.equals(module) || name.startsWith(module + "."));
  }

  /**
   * {@code get_keys_to_not_convert} keeps the module of a model's last parameter in 16 bits; since
   * 5.0 it takes {@code .weight} alone from the name of that, so that {@code classifier.bias} is no
   * module's (transformers/quantizers/base.py; before, integrations/bitsandbytes.py).
   */
  private static boolean keepsLast(Linear last, ResolvedJob job) {
    return !last.bias() || !job.framework().transformers().atLeast(5, 0);
  }

  private static void refuseClassifier(Linear linear, ResolvedJob job) {
    boolean byMethod = job.method() == Method.QLORA;
    QuantizationScheme scheme = job.quantization().scheme();
    InputError error =
        byMethod
            ? InputError.about(JobKey.METHOD).isSet(job.method())
            : InputError.about(JobKey.QUANTIZATION_SCHEME).isSet(scheme);
    throw error
        .but("Transformers stores ", linear.name(), " as ", scheme, " too, of the classifier")
        .and(" that PEFT trains, which fails: \"only Tensors of floating point dtype can require")
        .and(" gradients\"")
        .allowed(byMethod ? Method.LORA : QuantizationScheme.NONE)
        .refusal();
  }

  /** PEFT names both, of which a classifier has one. */
  private boolean isOfClassifier(String name) {
    return AdapterSettings.CLASS_HEADS.contains(name) && architecture.head().classifies();
  }

  private InputException unknown(
      JobKey key, String name, String special, Collection<String> known) {
    others.refuse(key, name, modules.paths());
    String names = String.join(", ", known);
    return InputError.about(key)
        .has(name)
        .and(", which is no module of this ", architecture.modelType(), " model")
        .allowed(special.isEmpty() ? names : special + ", " + names)
        .near(name, known)
        .refusal();
  }
}
