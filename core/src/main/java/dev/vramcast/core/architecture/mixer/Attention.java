package dev.vramcast.core.architecture.mixer;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.units.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head attention with {@code kvHeads} key and value heads (grouped-query when fewer than
 * {@code heads}).
 *
 * @param qkv three projections, or one that yields all three ({@link #fusedQkv()}); query and key
 *     alone when values are the keys, query alone when another layer's keys are used (Gemma 4)
 * @param queryNorm over a head's features or over all of them, by its size
 * @param outputGate the query projection yields a gate for the output beside the query (Qwen3-Next)
 * @param gate the projection of its own that yields such a gate (AFMoE)
 * @param gating how a gate is made of it
 * @param slidingWindow tokens each query sees, 0 for all
 * @param logitSoftcap cap of the scores, 0 for none
 * @param sinks one learned score a head joins the softmax (gpt-oss) or scales what was attended
 *     (Granite SWA)
 * @param dropout probability on the attention weights
 * @param clipped query, key and value are clamped before they are rotated ({@code clip_qkv})
 * @param outputNorm of what was attended, before its projection (BitNet)
 * @param bias of the scores by position (T5)
 * @param distances the model's {@link DistanceTable}, with whose rows queries and keys are
 *     multiplied (DeBERTa V2)
 * @param blocks what hides blocks of keys from each query (MiniMax M3)
 * @param differential one softmax with half of the heads' values is taken from another with the
 *     other half's, weighed by what four learned vectors say (DiffLlama)
 * @param borrows releases in which keys and values are an earlier layer's, so that it has no
 *     projections and norm of its own for them, though checkpoints do (Gemma 3n)
 * @param handsOn releases in which the model names its keys and values while its layers run, for
 *     later ones to read (Gemma 3n and 4)
 */
public record Attention(
    int heads,
    int kvHeads,
    int headSize,
    List<Linear> qkv,
    Linear output,
    Optional<Norm> queryNorm,
    Optional<Norm> keyNorm,
    boolean outputGate,
    Optional<Linear> gate,
    Gating gating,
    Rotary rotary,
    int slidingWindow,
    double logitSoftcap,
    boolean sinks,
    double dropout,
    boolean clipped,
    Optional<Norm> outputNorm,
    Optional<PositionBias> bias,
    Optional<DistanceTable.Reading> distances,
    Optional<BlockChoice> blocks,
    boolean differential,
    Versions borrows,
    Versions handsOn)
    implements TokenMixer {

  /** The learned vectors of which differential attention makes its weight, of a head's size. */
  public static final List<String> DIFFERENCES =
      List.of("lambda_q1", "lambda_k1", "lambda_q2", "lambda_k2");

  public Attention {
    qkv = List.copyOf(qkv);
  }

  /** What a release makes of it. */
  public Attention in(Version release) {
    return borrows.contains(release)
        ? toBuilder().qkv(qkv.subList(0, 1)).keyNorm(Optional.empty()).build()
        : this;
  }

  /** True when one projection yields query, key and value together. */
  public boolean fusedQkv() {
    return qkv.size() == 1 && qkv.get(0).out() > (long) heads * headSize;
  }

  /** Features of a value head, which are not always a key's (MiMo V2). */
  public int valueSize() {
    return qkv.size() == 3 ? Math.toIntExact(qkv.get(2).out() / kvHeads) : headSize;
  }

  @Override
  public List<Linear> linears() {
    List<Linear> all = new ArrayList<>(qkv);
    gate.ifPresent(all::add);
    blocks.ifPresent(each -> all.addAll(each.linears()));
    distances.ifPresent(each -> all.addAll(each.own()));
    all.add(output);
    return all;
  }

  @Override
  public List<Norm> norms() {
    List<Norm> all = new ArrayList<>();
    queryNorm.ifPresent(all::add);
    keyNorm.ifPresent(all::add);
    outputNorm.ifPresent(all::add);
    blocks.ifPresent(each -> all.addAll(each.norms()));
    return all;
  }

  @Override
  public List<ParameterTensor> others() {
    if (sinks) {
      return List.of(
          new ParameterTensor("self_attn.sinks", List.of((long) heads), TensorGroup.ATTENTION));
    }
    if (distances.isPresent()) {
      return distances.get().biases();
    }
    return differential
        ? DIFFERENCES.stream().map(this::vector).toList()
        : bias.flatMap(PositionBias::table).stream().toList();
  }

  private ParameterTensor vector(String name) {
    return new ParameterTensor(
        "self_attn." + name, List.of((long) headSize), TensorGroup.ATTENTION);
  }

  /** Attention to all tokens, without norms, gate, cap, sinks and dropout, save what is set. */
  public static Builder builder() {
    return new Builder();
  }

  /** This attention, save what is set. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Attention to all tokens, without norms, gate, cap, sinks and dropout, save what is set. */
  public static final class Builder {

    private @Nullable Integer heads;
    private @Nullable Integer kvHeads;
    private @Nullable Integer headSize;
    private @Nullable List<Linear> qkv;
    private @Nullable Linear output;
    private Optional<Norm> queryNorm = Optional.empty();
    private Optional<Norm> keyNorm = Optional.empty();
    private boolean outputGate;
    private Optional<Linear> gate = Optional.empty();
    private Gating gating = Gating.SIGMOID_OF_FIRST;
    private @Nullable Rotary rotary;
    private int slidingWindow;
    private double logitSoftcap;
    private boolean sinks;
    private double dropout;
    private boolean clipped;
    private Optional<Norm> outputNorm = Optional.empty();
    private Optional<PositionBias> bias = Optional.empty();
    private Optional<DistanceTable.Reading> distances = Optional.empty();
    private Optional<BlockChoice> blocks = Optional.empty();
    private boolean differential;
    private Versions borrows = Versions.NONE;
    private Versions handsOn = Versions.NONE;

    private Builder() {}

    private Builder(Attention given) {
      this.heads = given.heads();
      this.kvHeads = given.kvHeads();
      this.headSize = given.headSize();
      this.qkv = given.qkv();
      this.output = given.output();
      this.queryNorm = given.queryNorm();
      this.keyNorm = given.keyNorm();
      this.outputGate = given.outputGate();
      this.gate = given.gate();
      this.gating = given.gating();
      this.rotary = given.rotary();
      this.slidingWindow = given.slidingWindow();
      this.logitSoftcap = given.logitSoftcap();
      this.sinks = given.sinks();
      this.dropout = given.dropout();
      this.clipped = given.clipped();
      this.outputNorm = given.outputNorm();
      this.bias = given.bias();
      this.distances = given.distances();
      this.blocks = given.blocks();
      this.differential = given.differential();
      this.borrows = given.borrows();
      this.handsOn = given.handsOn();
    }

    public Builder heads(int value) {
      this.heads = value;
      return this;
    }

    public Builder kvHeads(int value) {
      this.kvHeads = value;
      return this;
    }

    public Builder headSize(int value) {
      this.headSize = value;
      return this;
    }

    public Builder qkv(List<Linear> value) {
      this.qkv = value;
      return this;
    }

    public Builder output(Linear value) {
      this.output = value;
      return this;
    }

    public Builder queryNorm(Optional<Norm> value) {
      this.queryNorm = value;
      return this;
    }

    public Builder keyNorm(Optional<Norm> value) {
      this.keyNorm = value;
      return this;
    }

    public Builder outputGate(boolean value) {
      this.outputGate = value;
      return this;
    }

    public Builder gate(Optional<Linear> value) {
      this.gate = value;
      return this;
    }

    public Builder gating(Gating value) {
      this.gating = value;
      return this;
    }

    public Builder rotary(Rotary value) {
      this.rotary = value;
      return this;
    }

    public Builder slidingWindow(int value) {
      this.slidingWindow = value;
      return this;
    }

    public Builder logitSoftcap(double value) {
      this.logitSoftcap = value;
      return this;
    }

    public Builder sinks(boolean value) {
      this.sinks = value;
      return this;
    }

    public Builder dropout(double value) {
      this.dropout = value;
      return this;
    }

    public Builder clipped(boolean value) {
      this.clipped = value;
      return this;
    }

    public Builder outputNorm(Optional<Norm> value) {
      this.outputNorm = value;
      return this;
    }

    public Builder bias(PositionBias value) {
      this.bias = Optional.of(value);
      return this;
    }

    public Builder distances(DistanceTable.Reading value) {
      this.distances = Optional.of(value);
      return this;
    }

    public Builder blocks(BlockChoice value) {
      this.blocks = Optional.of(value);
      return this;
    }

    public Builder differential(boolean value) {
      this.differential = value;
      return this;
    }

    public Builder borrows(Versions value) {
      this.borrows = value;
      return this;
    }

    public Builder handsOn(Versions value) {
      this.handsOn = value;
      return this;
    }

    /**
     * The value of all parts.
     *
     * @throws NullPointerException naming a part that has no default and is not set
     */
    public Attention build() {
      return new Attention(
          Objects.requireNonNull(heads, "heads"),
          Objects.requireNonNull(kvHeads, "kvHeads"),
          Objects.requireNonNull(headSize, "headSize"),
          Objects.requireNonNull(qkv, "qkv"),
          Objects.requireNonNull(output, "output"),
          queryNorm,
          keyNorm,
          outputGate,
          gate,
          gating,
          Objects.requireNonNull(rotary, "rotary"),
          slidingWindow,
          logitSoftcap,
          sinks,
          dropout,
          clipped,
          outputNorm,
          bias,
          distances,
          blocks,
          differential,
          borrows,
          handsOn);
    }
  }
}
