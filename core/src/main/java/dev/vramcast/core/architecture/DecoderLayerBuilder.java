package dev.vramcast.core.architecture;

import dev.vramcast.core.architecture.mixer.TokenMixer;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Norm;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A sequential layer without norms, dropout and extras, save what is set. */
public final class DecoderLayerBuilder {

  private DecoderLayer.Wiring wiring = DecoderLayer.Wiring.SEQUENTIAL;
  private @Nullable TokenMixer mixer;
  private @Nullable Mlp mlp;
  private Optional<Norm> beforeMixer = Optional.empty();
  private Optional<Norm> afterMixer = Optional.empty();
  private Optional<Norm> beforeMlp = Optional.empty();
  private Optional<Norm> afterMlp = Optional.empty();
  private DecoderLayer.Dropout dropout = DecoderLayer.Dropout.NONE;
  private boolean scaledResidual;
  private LayerExtras extras = LayerExtras.NONE;

  DecoderLayerBuilder() {}

  DecoderLayerBuilder(DecoderLayer given) {
    this.wiring = given.wiring();
    this.mixer = given.mixer();
    this.mlp = given.mlp();
    this.beforeMixer = given.beforeMixer();
    this.afterMixer = given.afterMixer();
    this.beforeMlp = given.beforeMlp();
    this.afterMlp = given.afterMlp();
    this.dropout = given.dropout();
    this.scaledResidual = given.scaledResidual();
    this.extras = given.extras();
  }

  public DecoderLayerBuilder wiring(DecoderLayer.Wiring value) {
    this.wiring = value;
    return this;
  }

  public DecoderLayerBuilder mixer(TokenMixer value) {
    this.mixer = value;
    return this;
  }

  public DecoderLayerBuilder mlp(Mlp value) {
    this.mlp = value;
    return this;
  }

  public DecoderLayerBuilder beforeMixer(Optional<Norm> value) {
    this.beforeMixer = value;
    return this;
  }

  public DecoderLayerBuilder afterMixer(Optional<Norm> value) {
    this.afterMixer = value;
    return this;
  }

  public DecoderLayerBuilder beforeMlp(Optional<Norm> value) {
    this.beforeMlp = value;
    return this;
  }

  public DecoderLayerBuilder afterMlp(Optional<Norm> value) {
    this.afterMlp = value;
    return this;
  }

  public DecoderLayerBuilder residualDropout(double value) {
    return dropout(DecoderLayer.Dropout.ofBoth(value));
  }

  public DecoderLayerBuilder dropout(DecoderLayer.Dropout value) {
    this.dropout = value;
    return this;
  }

  public DecoderLayerBuilder scaledResidual(boolean value) {
    this.scaledResidual = value;
    return this;
  }

  public DecoderLayerBuilder extras(LayerExtras value) {
    this.extras = value;
    return this;
  }

  /**
   * The value of all parts.
   *
   * @throws NullPointerException naming a part that has no default and is not set
   */
  public DecoderLayer build() {
    return new DecoderLayer(
        wiring,
        Objects.requireNonNull(mixer, "mixer"),
        Objects.requireNonNull(mlp, "mlp"),
        beforeMixer,
        afterMixer,
        beforeMlp,
        afterMlp,
        dropout,
        scaledResidual,
        extras);
  }
}
