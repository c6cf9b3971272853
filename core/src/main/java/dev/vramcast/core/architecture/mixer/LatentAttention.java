package dev.vramcast.core.architecture.mixer;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head latent attention (DeepSeek V2 and V3): keys and values come from one low-rank vector.
 *
 * @param query the plain projection, or the low-rank pair {@code q_a_proj}, {@code q_b_proj}
 * @param queryNorm between the pair
 * @param keyValueDown {@code kv_a_proj_with_mqa}: latent and rotary key together
 * @param nopeSize features of a query or key head without rotary
 * @param ropeSize features with rotary
 * @param valueSize features of a value head
 * @param rotated queries and keys are turned by their positions
 * @param gate whose sigmoid in fp32, one number a head, is a factor of what was attended (Ling 3)
 * @param gatedQuery the second projection of the query reads what the first one gives before its
 *     norm too, and gives gates of what was attended beside the query (A.X K2)
 * @param choice which tokens a query sees; empty for all before it
 */
public record LatentAttention(
    int heads,
    int nopeSize,
    int ropeSize,
    int valueSize,
    int keyValueRank,
    List<Linear> query,
    Optional<Norm> queryNorm,
    Linear keyValueDown,
    Norm keyValueNorm,
    Linear keyValueUp,
    Linear output,
    boolean rotated,
    Optional<Linear> gate,
    boolean gatedQuery,
    Optional<TokenChoice> choice)
    implements TokenMixer {

  public LatentAttention {
    query = List.copyOf(query);
  }

  @Override
  public List<Linear> linears() {
    List<Linear> all = new ArrayList<>(query);
    all.add(keyValueDown);
    all.add(keyValueUp);
    all.add(output);
    gate.ifPresent(all::add);
    indexer().ifPresent(each -> all.addAll(each.linears()));
    return all;
  }

  /** What chooses tokens in this layer. */
  public Optional<Indexer> indexer() {
    return choice.flatMap(TokenChoice::indexer);
  }

  @Override
  public List<Norm> norms() {
    List<Norm> all = new ArrayList<>();
    queryNorm.ifPresent(all::add);
    all.add(keyValueNorm);
    indexer().ifPresent(each -> all.add(each.keyNorm()));
    return all;
  }

  @Override
  public List<ParameterTensor> others() {
    return List.of();
  }

  /** Latent attention without a norm of the query, save what is set. */
  public static Builder builder() {
    return new Builder();
  }

  /** This attention, save what is set. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Latent attention without a norm of the query, save what is set. */
  public static final class Builder {

    private @Nullable Integer heads;
    private @Nullable Integer nopeSize;
    private @Nullable Integer ropeSize;
    private @Nullable Integer valueSize;
    private @Nullable Integer keyValueRank;
    private @Nullable List<Linear> query;
    private Optional<Norm> queryNorm = Optional.empty();
    private @Nullable Linear keyValueDown;
    private @Nullable Norm keyValueNorm;
    private @Nullable Linear keyValueUp;
    private @Nullable Linear output;
    private boolean rotated = true;
    private Optional<Linear> gate = Optional.empty();
    private boolean gatedQuery;
    private Optional<TokenChoice> choice = Optional.empty();

    private Builder() {}

    private Builder(LatentAttention given) {
      this.heads = given.heads();
      this.nopeSize = given.nopeSize();
      this.ropeSize = given.ropeSize();
      this.valueSize = given.valueSize();
      this.keyValueRank = given.keyValueRank();
      this.query = given.query();
      this.queryNorm = given.queryNorm();
      this.keyValueDown = given.keyValueDown();
      this.keyValueNorm = given.keyValueNorm();
      this.keyValueUp = given.keyValueUp();
      this.output = given.output();
      this.rotated = given.rotated();
      this.gate = given.gate();
      this.gatedQuery = given.gatedQuery();
      this.choice = given.choice();
    }

    public Builder heads(int value) {
      this.heads = value;
      return this;
    }

    public Builder nopeSize(int value) {
      this.nopeSize = value;
      return this;
    }

    public Builder ropeSize(int value) {
      this.ropeSize = value;
      return this;
    }

    public Builder valueSize(int value) {
      this.valueSize = value;
      return this;
    }

    public Builder keyValueRank(int value) {
      this.keyValueRank = value;
      return this;
    }

    public Builder query(List<Linear> value) {
      this.query = value;
      return this;
    }

    public Builder queryNorm(Optional<Norm> value) {
      this.queryNorm = value;
      return this;
    }

    public Builder keyValueDown(Linear value) {
      this.keyValueDown = value;
      return this;
    }

    public Builder keyValueNorm(Norm value) {
      this.keyValueNorm = value;
      return this;
    }

    public Builder keyValueUp(Linear value) {
      this.keyValueUp = value;
      return this;
    }

    public Builder output(Linear value) {
      this.output = value;
      return this;
    }

    public Builder rotated(boolean value) {
      this.rotated = value;
      return this;
    }

    public Builder gate(Optional<Linear> value) {
      this.gate = value;
      return this;
    }

    public Builder gatedQuery(boolean value) {
      this.gatedQuery = value;
      return this;
    }

    public Builder choice(Optional<TokenChoice> value) {
      this.choice = value;
      return this;
    }

    /**
     * The value of all parts.
     *
     * @throws NullPointerException naming a part that has no default and is not set
     */
    public LatentAttention build() {
      return new LatentAttention(
          Objects.requireNonNull(heads, "heads"),
          Objects.requireNonNull(nopeSize, "nopeSize"),
          Objects.requireNonNull(ropeSize, "ropeSize"),
          Objects.requireNonNull(valueSize, "valueSize"),
          Objects.requireNonNull(keyValueRank, "keyValueRank"),
          Objects.requireNonNull(query, "query"),
          queryNorm,
          Objects.requireNonNull(keyValueDown, "keyValueDown"),
          Objects.requireNonNull(keyValueNorm, "keyValueNorm"),
          Objects.requireNonNull(keyValueUp, "keyValueUp"),
          Objects.requireNonNull(output, "output"),
          rotated,
          gate,
          gatedQuery,
          choice);
    }
  }
}
