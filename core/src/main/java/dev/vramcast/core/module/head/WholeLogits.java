package dev.vramcast.core.module.head;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.loss.Entropy;
import dev.vramcast.core.autograd.loss.LabelOps;
import dev.vramcast.core.autograd.loss.LossOps;
import dev.vramcast.core.autograd.op.FusedLayers;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.job.code.StageCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.run.episode.PassHead;
import dev.vramcast.core.run.episode.PassHead.Detail;
import dev.vramcast.core.run.episode.PassHead.Reports;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;

/**
 * Log-probabilities of labels from logits of all tokens: TRL's trainers of preferences up to 1.14,
 * and those of trl/experimental.
 */
record WholeLogits(HeadAndLoss head, PassHead.LogProbabilities asked) {

  private static final ModuleScope LOSS =
      ModuleScope.outside("loss", "trl/trainer/utils.py selective_log_softmax");

  /** As {@link HeadAndLoss#forward}. */
  HeadAndLoss.Output forward(Graph g, Tensor hidden, ShardUnit unit, Runnable returned) {
    Tensor input = lastTokens(g, hidden);
    Tensor narrow = g.rebind(input, unit.leave(head.logits(g, input)));
    if (head.settings().loss().returnsWide()) {
      narrow = g.rebind(narrow, Pointwise.cast(g, narrow, DataType.FP32, "logits in fp32"));
    }
    boolean layers = asked.details().contains(Detail.ALL_LAYERS);
    if (!layers) {
      returned.run();
    }
    // LLaMA-Factory's concatenated_forward casts them itself (llamafactory/train/dpo/trainer.py).
    StageCode code = head.settings().framework().stages();
    boolean widens =
        head.settings().outputsInFp32() && !asked.details().contains(Detail.UNWRAPPED)
            || code.does(StageHabit.WIDENS)
            || (asked.way() == StageHead.WHOLE && !code.does(StageHabit.KEEPS_DTYPE));
    Tensor logits =
        widens ? Pointwise.cast(g, narrow, DataType.FP32, "logits in fp32") : narrow.hold();
    if (layers) {
      // What accelerate makes of an output is there before what it is made of goes.
      returned.run();
    }
    g.release(narrow);
    return g.site().within(LOSS, () -> labelled(g, logits));
  }

  /** {@code logits_to_keep}: of each sequence the last tokens and the one before them. */
  private Tensor lastTokens(Graph g, Tensor hidden) {
    if (!asked.details().contains(Detail.LAST_TOKENS)) {
      return hidden.hold();
    }
    long width = head.architecture().hiddenSize();
    Tensor view = ShapeOps.slice(g, hidden.hold(), sequences() * tokens() * width);
    if (sequences() == 1) {
      return view;
    }
    return g.rebind(view, Pointwise.copy(g, view, "hidden states with labels"));
  }

  private long sequences() {
    return head.settings().batch();
  }

  /** Tokens of a sequence that have logits. */
  private long tokens() {
    return asked.details().contains(Detail.LAST_TOKENS)
        ? asked.labels() / sequences() + 1
        : head.settings().sequence();
  }

  /** Tokens of a sequence whose logits are scored. */
  private long scored() {
    if (asked.details().contains(Detail.COMPLETIONS)) {
      return asked.labels() / sequences();
    }
    return asked.details().contains(Detail.EVERY_TOKEN) ? tokens() : tokens() - 1;
  }

  private long words() {
    return head.architecture().vocabularySize();
  }

  /** What stands for the logits from now on. */
  private Tensor scaledInstead(Graph g, Tensor logits) {
    if (!asked.details().contains(Detail.TEMPERATURE_INSTEAD)
        || asked.way() != StageHead.SEQUENCES) {
      return logits;
    }
    Tensor scored = ShapeOps.slice(g, logits, scoredElements());
    return g.rebind(scored, Pointwise.scale(g, scored, "logits over temperature"));
  }

  private long scoredElements() {
    return sequences() * scored() * words();
  }

  private HeadAndLoss.Output labelled(Graph g, Tensor returned) {
    Tensor logits = scaledInstead(g, returned);
    boolean likelihood = asked.details().contains(Detail.LIKELIHOOD_OF_CHOSEN);
    Tensor ofChosen = likelihood ? likelihoodOfChosen(g, logits) : null;
    List<Tensor> named = new ArrayList<>();
    Tensor result = ofLabels(g, logits, named);
    long each = sequences() * scored();
    if (asked.details().contains(Detail.LIKELIHOOD_BESIDE)) {
      likelihoodBeside(g, logits, named);
    }
    if (asked.reports() == Reports.MEANS) {
      long answers = asked.longer() * words();
      g.release(statistics(g, Aten.INDEX, answers, logits.dtype()));
    }
    if (ofChosen == null) {
      return output(g, logits, named, result, each);
    }
    Tensor sum = ShapeOps.sum(g, result, 1, "loss");
    Tensor loss = g.rebind(ofChosen, sum, Pointwise.add(g, ofChosen, sum, "loss"));
    g.release(result, logits);
    return new HeadAndLoss.Output(loss, List.of());
  }

  /** Where the trainer's function ends with the log-probabilities, its logits end with it. */
  private HeadAndLoss.Output output(
      Graph g, Tensor logits, List<Tensor> named, Tensor result, long elements) {
    if (asked.details().contains(Detail.COPIES_ANSWERS)
        || asked.details().contains(Detail.ANSWERS_INSTEAD)) {
      nameAnswers(g, logits, named);
    }
    if (asked.details().contains(Detail.COMPLETIONS)) {
      named.add(logits);
    } else if (asked.reports().nameLogits() && !asked.details().contains(Detail.ANSWERS_INSTEAD)) {
      named.add(0, logits);
    } else if (asked.details().contains(Detail.NAMED_ON)) {
      named.add(logits);
    } else {
      g.release(logits);
    }
    return new HeadAndLoss.Output(result, List.of(), named, elements);
  }

  /** trl/experimental/kto/kto_trainer.py forward: index_select of all logits. */
  private void nameAnswers(Graph g, Tensor logits, List<Tensor> named) {
    long all = logits.elements();
    long good = (sequences() + 1) / 2 * (all / sequences());
    named.add(statistics(g, Aten.INDEX, good, logits.dtype()));
    named.add(statistics(g, Aten.INDEX, all - good, logits.dtype()));
  }

  /**
   * Log-probabilities of labels.
   *
   * @param named takes what the trainer's function has a name for besides
   */
  private Tensor ofLabels(Graph g, Tensor logits, List<Tensor> named) {
    try (Scope scope = Scope.of(g)) {
      long elements = scoredElements();
      Tensor all = logits.hold();
      if (asked.details().contains(Detail.QUOTIENTS)) {
        all = g.rebind(all, Pointwise.scale(g, all, "logits over temperature"));
      }
      if (asked.details().contains(Detail.TEMPERATURE_IN_PLACE)
          && asked.way() == StageHead.SEQUENCES) {
        all = ShapeOps.scaleSliceInPlace(g, all, elements);
      }
      boolean every = elements == all.elements();
      Tensor scored = scope.own(every ? all : cut(g, all, elements));
      if (asked.details().contains(Detail.TEMPERATURE) && asked.way() == StageHead.SEQUENCES) {
        scored = scope.own(Pointwise.scale(g, scored, "logits over temperature"));
      }
      if (copiesScored()) {
        scored = scope.own(Pointwise.copy(g, scored, "contiguous logits"));
        if (asked.reports().nameLogits()) {
          named.add(scored.hold());
        }
      }
      Tensor result = made(g, scored);
      boolean byCopy = asked.way() == StageHead.SEQUENCES;
      if (asked.reports() == Reports.ENTROPY && byCopy && g.gradEnabled()) {
        entropy(g, elements, scored.dtype(), false);
      }
      return result;
    }
  }

  /** {@code logits[:, :-1, :]}; takes over the argument. */
  private static Tensor cut(Graph g, Tensor logits, long elements) {
    return LossOps.withoutLastToken(g, ShapeOps.wholeSlices(g, logits, 1), elements);
  }

  /** A slice of one sequence is contiguous. */
  private boolean copiesScored() {
    return asked.details().contains(Detail.CONTIGUOUS) && sequences() > 1;
  }

  private Tensor made(Graph g, Tensor scored) {
    long each = scored();
    boolean cut = each < tokens() && sequences() > 1;
    return switch (asked.way()) {
      case IN_PLACE -> FusedLayers.crossEntropyInPlace(g, scored, sequences() * each);
      case KERNEL -> LabelOps.kernel(g, scored, sequences() * each);
      case SEQUENCES -> LabelOps.bySequence(g, scored, (int) sequences(), each);
      case WHOLE, AT_ONCE -> LabelOps.whole(g, scored, sequences() * each, cut);
      default -> throw new IllegalArgumentException(asked.way().label());
    };
  }

  /** trl/experimental/orpo/orpo_trainer.py concatenated_forward, cross_entropy_loss. */
  private Tensor likelihoodOfChosen(Graph g, Tensor logits) {
    try (Scope scope = Scope.of(g)) {
      Tensor chosen = ShapeOps.slice(g, logits.hold(), logits.elements() / 2);
      long elements = sequences() / 2 * (tokens() - 1) * words();
      Tensor shifted = scope.own(ShapeOps.slice(g, chosen, elements));
      Tensor copy =
          sequences() > 2 ? scope.own(Pointwise.copy(g, shifted, "shifted logits")) : shifted;
      return LossOps.crossEntropy(g, copy);
    }
  }

  /**
   * trl/trainer/dpo_trainer.py cross_entropy_loss (0.9 to 0.11): of a copy, whose log-probabilities
   * the graph keeps that nobody goes back through.
   */
  private void likelihoodBeside(Graph g, Tensor logits, List<Tensor> named) {
    long elements = sequences() / 2 * (tokens() - 1) * words();
    Tensor copy =
        sequences() > 2 ? statistics(g, Aten.CLONE, elements, logits.dtype()) : logits.hold();
    Tensor probabilities = statistics(g, Aten.LOG_SOFTMAX, elements, logits.dtype());
    g.release(copy);
    if (g.gradEnabled()) {
      named.add(probabilities);
    } else {
      g.release(probabilities);
    }
  }

  /**
   * What a trainer of preferences logs when all passes have run (trl/trainer/dpo_trainer.py and
   * kto_trainer.py _compute_loss, 1.12 and 1.14).
   */
  void report(Graph g, HeadAndLoss.Output output) {
    g.site().within(LOSS, () -> logged(g, output));
  }

  private void logged(Graph g, HeadAndLoss.Output output) {
    Reports reports = asked.reports();
    boolean whole = asked.way() == StageHead.WHOLE || asked.way() == StageHead.AT_ONCE;
    if (!reports.nameLogits() || reports == Reports.SUMS || whole) {
      return;
    }
    DataType dtype = output.beside().get(0).dtype();
    long elements = scoredElements();
    if (asked.way() == StageHead.SEQUENCES) {
      entropy(g, elements, dtype, sequences() > 1 && !copiesScored());
    }
    if (reports.sums()) {
      return;
    }
    try (Scope scope = Scope.of(g)) {
      if (reports == Reports.ANSWERS) {
        long good = (sequences() + 1) / 2 * (tokens() - 1) * words();
        scope.own(statistics(g, Aten.INDEX, good, dtype));
        scope.own(statistics(g, Aten.INDEX, elements - good, dtype));
      }
      scope.own(statistics(g, Aten.INDEX, asked.longer() * words(), dtype));
    }
  }

  /** trl/trainer/utils.py entropy_from_logits, of tokens that are put in a row first. */
  private void entropy(Graph g, long elements, DataType dtype, boolean copies) {
    try (Scope scope = Scope.of(g)) {
      if (copies) {
        scope.own(statistics(g, Aten.CLONE, elements, dtype));
      }
      Entropy.of(g, elements, words(), dtype);
    }
  }

  private static Tensor statistics(Graph g, Operation operation, long elements, DataType dtype) {
    return g.allocate(operation, "loss statistics", Category.LOGITS_AND_LOSS, elements, dtype);
  }
}
