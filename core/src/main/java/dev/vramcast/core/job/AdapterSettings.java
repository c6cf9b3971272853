package dev.vramcast.core.job;

import dev.vramcast.core.units.DataType;
import java.util.List;

/**
 * Adapters beside frozen weights.
 *
 * @param rank of the factors; 0 where the form has none
 * @param targets module names, or the single word {@code all-linear}; none where bare parameters
 *     alone have adapters
 * @param targetParameters bare parameters that have adapters too, by the end of their paths
 * @param modulesToSave modules trained in full beside the adapters
 * @param dtype of the adapter weights
 * @param kbitPrepare PEFT's {@code prepare_model_for_kbit_training} was run
 * @param blockSize features that one rotation turns; 0 where the form is none
 * @param feedforward ends of the paths of modules whose inputs are scaled, not their outputs
 */
public record AdapterSettings(
    int rank,
    double alpha,
    double dropout,
    List<String> targets,
    List<String> targetParameters,
    List<String> modulesToSave,
    DataType dtype,
    boolean kbitPrepare,
    AdapterForm form,
    int blockSize,
    List<String> feedforward) {

  public static final String ALL_LINEAR = "all-linear";

  /** Names of which a model that classifies has one. */
  public static final List<String> CLASS_HEADS = List.of("classifier", "score");

  public AdapterSettings {
    targets = List.copyOf(targets);
    targetParameters = List.copyOf(targetParameters);
    modulesToSave = List.copyOf(modulesToSave);
    feedforward = List.copyOf(feedforward);
  }

  /** With DoRA's magnitude vectors. */
  public boolean dora() {
    return form == AdapterForm.DORA;
  }

  public boolean allLinear() {
    return targets.contains(ALL_LINEAR);
  }

  /** Adapters of a form in fp32 on no module, save what is set. */
  public static Builder of(AdapterForm form) {
    return new Builder(form);
  }

  /** Adapters in fp32 on no module, save what is set. */
  public static final class Builder {

    private int rank;
    private double alpha;
    private double dropout;
    private List<String> targets = List.of();
    private List<String> targetParameters = List.of();
    private List<String> modulesToSave = List.of();
    private DataType dtype = DataType.FP32;
    private boolean kbitPrepare;
    private final AdapterForm form;
    private int blockSize;
    private List<String> feedforward = List.of();

    private Builder(AdapterForm form) {
      this.form = form;
    }

    public Builder rank(int value) {
      this.rank = value;
      return this;
    }

    public Builder alpha(double value) {
      this.alpha = value;
      return this;
    }

    public Builder dropout(double value) {
      this.dropout = value;
      return this;
    }

    public Builder targets(List<String> value) {
      this.targets = value;
      return this;
    }

    public Builder targetParameters(List<String> value) {
      this.targetParameters = value;
      return this;
    }

    public Builder modulesToSave(List<String> value) {
      this.modulesToSave = value;
      return this;
    }

    public Builder dtype(DataType value) {
      this.dtype = value;
      return this;
    }

    public Builder kbitPrepare(boolean value) {
      this.kbitPrepare = value;
      return this;
    }

    public Builder blockSize(int value) {
      this.blockSize = value;
      return this;
    }

    public Builder feedforward(List<String> value) {
      this.feedforward = value;
      return this;
    }

    public AdapterSettings build() {
      return new AdapterSettings(
          rank,
          alpha,
          dropout,
          targets,
          targetParameters,
          modulesToSave,
          dtype,
          kbitPrepare,
          form,
          blockSize,
          feedforward);
    }
  }
}
