package dev.vramcast.core.architecture.mlp;

import dev.vramcast.core.architecture.tensor.Linear;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Routed experts, each an MLP of its own, of which every token visits {@code topK}.
 *
 * @param router from the hidden size to one score an expert
 * @param experts number of routed experts
 * @param hiddenSize input and output features of an expert
 * @param intermediateSize features inside an expert
 * @param gated whether an expert has gate and up, or up alone
 * @param expertBias whether the experts' projections have biases (gpt-oss)
 * @param names how the modeling code calls an expert's projections
 * @param shared an MLP that every token visits as well
 * @param tableRows tokens of a vocabulary that each have their experts in a table, whatever their
 *     scores are; 0 where scores choose
 * @param sharedGate one score that scales the shared MLP's output (Qwen2-MoE)
 * @param normalised the weights of a token's experts are divided by their sum, where they are those
 *     of a softmax over all
 * @param balance whether the model's config has a loss that balances experts, and weighs it
 */
public record MixtureOfExperts(
    Linear router,
    Scoring scoring,
    int experts,
    int topK,
    long hiddenSize,
    long intermediateSize,
    boolean gated,
    boolean expertBias,
    Activation activation,
    ExpertNames names,
    Optional<GatedMlp> shared,
    Optional<Linear> sharedGate,
    long tableRows,
    boolean normalised,
    Balance balance)
    implements Mlp {

  /** How scores become weights. */
  public enum Scoring {
    /** Softmax over all experts, then the best {@code topK}. */
    SOFTMAX,
    /** The best {@code topK} scores, then softmax over those (gpt-oss, Granite). */
    SOFTMAX_OF_TOP_K,
    /** Sigmoid with a correction bias held in a buffer (DeepSeek V3, GLM-4.5). */
    SIGMOID,
    /** The same, whose weights are made those of the hidden states' dtype (Laguna). */
    SIGMOID_MADE_NARROW,
    /** The same, divided by their sum, which autocast makes fp32 and them with it (LFM2 MoE). */
    SIGMOID_MADE_WIDE,
    /** The best {@code topK} scores with such a bias, then the sigmoid of those (Kolibri 1). */
    SIGMOID_OF_TOP_K,
    /** The square root of softplus with such a bias, gathered by the choice (DeepSeek-V4). */
    SQRT_SOFTPLUS
  }

  /** The loss that balances experts ({@code router_aux_loss_coef} of a config). */
  public enum Balance {
    /** There is none. */
    NONE,
    /** The config sets its weight to 0. */
    UNWEIGHED,
    /** It has a weight. */
    WEIGHED
  }

  /**
   * Names of the projections.
   *
   * @param block path of the MoE block below the layer, e.g. {@code block_sparse_moe}
   * @param gate last name of an expert's projection, e.g. {@code w1}; path of the tensor of all
   *     experts below the block when {@code alwaysFused}, e.g. {@code experts.gate_up_proj}
   * @param up as {@code gate}, and equal to it when one tensor holds both
   * @param down as {@code gate}
   * @param alwaysFused the model was never written with one module an expert (gpt-oss, Llama 4)
   */
  public record ExpertNames(
      String block, String gate, String up, String down, boolean alwaysFused) {

    /** The same in a block of another path. */
    public ExpertNames in(String path) {
      return new ExpertNames(path, gate, up, down, alwaysFused);
    }
  }

  /** The parameter of all experts' gates and ups where they are stacked, within a layer. */
  public String upParameter() {
    return names.block() + (gated ? ".experts.gate_up_proj" : ".experts.up_proj");
  }

  /** The parameter of all experts' projections back, as {@link #upParameter}. */
  public String downParameter() {
    return names.block() + ".experts.down_proj";
  }

  /** Elements of one expert's projections. */
  public long expertParameterCount() {
    long in = (gated ? 2 : 1) * intermediateSize;
    long bias = expertBias ? in + hiddenSize : 0;
    return Math.multiplyExact(hiddenSize, in + intermediateSize) + bias;
  }

  @Override
  public long parameterCount() {
    long beside =
        router.parameterCount()
            + shared.map(GatedMlp::parameterCount).orElse(0L)
            + sharedGate.map(Linear::parameterCount).orElse(0L);
    return Math.addExact(Math.multiplyExact(experts, expertParameterCount()), beside);
  }

  /** Gated experts without biases and without a shared MLP, save what is set. */
  public static Builder builder() {
    return new Builder();
  }

  /** This mixture, save what is set. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Gated experts without biases and without a shared MLP, save what is set. */
  public static final class Builder {

    private @Nullable Linear router;
    private @Nullable Scoring scoring;
    private @Nullable Integer experts;
    private @Nullable Integer topK;
    private @Nullable Long hiddenSize;
    private @Nullable Long intermediateSize;
    private boolean gated = true;
    private boolean expertBias;
    private @Nullable Activation activation;
    private @Nullable ExpertNames names;
    private Optional<GatedMlp> shared = Optional.empty();
    private Optional<Linear> sharedGate = Optional.empty();
    private long tableRows;
    private boolean normalised = true;
    private Balance balance = Balance.NONE;

    private Builder() {}

    private Builder(MixtureOfExperts given) {
      this.router = given.router();
      this.scoring = given.scoring();
      this.experts = given.experts();
      this.topK = given.topK();
      this.hiddenSize = given.hiddenSize();
      this.intermediateSize = given.intermediateSize();
      this.gated = given.gated();
      this.expertBias = given.expertBias();
      this.activation = given.activation();
      this.names = given.names();
      this.shared = given.shared();
      this.sharedGate = given.sharedGate();
      this.tableRows = given.tableRows();
      this.normalised = given.normalised();
      this.balance = given.balance();
    }

    public Builder router(Linear value) {
      this.router = value;
      return this;
    }

    public Builder scoring(Scoring value) {
      this.scoring = value;
      return this;
    }

    public Builder experts(int value) {
      this.experts = value;
      return this;
    }

    public Builder topK(int value) {
      this.topK = value;
      return this;
    }

    public Builder hiddenSize(long value) {
      this.hiddenSize = value;
      return this;
    }

    public Builder intermediateSize(long value) {
      this.intermediateSize = value;
      return this;
    }

    public Builder gated(boolean value) {
      this.gated = value;
      return this;
    }

    public Builder expertBias(boolean value) {
      this.expertBias = value;
      return this;
    }

    public Builder activation(Activation value) {
      this.activation = value;
      return this;
    }

    public Builder names(ExpertNames value) {
      this.names = value;
      return this;
    }

    public Builder shared(Optional<GatedMlp> value) {
      this.shared = value;
      return this;
    }

    public Builder sharedGate(Optional<Linear> value) {
      this.sharedGate = value;
      return this;
    }

    public Builder tableRows(long value) {
      this.tableRows = value;
      return this;
    }

    public Builder normalised(boolean value) {
      this.normalised = value;
      return this;
    }

    public Builder balance(Balance value) {
      this.balance = value;
      return this;
    }

    /**
     * The value of all parts.
     *
     * @throws NullPointerException naming a part that has no default and is not set
     */
    public MixtureOfExperts build() {
      return new MixtureOfExperts(
          Objects.requireNonNull(router, "router"),
          Objects.requireNonNull(scoring, "scoring"),
          Objects.requireNonNull(experts, "experts"),
          Objects.requireNonNull(topK, "topK"),
          Objects.requireNonNull(hiddenSize, "hiddenSize"),
          Objects.requireNonNull(intermediateSize, "intermediateSize"),
          gated,
          expertBias,
          Objects.requireNonNull(activation, "activation"),
          Objects.requireNonNull(names, "names"),
          shared,
          sharedGate,
          tableRows,
          normalised,
          balance);
    }
  }
}
