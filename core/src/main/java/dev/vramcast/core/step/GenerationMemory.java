package dev.vramcast.core.step;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.KeyValueSize;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.objective.Settings;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.run.episode.Episode.Evaluation.Choice;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What is on the card for completions alone: keys and values, next tokens, or an engine.
 *
 * @param share what of the card an engine that generates beside the policy takes
 */
record GenerationMemory(
    Graph graph, Architecture architecture, ResolvedJob job, OptionalLong share) {

  private static final Operation ENGINE =
      Operation.of("LLM", "trl/generation/vllm_generation.py VLLMGeneration._init_vllm");

  private static final Operation GATHER =
      Operation.of(
          "GatheredParameters",
          "deepspeed/runtime/zero/partition_parameters.py GatheredParameters");

  private static final String CACHE = "keys and values";

  /**
   * What generates with the model's own code has all weights of ZeRO-3 gathered meanwhile
   * (trl/models/utils.py unwrap_model_for_generation), DeepSpeed's hybrid engine a part of them on
   * each of the GPUs that generate together (deepspeed/runtime/hybrid_engine.py generate).
   */
  @Nullable Tensor gathered() {
    Settings.Generation generation = job.objective().generated().orElseThrow();
    if (job.parallelism().strategy() != Strategy.ZERO3) {
      return null;
    }
    boolean shares = generation.engine() == GenerationEngine.DEEPSPEED_HYBRID;
    if (!shares && generation.engine() != GenerationEngine.TRANSFORMERS) {
      return null;
    }
    int ranks = shares ? generation.resident().tensor().orElse(1) : 1;
    long elements = Tensors.count(architecture) / ranks;
    return graph.allocate(
        GATHER, "gathered parameters", Category.GATHERED, elements, job.weightDtype());
  }

  /**
   * trl/models/utils.py add_hooks, which makes ZeRO-3 forget the order of modules. Where several
   * micro-batches come of what is generated at once, all but the first have seen it again.
   */
  boolean restoresHooks(Episode.Generation generation) {
    Settings.Generation asked = job.objective().generated().orElseThrow();
    return asked.engine() == GenerationEngine.TRANSFORMERS
        && generation.sequences() == job.batch().microBatch()
        && asked.iterations().orElse(1) == 1;
  }

  /**
   * Whether the model that generates is the prepared one, which accelerate's {@code unwrap_model}
   * leaves under autocast; PEFT's {@code generate} calls the model below it, and so does PPO's
   * wrapper of two models.
   */
  static boolean autocasts(ResolvedJob job, Resident resident) {
    return resident.settings().autocast()
        && job.adapter().isEmpty()
        && job.objective().stage() != Stage.PPO;
  }

  /**
   * The pass over the last token but one: keys of one layer are there twice while a token is put
   * behind them. TRL draws from all probabilities (grpo_trainer.py {@code generation_kwargs}).
   */
  void lastToken(Episode.Generation generation, Resident resident) {
    long rows = generation.sequences();
    long before = generation.length() - 1L;
    SearchWriter.NextToken token =
        new SearchWriter.NextToken(graph, job, resident, rows, autocasts(job, resident));
    try (Scope scope = Scope.of(graph)) {
      scope.own(keysAndValues(rows, before, token.dtype()));
      token.before(scope, Choice.DRAWN_FROM_ALL, 1);
      long half = rows * KeyValueSize.largest(architecture, before) / 2;
      graph.release(graph.allocate(Aten.CAT, CACHE, Category.ACTIVATIONS, half, token.dtype()));
      token.next(scope);
    }
  }

  /** All completions' logits, of a loop that keeps them; null elsewhere. */
  @Nullable Tensor keptLogits() {
    if (!job.frameworkCode().stages().rollsOut(job.objective().stage())) {
      return null;
    }
    return logits(completions());
  }

  /** Of an optimizer step. */
  private long completions() {
    return (long) job.batch().microBatch() * job.batch().gradAccum();
  }

  /** Of so many completions, in fp32 ({@code output_scores} of generate). */
  Tensor logits(long sequences) {
    int length = job.batch().sequenceLength();
    long each = job.objective().completed().orElseThrow().answer(length);
    long elements = sequences * each * architecture.vocabularySize();
    return graph.allocate(
        "logits of completions", Category.LOGITS_AND_LOSS, elements, DataType.FP32);
  }

  /**
   * trl/experimental/ppo/ppo_trainer.py batch_generation: logits of every token, a stack of them
   * for what is generated at once, and a tensor of all, when that of the batch before is gone.
   */
  void rolledOut(Episode.Generation generation, Resident resident, Tensor before) {
    long all = completions();
    long rest = all - generation.sequences();
    Tensor earlier = rest > 0 ? logits(rest) : null;
    Tensor tokens = logits(generation.sequences());
    lastToken(generation, resident);
    Tensor stack = logits(generation.sequences());
    graph.release(tokens);
    logits(all);
    graph.release(stack, before);
    if (earlier != null) {
      graph.release(earlier);
    }
  }

  Tensor keysAndValues(long sequences, long tokens, DataType dtype) {
    long elements = sequences * KeyValueSize.expanded(architecture, tokens);
    return graph.allocate(Aten.CAT, CACHE, Category.ACTIVATIONS, elements, dtype);
  }

  /** Whether an engine is on the card that does not give its memory back between generations. */
  boolean stays() {
    return share.isPresent() && !sleeps();
  }

  /** Whether an engine gives its memory back between generations. */
  boolean sleeps() {
    return share.isPresent() && GenerationEngine.sleeps(job.objective());
  }

  /** Weights and pool of an engine on the same card; where it lends its weights, its pool. */
  Tensor engine() {
    graph.site().operation(ENGINE);
    Stream from = sleeps() ? Stream.DRIVER : Stream.COMPUTE;
    long lent =
        job.objective().generated().orElseThrow().engine().lendsWeights()
            ? StoredWeights.bytes(architecture, job)
            : 0;
    return graph.allocateOn(
        from,
        Category.ENGINE.label(),
        Category.ENGINE,
        Math.max(0, share.orElse(0) - lent),
        DataType.UINT8);
  }
}
