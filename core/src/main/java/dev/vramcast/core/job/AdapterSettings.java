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
}
