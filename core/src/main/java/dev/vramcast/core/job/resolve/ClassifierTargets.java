package dev.vramcast.core.job.resolve;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.job.rule.PartialJob;
import java.util.List;

/**
 * PEFT trains the classifier of tokens whole (PeftModelForTokenClassification), and fails where it
 * has adapted that before (peft/utils/other.py AuxiliaryTrainingWrapper.check_module): {@code
 * all-linear} leaves out classifiers of sequences alone (peft/tuners/tuners_utils.py
 * _maybe_include_all_linear_layers).
 */
final class ClassifierTargets {

  private ClassifierTargets() {}

  static void check(PartialJob d, Objective objective, FrameworkCode code) {
    boolean all = d.isSet(JobKey.LORA_TARGETS, List.of(AdapterSettings.ALL_LINEAR));
    boolean byPeft = !code.is(LayerCode.NAMES_LINEARS) && !code.hasOwnModels();
    if (objective.classifiesTokens() && d.method().trainsAdapters() && all && byPeft) {
      throw d.given(JobKey.LORA_TARGETS)
          .kind(ErrorKind.CONTRADICTION)
          .and(", by which PEFT adapts the classifier of tokens that it trains whole, and fails")
          .allowed("the names of linears")
          .refusal();
    }
  }
}
