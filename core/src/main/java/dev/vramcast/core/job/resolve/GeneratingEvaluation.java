package dev.vramcast.core.job.resolve;

import dev.vramcast.core.architecture.KeyValueSize;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.code.EvaluationCode;
import dev.vramcast.core.job.code.EvaluationCode.Generation;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.rule.PartialJob;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What an evaluation generates, where a job says that it does. */
record GeneratingEvaluation(PartialJob d, Stage stage, FrameworkCode code) {

  /** Whose policy generates alone (trl/experimental/orpo and cpo, generate_from_model). */
  private static final Set<Stage> MODELLED = EnumSet.of(Stage.ORPO, Stage.CPO);

  /**
   * Refuses what no trainer does.
   *
   * @throws dev.vramcast.core.input.InputException where the job contradicts itself or the trainer
   */
  void check() {
    if (way() != Generation.OF_PAIRS || stage == Stage.SFT) {
      return;
    }
    if (!code.get(EvaluationCode.GENERATING).contains(stage)) {
      throw d.given(JobKey.EVALUATION_NEW_TOKENS)
          .but(framework(), d.frameworkVersion().map(version -> " " + version).orElse(""))
          .and(" generates nothing where it evaluates in ", JobKey.STAGE, " ", stage)
          .allowed("0")
          .refusal();
    }
    // A prompt has a token at least.
    if (d.whole(JobKey.EVALUATION_NEW_TOKENS) >= d.whole(JobKey.SEQUENCE_LENGTH)) {
      throw d.given(JobKey.EVALUATION_NEW_TOKENS)
          .but(JobKey.SEQUENCE_LENGTH, " is ", d.whole(JobKey.SEQUENCE_LENGTH))
          .and(", up to which answers are drawn behind their prompts")
          .allowed("less")
          .refusal();
    }
  }

  Optional<Gap> missing() {
    Gap tokens = Gap.about(JobKey.EVALUATION_NEW_TOKENS);
    boolean supervised = stage == Stage.SFT;
    if (way() == Generation.UNKNOWN) {
      return Optional.of(
          tokens.and(" of framework ", framework()).needs("how its evaluation generates"));
    } else if (supervised && way() == Generation.OF_PAIRS) {
      return Optional.of(
          tokens
              .and(" of framework ", framework(), " in ", JobKey.STAGE, " ", stage)
              .modelled("transformers, llama-factory"));
    } else if (!supervised && way() == Generation.OF_PAIRS && !MODELLED.contains(stage)) {
      return Optional.of(
          tokens
              .and(" of ", JobKey.STAGE, " ", stage)
              .needs("what its reference generates")
              .modelled("orpo, cpo"));
    } else if (!supervised && way() != Generation.OF_PAIRS) {
      return Optional.of(tokens.and(" of ", JobKey.STAGE, " ", stage));
    }
    return ofModel(tokens);
  }

  private Optional<Gap> ofModel(Gap tokens) {
    if (!d.strategy().keepsWeightsWhole()) {
      return Optional.of(tokens.and(" under ", JobKey.STRATEGY, " ", d.strategy()));
    } else if (d.whole(JobKey.IMAGES) > 0) {
      return Optional.of(tokens.and(" with ", JobKey.IMAGES));
    } else if (d.differs(JobKey.AUDIO_SECONDS)) {
      return Optional.of(tokens.and(" with ", JobKey.AUDIO_SECONDS));
    } else if (d.model().filter(KeyValueSize::leavesOut).isPresent()) {
      return Optional.of(
          tokens.and(" of layers with a recurrent state").needs("what is kept of it"));
    }
    // Its generate is its own (transformers/models/whisper/generation_whisper.py).
    boolean hears = d.model().filter(each -> each.hears() && !each.readsText()).isPresent();
    return hears ? Optional.of(tokens.and(" of what hears sound")) : Optional.empty();
  }

  private Generation way() {
    return code.get(EvaluationCode.GENERATION);
  }

  private String framework() {
    return d.get(JobKey.FRAMEWORK_NAME, String.class);
  }
}
