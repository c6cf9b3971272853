package dev.vramcast.core.job.objective;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.units.DataType;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Settings that several stages share; what is empty, the framework decides. */
public interface Settings {

  /**
   * The model that the policy is compared with.
   *
   * @param source none where the policy is compared with no model
   * @param dtype of a copy; empty for the policy's
   * @param quantization of a copy; empty for the policy's
   * @param onHost a copy's weights are in host memory but while it runs
   */
  record Reference(
      ReferenceSource source,
      Optional<DataType> dtype,
      Optional<QuantizationScheme> quantization,
      boolean onHost) {}

  /** Tokens of a prompt and of the two answers to it. */
  record Pairs(Optional<Integer> prompt, Optional<Integer> chosen, Optional<Integer> rejected) {

    /**
     * Tokens of both answers of a pair. Where nothing is said of an answer it takes what the prompt
     * leaves of the sequence, and where nothing is said of that, all but one token.
     *
     * @param sequence tokens of prompt and answer
     */
    public long answers(int sequence) {
      int rest = Math.max(1, sequence - prompt.orElse(1));
      return (long) chosen.orElse(rest) + rejected.orElse(rest);
    }

    /** Tokens of the longer of both, as {@link #answers}. */
    public long longer(int sequence) {
      int rest = Math.max(1, sequence - prompt.orElse(1));
      return Math.max(chosen.orElse(rest), rejected.orElse(rest));
    }
  }

  /**
   * Tokens of a prompt and of the answer to it.
   *
   * @param mean of what is generated
   */
  record Completions(
      Optional<Integer> prompt, Optional<Integer> completion, Optional<Integer> mean) {

    /** Tokens of the answer, as {@link Pairs#answers}. */
    public int answer(int sequence) {
      return completion.orElse(Math.max(1, sequence - prompt.orElse(1)));
    }
  }

  /**
   * The loss, as the trainer calls it.
   *
   * @param types names of what is added up
   * @param beta weight of the reference
   * @param alpha weight of CPO's supervised loss, or of the cross-entropy at places of a text
   */
  record Loss(List<String> types, Optional<Double> beta, Optional<Double> alpha) {

    public Loss {
      types = List.copyOf(types);
    }
  }

  /**
   * How completions are generated.
   *
   * @param groupSize completions per prompt
   * @param stepsPerGeneration micro-batches per generation
   * @param iterations updates per generated batch
   * @param resident what of the engine is on the GPUs
   * @param offloaded what of the training leaves the GPUs while an engine on them generates
   */
  record Generation(
      GenerationEngine engine,
      Optional<Integer> groupSize,
      Optional<Integer> stepsPerGeneration,
      Optional<Integer> iterations,
      Engine resident,
      Set<OffloadTarget> offloaded) {

    public Generation {
      offloaded = Set.copyOf(offloaded);
    }

    /**
     * Micro-batches whose completions are generated at once.
     *
     * @param accumulated those of a step, which it is where nobody says
     */
    public int microBatches(int accumulated) {
      return stepsPerGeneration.orElse(accumulated);
    }
  }

  /**
   * Places of a text at which tokens are generated, all of them at once.
   *
   * @param first tokens before the first place
   * @param stride tokens from one place to the next
   * @param tokens that are generated at each
   * @param rollouts how often each text is gone on with
   * @param likelihood the text's own tokens are part of the loss
   */
  record Places(int first, int stride, int tokens, int rollouts, boolean likelihood) {

    /** Places of a text of so many tokens; 0 where it is too short for any. */
    public int count(int length) {
      int room = length - tokens - first;
      return room < 0 ? 0 : room / stride + 1;
    }
  }

  /**
   * The engine's own settings.
   *
   * @param memoryFraction share of the whole card that it takes
   * @param sleep its sleep level between generations
   * @param longest tokens of its longest sequence
   * @param tensor its tensor-parallel degree
   * @param gpus of a server, beside those of the job
   * @param ahead a server makes the next batch while this one is trained on
   */
  record Engine(
      Optional<Double> memoryFraction,
      Optional<Integer> sleep,
      Optional<Integer> longest,
      Optional<Integer> tensor,
      int gpus,
      boolean ahead) {}

  /**
   * A model beside the policy that gives a number for a token or a sequence.
   *
   * @param name what the job says of it
   * @param architecture with a head of one number; empty where the job gives a name alone
   */
  record Companion(String name, Optional<Architecture> architecture) {}

  /**
   * The texts of an example, whose vectors are compared.
   *
   * @param loss what is compared with what
   * @param texts an anchor, its positive, and negatives
   * @param anchor tokens of an anchor; empty for those of the others
   * @param miniBatch texts that are embedded at a time, where gradients of vectors are cached
   * @param widths of the vectors that a loss is computed of (Matryoshka); empty for the whole ones
   */
  record Contrast(
      ContrastiveLoss loss,
      int texts,
      Optional<Integer> anchor,
      Optional<Integer> miniBatch,
      Pooling pooling,
      List<Integer> widths) {

    public Contrast {
      widths = List.copyOf(widths);
    }
  }

  /**
   * The model that is distilled, or the guide of an embedding.
   *
   * @param name what the job says of it
   * @param architecture empty where the job gives a name alone
   */
  record Teacher(
      String name,
      Optional<Architecture> architecture,
      DataType dtype,
      QuantizationScheme quantization) {}
}
