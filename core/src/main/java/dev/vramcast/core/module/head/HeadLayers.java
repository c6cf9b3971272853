package dev.vramcast.core.module.head;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.module.linear.DenseLinear;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.Activations;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.shard.Sharding;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The layers from hidden states to logits: one linear, or a transform before it (transformers
 * BertLMPredictionHead, RobertaLMHead, ModernBertPredictionHead), or a classifier of the first or
 * last token (BertPooler, GenericForSequenceClassification), or of all.
 *
 * @param norm between transform and last linear, null for none
 */
public record HeadLayers(
    Head head, StepSettings settings, List<Projection> projections, @Nullable Norms norm) {

  private static final String NORMALISED = "normalised weight";

  /**
   * Puts their parameters onto the trace; the unit is that of what makes the logits.
   *
   * @param tied the table that a tied head has, null where it has a weight of its own
   */
  public static Sharding.InUnit<HeadLayers> load(
      ModuleFactory modules,
      Architecture architecture,
      StepSettings settings,
      @Nullable Parameter tied) {
    Head head = architecture.head();
    boolean unread = head.kind() == Head.Kind.HIDDEN_STATES;
    List<Projection> projections = new ArrayList<>();
    ShardUnit unit = ShardUnit.NONE;
    for (Linear linear : head.linears()) {
      boolean last = projections.size() == head.linears().size() - 1;
      Sharding.InUnit<Projection> made =
          modules.unit(
              last ? Sharding.Place.HEAD : Sharding.Place.OTHER,
              () ->
                  last && !unread
                      ? modules.head(linear, tied)
                      : modules.frozen(unread, () -> modules.projection(linear)));
      projections.add(made.part());
      unit = made.unit();
    }
    if (settings.code().end().biased()) {
      modules.buffer("logits bias", architecture.vocabularySize());
    }
    Norms norm =
        head.transform()
            .norm()
            .map(each -> modules.unit(Sharding.Place.OTHER, () -> modules.headNorm(each)).part())
            .orElse(null);
    return new Sharding.InUnit<>(new HeadLayers(head, settings, projections, norm), unit);
  }

  /** The logits; the argument stays the caller's. */
  Tensor forward(Graph g, Tensor hidden) {
    ModuleScope scope =
        projections.isEmpty() ? g.site().module() : projections.get(projections.size() - 1).scope();
    try (Scope frame = Scope.of(g, scope)) {
      return frame.result(logits(g, hidden));
    }
  }

  /** BertPooler of the first token; the argument stays the caller's. */
  Tensor pooled(Graph g, Tensor hidden) {
    Tensor first = ShapeOps.slice(g, hidden.hold(), hidden.elements() / settings.sequence());
    Tensor dense = g.rebind(first, projections.get(0).forward(g, first));
    return g.rebind(dense, Pointwise.savingResult(g, Aten.TANH, dense, "pooled"));
  }

  private Tensor logits(Graph g, Tensor hidden) {
    Tensor logits =
        switch (head.kind()) {
          case SEQUENCE_CLASSIFICATION -> classify(g, hidden);
          case TOKEN_CLASSIFICATION ->
              last(g, Pointwise.dropout(g, hidden, head.dropout(), "hidden states"));
          case LANGUAGE_MODEL, MASKED_LANGUAGE_MODEL, SPARSE_MASKED_LANGUAGE_MODEL, HIDDEN_STATES ->
              last(g, transformed(g, hidden));
        };
    if (settings.code().end().biased()) {
      logits = biased(g, logits);
    }
    if (head.logits().scaled()) {
      logits = g.rebind(logits, Pointwise.scale(g, logits, "logits"));
    }
    return head.logits().softcap() > 0 ? capped(g, logits) : logits;
  }

  /** transformers BartForConditionalGeneration.forward; takes over the logits. */
  private Tensor biased(Graph g, Tensor logits) {
    long words = head.linears().get(head.linears().size() - 1).out();
    DataType dtype = settings.job().weightDtype();
    Tensor constant = Pointwise.detached(g, words, dtype, "logits bias");
    return g.rebind(logits, constant, Pointwise.add(g, logits, constant, "logits"));
  }

  /** Dense, activation and norm before the last linear, where there are two. */
  private Tensor transformed(Graph g, Tensor hidden) {
    if (projections.size() < 2) {
      // T5ForConditionalGeneration.forward: sequence_output * (self.model_dim**-0.5).
      return settings.code().end().scales()
          ? Pointwise.scale(g, hidden, "scaled hidden states")
          : hidden.hold();
    }
    Tensor activated = hidden.hold();
    for (Projection each : projections.subList(0, projections.size() - 1)) {
      Tensor dense = g.rebind(activated, each.forward(g, activated));
      activated = g.rebind(dense, Activations.apply(g, head.transform().activation(), dense));
    }
    if (norm == null) {
      return activated;
    }
    return g.rebind(activated, norm.forward(g, activated));
  }

  /**
   * Takes over the input, which offloading leaves on the GPU: it is needed at once
   * (trl/models/activation_offloading.py, get_act_offloading_ctx_manager).
   */
  private Tensor last(Graph g, Tensor input) {
    boolean offloads = g.offloadSaved(false);
    Tensor logits =
        head.logits().normalised()
            ? normalised(g, input)
            : projections.get(projections.size() - 1).forward(g, input);
    g.offloadSaved(offloads);
    g.release(input);
    return logits;
  }

  /**
   * {@code F.linear(hidden, weight / (norm(weight, dim=0) + 1e-7).detach())}
   * (modeling_bailing_moe.py BailingMoeForCausalLM.compute_logit); autocast has the norm in fp32,
   * and the quotient with it.
   */
  private Tensor normalised(Graph g, Tensor input) {
    Tensor weight = lastWeight().value();
    DataType dtype = g.autocast() ? DataType.FP32 : weight.dtype();
    Linear linear = head.linears().get(head.linears().size() - 1);
    try (Scope scope = Scope.of(g)) {
      g.release(Pointwise.cast(g, weight, dtype, NORMALISED));
      Tensor lengths = scope.own(Pointwise.detached(g, linear.in(), dtype, "lengths of columns"));
      Tensor quotient = scope.own(Pointwise.div(g, weight, lengths, NORMALISED));
      Tensor matrix = scope.own(Matrix.castActivation(g, quotient));
      Tensor rows = scope.own(Matrix.castActivation(g, input));
      return Matrix.linear(
          g,
          rows,
          matrix,
          null,
          input.elements() / linear.in(),
          linear.out(),
          "logits",
          Category.LOGITS_AND_LOSS);
    }
  }

  private Tensor classify(Graph g, Tensor hidden) {
    if (projections.isEmpty()) {
      return ShapeOps.resized(g, hidden, settings.batch(), "logits");
    }
    if (head.reading() == Head.Reading.FIRST_TOKEN) {
      return last(g, ShapeOps.slice(g, hidden.hold(), hidden.elements() / settings.sequence()));
    }
    if (projections.size() == 1 || head.reading() == Head.Reading.EVERY_TOKEN) {
      Tensor all = last(g, projections.size() == 1 ? hidden.hold() : transformed(g, hidden));
      return g.rebind(
          all, ShapeOps.resized(g, all, all.elements() / settings.sequence(), "classifier logits"));
    }
    if (norm == null) {
      return last(g, pooled(g, hidden));
    }
    Tensor first = ShapeOps.slice(g, hidden.hold(), hidden.elements() / settings.sequence());
    return last(g, g.rebind(first, transformed(g, first)));
  }

  private static Tensor capped(Graph g, Tensor logits) {
    Tensor divided = g.rebind(logits, Pointwise.scale(g, logits, "logits"));
    try (Scope scope = Scope.of(g)) {
      Tensor tanh =
          scope.own(
              g.rebind(divided, Pointwise.savingResult(g, Aten.TANH, divided, "capped logits")));
      return Pointwise.scale(g, tanh, "logits");
    }
  }

  /**
   * The weight that makes the logits, for losses that never make them.
   *
   * @throws InputException when the model has none
   */
  Parameter lastWeight() {
    if (projections.isEmpty()) {
      throw InputError.about(JobKey.LOSS)
          .and(" is one that works on the output layer, but the model has none")
          .allowed(LossKernel.FULL)
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
    return ((DenseLinear) projections.get(projections.size() - 1).base()).weight();
  }
}
