package dev.vramcast.core.module.head;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.loss.LossOps;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.PassHead;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.List;

/** The language-model head, and what a pass asks of it. */
public record HeadAndLoss(Architecture architecture, StepSettings settings, HeadLayers layers) {

  private static final Operation SEED =
      Operation.of("aten::ones_like", "torch/autograd/__init__.py _make_grads");

  /**
   * What the forward pass returns.
   *
   * @param loss the loss, or what it is computed from once all passes of the step have run
   * @param logits empty when the loss never makes them
   * @param beside what else lives until the loss is computed
   * @param seedElements of the fp32 gradient from which the backward pass begins
   */
  public record Output(Tensor loss, List<Tensor> logits, List<Tensor> beside, long seedElements) {

    /** A loss of one number. */
    Output(Tensor loss, List<Tensor> logits) {
      this(loss, logits, List.of(), 1);
    }

    /** The gradient from which the backward pass begins. */
    public Tensor seed(Graph g) {
      return g.allocate(SEED, "loss", Category.LOGITS_AND_LOSS, seedElements, DataType.FP32);
    }
  }

  /**
   * Runs head and loss; {@code hidden} stays the caller's.
   *
   * @param pass what is asked for, and how it is computed
   * @param unit to which head and norm before it belong
   * @param returned what happens where the model returns before the loss is computed
   */
  public Output forward(Graph g, Tensor hidden, Pass pass, ShardUnit unit, Runnable returned) {
    if (pass.head() instanceof PassHead.LogProbabilities asked) {
      return new LogProbabilities(this, asked).forward(g, hidden, unit, returned);
    }
    if (pass.head() instanceof PassHead.Logits) {
      Tensor logits = unit.leave(logits(g, hidden));
      return new Output(logits.hold(), List.of(logits));
    }
    if (pass.head() instanceof PassHead.NextTokens) {
      return new NextTokens(this).forward(g, hidden, unit, returned);
    }
    if (pass.head() instanceof PassHead.Compared asked) {
      return new ComparedLogits(this, asked.way(), asked.labels())
          .ofTeacher(g, hidden, unit, returned);
    }
    if (pass.head() instanceof PassHead.Divergence asked) {
      return new ComparedLogits(this, asked.way(), asked.labels())
          .logits(g, hidden, unit, returned);
    }
    if (pass.head() instanceof PassHead.HiddenStates states) {
      return Divergence.states(this, g, hidden, states.labels());
    }
    if (pass.head() instanceof PassHead.Embedding asked) {
      return new PooledStates(this, asked.pooling()).forward(g, hidden, unit, returned);
    }
    if (pass.head() instanceof PassHead.Values) {
      return values(g, hidden, unit, returned);
    }
    if (pass.head() instanceof PassHead.PairScores) {
      return new PairScores(this).forward(g, hidden, unit, returned);
    }
    if (pass.head() instanceof PassHead.PairValues) {
      return new PairValues(this).forward(g, hidden, unit, returned);
    }
    LossKernel kernel = ((PassHead.Loss) pass.head()).kernel();
    return new TokenLoss(this).forward(g, hidden, kernel, unit, returned);
  }

  /** A number a token; the loss over them is made of that many numbers, and left out. */
  private Output values(Graph g, Tensor hidden, ShardUnit unit, Runnable returned) {
    Tensor logits = unit.leave(logits(g, hidden));
    returned.run();
    Tensor values = g.rebind(logits, Pointwise.cast(g, logits, DataType.FP32, "values"));
    return new Output(values, List.of(), List.of(), values.elements());
  }

  /**
   * The loss of a head that is compared with another model's; {@code hidden} stays the caller's.
   *
   * @param other the head of that model
   * @param states what a pass to {@link PassHead.HiddenStates} gave of it
   */
  public Output compare(
      Graph g,
      Tensor hidden,
      PassHead.Divergence asked,
      ShardUnit unit,
      HeadAndLoss other,
      Output states) {
    return new Divergence(this, asked).forward(g, hidden, unit, states.loss(), other);
  }

  /**
   * The loss over logits of two models; all of them stay the caller's.
   *
   * @param student its pieces
   * @param teacher likewise
   */
  public Tensor compareLogits(
      Graph g, PassHead.Divergence asked, List<Tensor> student, List<Tensor> teacher) {
    return new ComparedLogits(this, asked.way(), asked.labels())
        .loss(g, student, teacher, asked.mixture());
  }

  /** What is made of {@code output} for the trainer's log, once all passes of the step have run. */
  public void report(Graph g, Output output, Pass pass) {
    if (pass.head() instanceof PassHead.LogProbabilities asked) {
      new LogProbabilities(this, asked).report(g, output);
    }
  }

  /** Features of hidden states of all tokens, which not every model's head takes as they were. */
  public long width(Tensor hidden) {
    return hidden.elements() / settings.tokens();
  }

  /** What the head makes of hidden states, which stay the caller's. */
  public Tensor logits(Graph g, Tensor hidden) {
    Tensor logits = layers.forward(g, hidden);
    int degrees = settings.loss().logitGatherDegree();
    if (degrees == 1) {
      return logits;
    }
    return g.rebind(
        logits, ShapeOps.resized(g, logits, logits.elements() * degrees, "gathered logits"));
  }

  /** Logits and gradients of {@code chunkRows} tokens at a time, in the forward pass. */
  Tensor fused(Graph g, Tensor hidden, long chunkRows) {
    return fused(g, hidden, chunks(chunkRows, false, false));
  }

  LossOps.FusedChunks chunks(long rows, boolean addsInPlace, boolean drops) {
    return new LossOps.FusedChunks(
        Math.min(rows, settings.tokens()),
        architecture.vocabularySize(),
        settings.tokens(),
        addsInPlace,
        drops);
  }

  Tensor fused(Graph g, Tensor hidden, LossOps.FusedChunks chunks) {
    return LossOps.fusedLinear(
        g,
        hidden,
        parameter().value(),
        chunks,
        () -> weight(g, g.autocast() ? g.autocastDtype() : parameter().dtype()));
  }

  Tensor weight(Graph g, DataType dtype) {
    return Matrix.castWeight(g, parameter(), dtype);
  }

  Parameter parameter() {
    return layers.lastWeight();
  }
}
