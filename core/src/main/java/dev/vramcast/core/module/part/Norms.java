package dev.vramcast.core.module.part;

import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.LayerNormCode;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Compiled;
import dev.vramcast.core.autograd.op.FusedOps;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.option.LigerKernel;
import dev.vramcast.core.module.linear.LowRankGate;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.units.DataType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A normalisation module with its parameters. */
public final class Norms implements FinalStage {

  private static final String WEIGHT = ".weight";

  private final Norm norm;
  private final ModuleScope scope;
  private final StepSettings settings;

  /** Null where the norm has none, as is the bias. */
  private final @Nullable Parameter weight;

  private final @Nullable Parameter bias;

  private final LayerNormCode layerNormCode;
  private final boolean ofHeads;

  /** Scales what it gives; null where nothing does. */
  private final @Nullable LowRankGate gate;

  /**
   * A norm.
   *
   * @param layerNormCode how it is written where it is a layer norm
   */
  Norms(
      Norm norm,
      ModuleScope scope,
      StepSettings settings,
      @Nullable Parameter weight,
      @Nullable Parameter bias,
      LayerNormCode layerNormCode) {
    this(norm, scope, settings, weight, bias, layerNormCode, false, null);
  }

  private Norms(
      Norm norm,
      ModuleScope scope,
      StepSettings settings,
      @Nullable Parameter weight,
      @Nullable Parameter bias,
      LayerNormCode layerNormCode,
      boolean ofHeads,
      @Nullable LowRankGate gate) {
    this.norm = norm;
    this.scope = scope;
    this.settings = settings;
    this.weight = weight;
    this.bias = bias;
    this.layerNormCode = layerNormCode;
    this.ofHeads = ofHeads;
    this.gate = gate;
  }

  /** The same norm, of queries or keys. */
  public Norms ofHeads() {
    return new Norms(norm, scope, settings, weight, bias, layerNormCode, true, gate);
  }

  /** The same norm, of whose result a gate is made that scales it. */
  public Norms gatedBy(LowRankGate other) {
    return new Norms(norm, scope, settings, weight, bias, layerNormCode, ofHeads, other);
  }

  /** Where the code of a norm is. */
  static ModuleScope scope(ModuleScope parent, Norm norm) {
    String name = norm.name();
    String path = name.endsWith(WEIGHT) ? name.substring(0, name.length() - WEIGHT.length()) : name;
    return norm.type() == Norm.Type.LAYER
        ? parent.library(path, "torch/nn/modules/normalization.py LayerNorm.forward")
        : parent.own(path, "RMSNorm.forward");
  }

  /** The weight, or null when the norm has none. */
  public @Nullable Tensor weight() {
    return weight == null ? null : weight.value();
  }

  /** The weight of a kind of norm that always has one. */
  private Tensor ownWeight() {
    return Objects.requireNonNull(weight).value();
  }

  /** Normalises rows of {@code norm.size()} features; the argument stays the caller's. */
  @Override
  public Tensor forward(Graph g, Tensor x) {
    Tensor normalised = inFrame(g, x);
    return gate == null ? normalised : g.rebind(normalised, gate.forward(g, normalised));
  }

  private Tensor inFrame(Graph g, Tensor x) {
    try (Scope frame = Scope.of(g, scope)) {
      return frame.result(normalised(g, x));
    }
  }

  private Tensor normalised(Graph g, Tensor x) {
    long rows = x.elements() / norm.size() * norm.groups();
    if (norm.type() == Norm.Type.LAYER) {
      return layerNorm(g, x, rows);
    }
    if (norm.type() == Norm.Type.SCALE) {
      return Pointwise.mulByWeight(g, ownWeight(), x, "scaled outputs");
    }
    if (norm.type() == Norm.Type.GATE) {
      return gatedByNumber(g, x);
    }
    if (reachedByLiger() && norm.type() != Norm.Type.RMS_BY_OWN_DTYPE) {
      return FusedOps.rmsNorm(g, x, weight(), rows, settings.liger().normsInPlace());
    }
    if (settings.framework().is(LayerCode.TORCH_NORM) && weight != null) {
      return torch(g, x, rows);
    }
    return switch (norm.type()) {
      case RMS -> llama(g, x, rows, false);
      case RMS_WEIGHT_IN_FP32, RMS_KEPT_IN_FP32, RMS_BY_POWER -> llama(g, x, rows, true);
      case RMS_ONE_PLUS_WEIGHT -> gemma(g, x, rows);
      case RMS_OF_INPUT -> ofInput(g, x, rows);
      case RMS_BY_OWN_DTYPE -> byOwnDtype(g, x, rows);
      case LAYER, SCALE, GATE -> throw new IllegalStateException("handled above");
    };
  }

  private boolean reachedByLiger() {
    return settings.liger().runs(LigerKernel.RMS_NORM)
        && (!ofHeads || settings.liger().reachesHeadNorms());
  }

  /** transformers MllamaCrossAttentionDecoderLayer: {@code gate.tanh() * hidden_states}. */
  private Tensor gatedByNumber(Graph g, Tensor x) {
    try (Scope scope = Scope.of(g)) {
      Tensor gate = scope.own(Pointwise.savingResult(g, Aten.TANH, ownWeight(), "gates"));
      return Pointwise.mulByWeight(g, gate, x, "gated outputs");
    }
  }

  /** transformers LlamaRMSNorm; OLMo 2 and gpt-oss multiply by the weight before casting back. */
  private Tensor llama(Graph g, Tensor x, long rows, boolean weightInFp32) {
    Tensor wide = Pointwise.cast(g, x, DataType.FP32, "norm inputs in fp32");
    Tensor normalised = g.rebind(wide, normalise(g, wide, rows));
    if (weight == null) {
      return g.rebind(normalised, Pointwise.cast(g, normalised, x.dtype(), "norm outputs"));
    }
    if (weightInFp32) {
      Tensor weighted =
          Pointwise.mulByWeight(g, weight.value(), normalised, "norm outputs in fp32");
      try (Scope scope = Scope.of(g)) {
        scope.own(weighted, normalised);
        return Pointwise.cast(g, weighted, x.dtype(), "norm outputs");
      }
    }
    Tensor narrow = Pointwise.cast(g, normalised, x.dtype(), "normalised");
    try (Scope scope = Scope.of(g)) {
      scope.own(narrow, normalised);
      return Pointwise.mulByWeight(g, weight.value(), narrow, "norm outputs");
    }
  }

  /**
   * {@code F.rms_norm}: one kernel, or the operations that make it up (aten/src/ATen/native/
   * layer_norm.cpp, rms_norm_symint), of which a compiled graph always consists.
   */
  private Tensor torch(Graph g, Tensor x, long rows) {
    return settings.hasNormKernel() && !Compiled.isRunning(g)
        ? FusedOps.rmsNormKernel(g, x, ownWeight(), rows)
        : llama(g, x, rows, true);
  }

  /** transformers T5LayerNorm. */
  private Tensor ofInput(Graph g, Tensor x, long rows) {
    Tensor wide = Pointwise.cast(g, x, DataType.FP32, "norm inputs in fp32");
    Tensor inverse = g.rebind(wide, inverse(g, wide, rows));
    Tensor normalised = g.rebind(inverse, Pointwise.mul(g, x, inverse, "normalised in fp32"));
    DataType dtype = ownWeight().dtype();
    Tensor narrow = g.rebind(normalised, Pointwise.cast(g, normalised, dtype, "normalised"));
    return g.rebind(narrow, Pointwise.mulByWeight(g, ownWeight(), narrow, "norm outputs"));
  }

  /** transformers DeepseekV4UnweightedRMSNorm. */
  private Tensor byOwnDtype(Graph g, Tensor x, long rows) {
    Tensor wide = Pointwise.cast(g, x, DataType.FP32, "norm inputs in fp32");
    Tensor inverse = g.rebind(wide, inverse(g, wide, rows));
    Tensor narrow = g.rebind(inverse, Pointwise.cast(g, inverse, x.dtype(), "rstd"));
    return g.rebind(narrow, Pointwise.mul(g, x, narrow, "normalised"));
  }

  /** transformers GemmaRMSNorm. */
  private Tensor gemma(Graph g, Tensor x, long rows) {
    Tensor wide = Pointwise.cast(g, x, DataType.FP32, "norm inputs in fp32");
    Tensor normalised = g.rebind(wide, normalise(g, wide, rows));
    Tensor wideWeight = Pointwise.cast(g, ownWeight(), DataType.FP32, "norm weight in fp32");
    Tensor onePlus = Pointwise.scale(g, wideWeight, "norm weight in fp32");
    try (Scope scope = Scope.of(g)) {
      Tensor weighted = scope.own(Pointwise.mul(g, normalised, onePlus, "norm outputs in fp32"));
      g.release(wideWeight, onePlus);
      g.release(normalised);
      return Pointwise.cast(g, weighted, x.dtype(), "norm outputs");
    }
  }

  /**
   * transformers Qwen3NextRMSNormGated: as Llama's, times the SiLU of a gate in fp32. The arguments
   * stay the caller's.
   */
  public Tensor gated(Graph g, Tensor x, Tensor gate) {
    try (Scope frame = Scope.of(g, scope)) {
      return frame.result(timesGate(g, x, gate, false));
    }
  }

  /** As {@link #gated}, times the sigmoid of the gate (transformers KimiLinearRMSNormGated). */
  public Tensor gatedBySigmoid(Graph g, Tensor x, Tensor gate) {
    try (Scope frame = Scope.of(g, scope)) {
      return frame.result(timesGate(g, x, gate, true));
    }
  }

  private Tensor timesGate(Graph g, Tensor x, Tensor gate, boolean sigmoid) {
    long rows = x.elements() / norm.size();
    Tensor normalised =
        norm.type() == Norm.Type.RMS_WEIGHT_IN_FP32 ? wide(g, x, rows) : llama(g, x, rows, false);
    Tensor wideGate = Pointwise.cast(g, gate, DataType.FP32, "norm gates");
    Tensor activated =
        g.rebind(
            wideGate,
            sigmoid
                ? Pointwise.savingResult(g, Aten.SIGMOID, wideGate, "norm gates")
                : Pointwise.activation(g, Aten.SILU, wideGate, "norm gates"));
    Tensor product =
        g.rebind(
            normalised, activated, Pointwise.mul(g, normalised, activated, "norm outputs in fp32"));
    return g.rebind(product, Pointwise.cast(g, product, x.dtype(), "norm outputs"));
  }

  /** Times the weight in fp32, and not cast back. */
  private Tensor wide(Graph g, Tensor x, long rows) {
    Tensor wide = Pointwise.cast(g, x, DataType.FP32, "norm inputs in fp32");
    Tensor normalised = g.rebind(wide, normalise(g, wide, rows));
    Tensor factors = Pointwise.cast(g, ownWeight(), DataType.FP32, "norm weights in fp32");
    return g.rebind(
        normalised, factors, Pointwise.mulByWeight(g, factors, normalised, "norm outputs in fp32"));
  }

  /**
   * transformers GraniteMoeHybridRMSNormGated and its likes: what is normalised is the product with
   * the SiLU of a gate, in groups of features. The arguments stay the caller's.
   */
  public Tensor gatedBefore(Graph g, Tensor x, Tensor gate, long groups) {
    try (Scope frame = Scope.of(g, scope)) {
      return frame.result(normalisedProduct(g, x, gate, groups));
    }
  }

  private Tensor normalisedProduct(Graph g, Tensor x, Tensor gate, long groups) {
    Tensor wide = Pointwise.cast(g, x, DataType.FP32, "norm inputs in fp32");
    Tensor wideGate = Pointwise.cast(g, gate, DataType.FP32, "norm gates");
    Tensor activated =
        g.rebind(wideGate, Pointwise.activation(g, Aten.SILU, wideGate, "norm gates"));
    Tensor product =
        g.rebind(wide, activated, Pointwise.mul(g, wide, activated, "norm inputs in fp32"));
    Tensor normalised =
        g.rebind(product, normalise(g, product, groups * (x.elements() / norm.size())));
    Tensor narrow = g.rebind(normalised, Pointwise.cast(g, normalised, x.dtype(), "normalised"));
    return g.rebind(narrow, Pointwise.mulByWeight(g, ownWeight(), narrow, "norm outputs"));
  }

  private Tensor normalise(Graph g, Tensor wide, long rows) {
    Tensor inverse = inverse(g, wide, rows);
    return g.rebind(inverse, Pointwise.mul(g, wide, inverse, "normalised in fp32"));
  }

  private Tensor inverse(Graph g, Tensor wide, long rows) {
    Tensor square = Pointwise.square(g, wide, "squares");
    Tensor mean = g.rebind(square, Matrix.rowMean(g, square, rows, "variance"));
    Tensor shifted = g.rebind(mean, Pointwise.scale(g, mean, "variance"));
    boolean byPower =
        norm.type() == Norm.Type.RMS_BY_POWER && settings.code().version().atLeast(5, 5);
    return g.rebind(
        shifted,
        byPower ? Matrix.inverseRoot(g, shifted, "rstd") : Matrix.rsqrt(g, shifted, "rstd"));
  }

  /** {@code nn.LayerNorm}; autocast runs it in fp32. */
  private Tensor layerNorm(Graph g, Tensor x, long rows) {
    return switch (layerNormCode) {
      case FUSED -> fusedLayerNorm(g, x, rows, weight());
      case CAST_BACK -> castBack(g, x, rows);
      case WRITTEN_OUT -> writtenOut(g, x, rows);
      case FUSED_IN_FP32 -> layerNormInFp32(g, x, rows);
      case ONE_PLUS_WEIGHT -> onePlusWeight(g, x, rows);
      case DIVIDED -> divided(g, x, rows);
    };
  }

  /** transformers CohereLayerNorm: mean, variance and weight in fp32, one operation each. */
  private Tensor writtenOut(Graph g, Tensor x, long rows) {
    Tensor wide = Pointwise.cast(g, x, DataType.FP32, "norm inputs in fp32");
    try (Scope scope = Scope.of(g)) {
      Tensor mean = scope.own(Matrix.rowMean(g, wide, rows, "mean"));
      Tensor centred = Pointwise.add(g, wide, mean, "centred in fp32");
      Tensor square = g.rebind(centred, Pointwise.square(g, centred, "squares"));
      Tensor variance = scope.own(g.rebind(square, Matrix.rowMean(g, square, rows, "variance")));
      Tensor again = Pointwise.add(g, wide, mean, "centred in fp32");
      Tensor shifted = Pointwise.scale(g, variance, "variance");
      Tensor inverse = g.rebind(shifted, Matrix.rsqrt(g, shifted, "rstd"));
      Tensor normalised =
          g.rebind(again, inverse, Pointwise.mul(g, again, inverse, "normalised in fp32"));
      g.release(wide);
      Tensor wideWeight = Pointwise.cast(g, ownWeight(), DataType.FP32, "norm weight in fp32");
      Tensor weighted =
          scope.own(
              g.rebind(
                  wideWeight,
                  normalised,
                  Pointwise.mul(g, wideWeight, normalised, "norm outputs in fp32")));
      return Pointwise.cast(g, weighted, x.dtype(), "norm outputs");
    }
  }

  /** transformers DebertaLayerNorm: mean, variance and their quotient in fp32. */
  private Tensor divided(Graph g, Tensor x, long rows) {
    try (Scope scope = Scope.of(g)) {
      Tensor wide = scope.own(Pointwise.cast(g, x, DataType.FP32, "norm inputs in fp32"));
      Tensor mean = scope.own(Matrix.rowMean(g, wide, rows, "mean"));
      Tensor centred = Pointwise.add(g, wide, mean, "centred in fp32");
      Tensor square = g.rebind(centred, Pointwise.square(g, centred, "squares"));
      Tensor variance = scope.own(g.rebind(square, Matrix.rowMean(g, square, rows, "variance")));
      Tensor again = Pointwise.add(g, wide, mean, "centred in fp32");
      Tensor shifted = Pointwise.scale(g, variance, "variance");
      Tensor root = g.rebind(shifted, Pointwise.savingResult(g, Aten.SQRT, shifted, "deviation"));
      Tensor quotient =
          g.rebind(again, root, Pointwise.quotient(g, again, root, "normalised in fp32"));
      Tensor narrow = Pointwise.cast(g, quotient, x.dtype(), "normalised");
      scope.own(g.rebind(quotient, narrow));
      Tensor weighted = Pointwise.mulByWeight(g, ownWeight(), narrow, "norm outputs");
      Tensor shift = Objects.requireNonNull(bias).value();
      return g.rebind(weighted, Pointwise.add(g, weighted, shift, "norm outputs"));
    }
  }

  /** transformers DbrxNormAttentionNorm. */
  private Tensor castBack(Graph g, Tensor x, long rows) {
    Tensor normalised = fusedLayerNorm(g, x, rows, weight());
    return g.rebind(normalised, Pointwise.cast(g, normalised, x.dtype(), "norm outputs"));
  }

  /** transformers OlmoLayerNorm. */
  private Tensor layerNormInFp32(Graph g, Tensor x, long rows) {
    Tensor wide = Pointwise.cast(g, x, DataType.FP32, "norm inputs in fp32");
    Tensor normalised = g.rebind(wide, fusedLayerNorm(g, wide, rows, weight()));
    return g.rebind(normalised, Pointwise.cast(g, normalised, x.dtype(), "norm outputs"));
  }

  /** transformers NemotronLayerNorm1P: autocast's casts are made, then it is left. */
  private Tensor onePlusWeight(Graph g, Tensor x, long rows) {
    try (Scope scope = Scope.of(g)) {
      Tensor onePlus = scope.own(Pointwise.scale(g, ownWeight(), "norm weight"));
      Tensor matrix = scope.own(Matrix.castActivation(g, onePlus));
      Tensor input = scope.own(Pointwise.lowered(g, x));
      Tensor offset = scope.ownIfAny(bias == null ? null : Matrix.castActivation(g, bias.value()));
      return FusedOps.layerNorm(g, input, matrix, offset, rows);
    }
  }

  private Tensor fusedLayerNorm(Graph g, Tensor x, long rows, @Nullable Tensor weight) {
    try (Scope scope = Scope.of(g)) {
      Tensor input = scope.own(Pointwise.widened(g, x, "norm inputs in fp32"));
      Tensor gain = scope.ownIfAny(widened(g, weight));
      Tensor shift = scope.ownIfAny(widened(g, bias == null ? null : bias.value()));
      return FusedOps.layerNorm(g, input, gain, shift, rows);
    }
  }

  private static @Nullable Tensor widened(Graph g, @Nullable Tensor parameter) {
    return parameter == null ? null : Pointwise.widened(g, parameter, "norm weight in fp32");
  }
}
