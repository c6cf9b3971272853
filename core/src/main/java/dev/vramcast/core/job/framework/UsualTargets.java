package dev.vramcast.core.job.framework;

import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.rule.LoraTargets;
import dev.vramcast.core.job.rule.PartialJob;
import java.util.List;

/** Which modules most people adapt, where PEFT does not take all linears of a model. */
final class UsualTargets {

  private UsualTargets() {}

  static List<String> projections(PartialJob d) {
    return d.model()
        .map(
            model ->
                LoraTargets.projections(
                    model, model.traits().adapters().refusedBy(d.version(JobKey.PEFT_VERSION))))
        .orElse(LoraTargets.PROJECTIONS);
  }

  /** Whether PEFT takes a linear before the classifier for it, which all-linear adapts too. */
  static boolean nameClassifier(PartialJob d) {
    Stage stage = d.get(JobKey.STAGE, Stage.class);
    return stage == Stage.TOKEN_CLASSIFICATION
        || stage == Stage.CLASSIFICATION
            && d.encodes()
            && d.document().model().filter(UsualTargets::nestsNames).isPresent();
  }

  private static boolean nestsNames(ModelConfig config) {
    List<Linear> linears = Families.classifying(config, 2).head().linears();
    String last = linears.get(linears.size() - 1).name();
    return linears.stream()
        .map(Linear::name)
        .anyMatch(name -> !name.equals(last) && name.endsWith(last));
  }

  static boolean refusesLinears(PartialJob d) {
    return d.model()
        .map(model -> model.traits().adapters())
        .filter(
            peft ->
                !peft.refusedBy(d.version(JobKey.PEFT_VERSION)).isEmpty()
                    || peft.severalResults().contains(d.version(JobKey.TRANSFORMERS_VERSION)))
        .isPresent();
  }

  /** All linears are targets, those of experts among them (peft/tuners/lora/layer.py). */
  static boolean adaptsStacks(PartialJob d) {
    boolean all =
        !d.isSet(JobKey.LORA_TARGETS)
            || d.list(JobKey.LORA_TARGETS, String.class).contains(AdapterSettings.ALL_LINEAR);
    return all
        && d.model()
            .map(model -> model.traits().adapters().rewrites())
            .filter(rewrites -> rewrites.contains(d.version(JobKey.TRANSFORMERS_VERSION)))
            .isPresent();
  }
}
