package dev.vramcast.formats.write.train.llamafactory;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.ReferenceSource;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.formats.write.train.Carried;
import dev.vramcast.formats.write.train.FileDefaults;
import dev.vramcast.formats.write.train.JobCoverage;
import dev.vramcast.formats.write.train.OutputKeys;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code stage} and {@code pref_loss}: src/llamafactory/hparams/finetuning_args.py of 0.9.5. */
final class LlamaFactoryStage {

  static final Set<Stage> STAGES =
      EnumSet.of(Stage.DPO, Stage.KTO, Stage.ORPO, Stage.CPO, Stage.REWARD, Stage.PPO);

  private static final List<String> LOSSES = List.of("sigmoid", "hinge", "ipo");

  private LlamaFactoryStage() {}

  static void put(JobCoverage coverage, OutputKeys output) {
    switch (coverage.stage()) {
      case DPO -> {
        output.put("stage", "dpo").put("pref_loss", loss(coverage));
        if (coverage.is(JobKey.REFERENCE, ReferenceSource.PRECOMPUTED)) {
          throw coverage.refusal(JobKey.REFERENCE, "adapter-off, copy");
        }
      }
      case ORPO -> output.put("stage", "dpo").put("pref_loss", "orpo");
      case CPO -> {
        if (!coverage.is(JobKey.LOSS_TYPE, List.of("simpo"))) {
          throw coverage.refusal(JobKey.LOSS_TYPE, "simpo");
        }
        output.put("stage", "dpo").put("pref_loss", "simpo");
        coverage.says(JobKey.LOSS_TYPE);
      }
      case KTO -> output.put("stage", "kto");
      case REWARD -> output.put("stage", "rm");
      case PPO -> {
        LlamaFactoryProximal.put(coverage, output);
        return;
      }
      default -> {
        output.put("stage", "sft");
        return;
      }
    }
    if (coverage.stage() != Stage.REWARD) {
      coverage.wanted(JobKey.BETA, Double.class).ifPresent(beta -> output.put("pref_beta", beta));
      coverage.says(JobKey.BETA);
    }
  }

  /**
   * The file's own, in the folder that it names or leaves to the framework. Else an example: ONLINE
   * takes instructions of the Hub alone; the demonstrations are LLaMA-Factory's own.
   */
  static void data(JobCoverage coverage, OutputKeys output) {
    Optional<Object> own = Carried.ownData(coverage);
    if (own.isPresent()) {
      output.put("dataset", own.get());
      return;
    }
    switch (coverage.stage()) {
      case DPO, ORPO, CPO, REWARD -> remote(output, "dpo_en_demo");
      case KTO -> remote(output, "kto_en_demo");
      default -> output.put("dataset_dir", "ONLINE").put("dataset", FileDefaults.DATA_SET);
    }
  }

  private static void remote(OutputKeys output, String name) {
    output.put("dataset_dir", "REMOTE:llamafactory/demo_data").put("dataset", name);
  }

  private static String loss(JobCoverage coverage) {
    List<String> types = coverage.words(JobKey.LOSS_TYPE);
    String type = types.isEmpty() ? "sigmoid" : types.size() == 1 ? types.get(0) : "several";
    if (!LOSSES.contains(type)) {
      throw coverage.refusal(JobKey.LOSS_TYPE, String.join(", ", LOSSES));
    }
    coverage.settles(JobKey.LOSS_TYPE, List.of(type));
    return type;
  }
}
