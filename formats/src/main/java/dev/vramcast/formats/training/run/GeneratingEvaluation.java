package dev.vramcast.formats.training.run;

import dev.vramcast.core.job.code.EvaluationCode;
import dev.vramcast.core.job.code.EvaluationCode.Generation;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What an evaluation generates, where a file says that it does. */
final class GeneratingEvaluation {

  /** {@code max_new_tokens} of LLaMA-Factory (src/llamafactory/hparams/generating_args.py). */
  private static final int NEW_TOKENS = 1024;

  /** Classes of Transformers that load a model with an encoder and a decoder. */
  private static final Pattern ENCODER_DECODER =
      Pattern.compile(
          "AutoModelForSeq2SeqLM|(?:M?T5|UMT5|LongT5|M?Bart|Pegasus|PegasusX|LED|M2M100"
              + "|BlenderbotSmall|Blenderbot|SwitchTransformers|ProphetNet|BigBirdPegasus"
              + "|NllbMoe|T5Gemma)ForConditionalGeneration");

  private final JobBuilder job;

  private GeneratingEvaluation(JobBuilder job) {
    this.job = job;
  }

  /** Takes how much that is, or says that it is not counted. */
  static void read(JobBuilder job) {
    GeneratingEvaluation read = new GeneratingEvaluation(job);
    job.get("predict_with_generate").filter(Setting::bool).ifPresent(read::tokens);
    job.get("generate_during_eval").filter(Setting::bool).ifPresent(read::lacks);
  }

  private void tokens(Setting at) {
    if (!isDescribed()) {
      lacks(at);
    } else if (job.is(JobKey.FRAMEWORK_NAME, "llama-factory")) {
      tokensOfFactory(at);
    } else if (job.get("compute_metrics").isEmpty()) {
      // transformers/trainer.py evaluate asks for the loss alone then.
      return;
    } else if (job.get("generation_max_length").isPresent() && !readsPrompts()) {
      job.take("generation_max_length", JobKey.EVALUATION_NEW_TOKENS);
      job.take("generation_num_beams", JobKey.EVALUATION_BEAMS);
    } else {
      lacks(at);
    }
  }

  /**
   * With none or fewer, {@code max_length} counts, with the prompt (generating_args.py to_dict).
   */
  private void tokensOfFactory(Setting at) {
    Optional<Setting> given = job.get("max_new_tokens");
    if (given.filter(tokens -> tokens.whole() < 1).isPresent()) {
      lacks(given.get());
      return;
    }
    given.ifPresentOrElse(
        tokens -> job.put(JobKey.EVALUATION_NEW_TOKENS, tokens),
        () -> job.put(JobKey.EVALUATION_NEW_TOKENS, NEW_TOKENS, at));
    job.take("num_beams", JobKey.EVALUATION_BEAMS);
  }

  /**
   * Whether {@code max_length}, which Seq2SeqTrainer sets, counts the prompt too: it does where the
   * model is no encoder-decoder, whose decoder begins with a token of its own
   * (transformers/generation/utils.py _prepare_generated_length).
   */
  private boolean readsPrompts() {
    return job.get(TrainingFile.LOADER)
        .filter(loader -> ENCODER_DECODER.matcher(loader.shown()).matches())
        .isEmpty();
  }

  private void lacks(Setting at) {
    job.lacks(
        at,
        at.key() + ": an evaluation is counted without what it generates; ",
        JobKey.EVALUATION_NEW_TOKENS,
        " says how much that is");
  }

  /** Whether the code that generates is described. */
  private boolean isDescribed() {
    boolean supervised = !job.has(JobKey.STAGE) || job.is(JobKey.STAGE, "sft");
    Generation way = job.code().get(EvaluationCode.GENERATION);
    boolean behindTexts = way == Generation.BEFORE_LOSS || way == Generation.ALONE;
    return behindTexts && supervised && !spreads() && !job.has(JobKey.IMAGES);
  }

  private boolean spreads() {
    return job.has(JobKey.STRATEGY)
        && Stream.of(Strategy.values())
            .filter(Strategy::keepsWeightsWhole)
            .noneMatch(strategy -> job.is(JobKey.STRATEGY, strategy.label()));
  }
}
